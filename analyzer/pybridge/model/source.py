"""What lies on disk or in an archive: the files of a library, as found, and the places of its symbols."""

from collections.abc import Mapping
from enum import Enum
from pathlib import Path

import msgspec

from pybridge.model.diagnostic import Diagnostic
from pybridge.model.library import Skip
from pybridge.model.names import Digest, ModuleName, SymbolPath
from pybridge.model.package import Package


class FileKind(Enum):
    """What a file of a library is."""

    SOURCE = "source"
    STUB = "stub"
    COMPILED = "compiled"
    CYTHON = "cython"
    """A ``.pyx`` beside the compiled module that was made of it; listed where neither source nor stub is there."""


class SourceFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file that makes a module; its text is read when needed."""

    module: ModuleName
    kind: FileKind
    is_package: bool
    """True for ``__init__``."""
    path: str
    """Relative to the root of its tree, with forward slashes; what diagnostics and source maps show."""
    location: Path
    """Where it is on this machine, or would be below its archive. Never leaves the process in a descriptor."""
    size_bytes: int
    mtime_ns: int
    data: bytes | None = None
    """What it holds, where it lies in an archive or a git object; None where it is read from ``location``."""


class SourceTree(msgspec.Struct, frozen=True, kw_only=True):
    """The files of one library."""

    name: str
    roots: tuple[ModuleName, ...]
    distribution: str | None
    version: str | None
    base: Path
    """The folder that importing starts from: a site-packages, or a source root."""
    search_paths: tuple[Path, ...]
    """Where other packages may be found: the base first, then what ``.pth`` files add, read as text."""
    files: tuple[SourceFile, ...]
    """Sorted by module, source before stub before compiled before Cython; at most one of each kind a module."""
    is_typed: bool
    """True when a ``py.typed`` marker is present."""
    package: Package = Package()
    """What metadata tells, the marker left out."""
    skipped: tuple[Skip, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


class Place(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where something is written."""

    path: str
    """As `SourceFile.path`."""
    line: int
    """Counted from 1."""
    column: int = 1
    """Counted from 1, in characters."""
    end_line: int = 0
    """0 when not known."""


class SourceMap(msgspec.Struct, frozen=True, kw_only=True):
    """Places of symbols. Travels beside the descriptor, outside its digest: moving code is not a change of API."""

    places: Mapping[SymbolPath, Place]
    digests: Mapping[str, Digest]
    """Content digest of each file by `SourceFile.path`."""
