"""What a generator decided to write: everything named and ordered, nothing rendered yet."""

import msgspec

from pybridge.model.diagnostic import Diagnostic
from pybridge.model.names import Digest, SymbolPath


class PlannedFile(msgspec.Struct, frozen=True, kw_only=True):
    """One file to write and the content its template needs."""

    path: str
    """Relative to the output folder, with forward slashes."""
    template: str
    """Name of the target's template."""
    content: object
    """A frozen Struct of the target; its template reads it by attribute."""
    symbols: tuple[SymbolPath, ...]
    """What of the library the file speaks for."""


class GenerationPlan(msgspec.Struct, frozen=True, kw_only=True):
    """All files of one generation."""

    target: str
    library: str
    descriptor_digest: Digest
    files: tuple[PlannedFile, ...]
    """Sorted by path."""
    diagnostics: tuple[Diagnostic, ...] = ()
    """What could not be generated, and why."""


class GeneratedFile(msgspec.Struct, frozen=True, kw_only=True):
    """A rendered file, not yet on disk."""

    path: str
    text: str
    digest: Digest
    symbols: tuple[SymbolPath, ...] = ()
