"""`Files`: what a library is read from."""

from collections.abc import Hashable
from pathlib import Path
from typing import Protocol

import msgspec

from pybridge.model.diagnostic import Severity


class Entry(msgspec.Struct, frozen=True):
    """A name in a folder."""

    name: str
    is_folder: bool
    """Of a link: what it leads to."""
    is_plain: bool = True
    """False for a link and the like: `Files.trouble` tells whether it may be followed."""


class Status(msgspec.Struct, frozen=True):
    """A file that may be read."""

    location: Path
    """With links followed; see `SourceFile.location`."""
    size_bytes: int
    mtime_ns: int
    """0 where files have no time."""


class Trouble(msgspec.Struct, frozen=True, kw_only=True):
    """Why something is not read."""

    code: str
    message: str
    severity: Severity = Severity.WARNING
    """`Severity.ERROR` where what is described is incomplete without it."""
    hint: str | None = None


class Files(Protocol):
    """A folder and what is below it. Paths are relative to it, with forward slashes; the empty one is the folder itself."""

    @property
    def location(self) -> Path:
        """Where it is, or would be below its archive."""

    def parent(self) -> "Files | None":
        """Return the folder above; None where nothing above belongs to the source."""

    def below(self, path: str) -> "Files":
        """Return a folder below."""

    def entries(self, path: str = "") -> tuple[Entry, ...]:
        """List a folder, sorted by name.

        Raises:
            SourceUnreadable: it is none, or may not be read.
        """

    def is_folder(self, path: str) -> bool:
        """Tell whether a folder is there, links followed."""

    def is_file(self, path: str) -> bool:
        """Tell whether a file is there, links followed."""

    def text(self, path: str) -> str | None:
        """Return a small file of metadata as text; None when it is not there or cannot be read."""

    def identity(self, path: str) -> Hashable:
        """Name a folder so that a link back to it is seen.

        Raises:
            SourceUnreadable: it may not be looked at.
        """

    def trouble(self, path: str, *, border: str) -> Trouble | None:
        """Tell why an entry that is not plain must not be followed; None where it stays below ``border``."""

    def status(self, path: str) -> Status | Trouble | None:
        """Look at a file; None where a folder has the name.

        Raises:
            SourceUnreadable: it may not be looked at.
        """

    def data(self, path: str) -> bytes | Trouble | None:
        """Return what a file holds where that is in memory; None where it is read from its location when needed."""
