"""What a run comes to, however it got there."""

from collections.abc import Mapping

import msgspec

from pybridge.codec import EncodedLibrary, digest
from pybridge.model.library import LibraryDescriptor, Target
from pybridge.model.names import Digest, ModuleName
from pybridge.model.overlays import Overlays
from pybridge.pipeline.incremental.state import State
from pybridge.pipeline.incremental.task import Work
from pybridge.pipeline.runs import Report
from pybridge.resolve.describe.ground import Outline
from pybridge.store.snapshots import Edit


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """A library, described."""

    library: EncodedLibrary
    report: Report
    work: Work
    state: State | None = None
    """For the next run; None when it could make no use of it."""
    edit: Edit | None = None
    """How it differs from the last one; None where that is not known."""
    descriptor: LibraryDescriptor | None = None
    """Whole, where it was made as a whole."""


def shape_of(
    target: Target,
    overlays: Overlays,
    outlines: Mapping[ModuleName, Outline],
    unread: frozenset[ModuleName],
    answered: frozenset[ModuleName],
) -> Digest:
    """Digest what describing a module may know of all: where it differs, every module is described again."""
    modules = [(name, msgspec.structs.astuple(one)) for name, one in sorted(outlines.items())]
    return digest((target, overlays, modules, sorted(unread), sorted(answered)))
