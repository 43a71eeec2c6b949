"""What a run comes to, however it got there, and how much of it was work."""

from collections.abc import Mapping

import msgspec

from pybridge.codec import EncodedLibrary, digest
from pybridge.model.library import LibraryDescriptor, Target
from pybridge.model.names import Digest, ModuleName
from pybridge.model.overlays import Overlays
from pybridge.model.source import SourceTree
from pybridge.pipeline.incremental.contents import Contents
from pybridge.pipeline.incremental.state import State
from pybridge.pipeline.runs import Report, RunKey
from pybridge.protocols import Progress
from pybridge.resolve.describe.ground import Outline
from pybridge.store.facts_cache import FactsCache
from pybridge.store.snapshots import Edit


class Work(msgspec.Struct, frozen=True, kw_only=True):
    """What a run had to do."""

    files: int
    """Of the library."""
    files_read: int = 0
    """Whose content was looked at, as the file system told of a change or could not have told."""
    files_parsed: int = 0
    modules: int = 0
    modules_typed: int = 0
    """About which the type engine said something that it had not said before."""
    modules_described: int = 0
    """The others were taken from the last run as they were."""
    is_engine_asked: bool = False


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


class Tally(msgspec.Struct):
    """Work that counts whether or not something came of it."""

    parsed: int = 0
    is_engine_asked: bool = False


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """What a run was asked, and what it may use."""

    tree: SourceTree
    """With what could not be read among its `SourceTree.skipped`."""
    target: Target
    overlays: Overlays
    contents: Contents
    key: RunKey
    cache: FactsCache
    engine_cache: str
    jobs: int
    progress: Progress
    tally: Tally


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
