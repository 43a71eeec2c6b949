"""Files that were read into memory, because where they come from nothing may be extracted."""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from pybridge.errors import SourceUnreadable
from pybridge.source.files.boundary import Entry, Status, Trouble


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """One file."""

    size_bytes: int
    data: bytes | None = None
    """None where nobody will ask what is in it, as of compiled modules."""
    trouble: Trouble | None = None
    """Why it cannot be read."""
    is_link: bool = False


class _Listing:
    """Members by path, and the folders that their paths make."""

    def __init__(self, members: Mapping[str, Member]) -> None:
        self.members = members
        self.folders: dict[str, dict[str, bool]] = {"": {}}
        self.told: set[str] = set()
        for path in members:
            self._add(path)

    def _add(self, path: str) -> None:
        folder, _, name = path.rpartition("/")
        self.folders.setdefault(folder, {}).setdefault(name, False)
        while folder:
            above, _, name = folder.rpartition("/")
            known = self.folders.setdefault(above, {})
            if known.get(name):
                return
            known[name] = True
            folder = above


class MemoryFiles:
    """A folder of members. Nothing in it leads anywhere: a link is told, never followed."""

    def __init__(self, location: Path, listing: _Listing, prefix: str = "") -> None:
        self.location = location
        self._listing = listing
        self._prefix = prefix

    @classmethod
    def of(cls, location: Path, members: Mapping[str, Member]) -> "MemoryFiles":
        """Make a folder of members by their paths in it; no path may stand for both a file and a folder."""
        return cls(location, _Listing(members))

    @property
    def told(self) -> frozenset[str]:
        """Members whose trouble somebody was told of, by their whole path."""
        return frozenset(self._listing.told)

    @property
    def prefix(self) -> str:
        """Path of this folder from the outermost one; empty for that itself."""
        return self._prefix

    def parent(self) -> "MemoryFiles | None":
        """Return the folder above; None for the outermost."""
        if not self._prefix:
            return None
        return MemoryFiles(self.location.parent, self._listing, self._prefix.rpartition("/")[0])

    def below(self, path: str) -> "MemoryFiles":
        """Return a folder below."""
        return MemoryFiles(self.location / path, self._listing, self._whole(path)) if path else self

    def entries(self, path: str = "") -> tuple[Entry, ...]:
        """List a folder, sorted by name; see `Files.entries`."""
        whole = self._whole(path)
        found = self._listing.folders.get(whole)
        if found is None:
            raise SourceUnreadable(self.location / path, "no such folder")
        members = self._listing.members
        return tuple(
            Entry(name, is_folder, is_folder or not members[_joined(whole, name)].is_link)
            for name, is_folder in sorted(found.items())
        )

    def is_folder(self, path: str) -> bool:
        """Tell whether a folder is there."""
        return self._whole(path) in self._listing.folders

    def is_file(self, path: str) -> bool:
        """Tell whether a file is there."""
        found = self._listing.members.get(self._whole(path))
        return found is not None and not found.is_link

    def text(self, path: str) -> str | None:
        """Return a file as text; None when it is not there or was not read."""
        found = self._listing.members.get(self._whole(path))
        return None if found is None or found.data is None else found.data.decode("utf-8", "replace")

    def identity(self, path: str) -> str:
        """Name a folder."""
        return self._whole(path)

    def trouble(self, path: str, *, border: str) -> Trouble | None:  # noqa: ARG002 - nothing is followed to any border
        """Tell why a link is not followed."""
        return self._tell(self._whole(path))

    def status(self, path: str) -> Status | Trouble | None:
        """Look at a file; see `Files.status`."""
        found = self._listing.members.get(self._whole(path))
        if found is None:
            return None
        return Status(self.location / path, found.size_bytes, 0)

    def data(self, path: str) -> bytes | Trouble | None:
        """Return what a file holds, or why that is not known."""
        whole = self._whole(path)
        return self._tell(whole) or self._listing.members[whole].data

    def _tell(self, whole: str) -> Trouble | None:
        found = self._listing.members.get(whole)
        if found is None or found.trouble is None:
            return None
        self._listing.told.add(whole)
        return found.trouble

    def _whole(self, path: str) -> str:
        return _joined(self._prefix, path) if path else self._prefix


def _joined(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name
