"""Files of a folder on disk."""

import os
import stat
from pathlib import Path

from pybridge.errors import SourceUnreadable
from pybridge.source.files.boundary import Entry, Status, Trouble
from pybridge.source.reading import read_metadata


class DirectoryFiles:
    """A folder on disk. Links are followed within a border that the reader names, and nowhere else."""

    def __init__(self, location: Path) -> None:
        self.location = location
        self._borders: dict[str, Path] = {}

    def parent(self) -> "DirectoryFiles":
        """Return the folder above."""
        return DirectoryFiles(self.location.parent)

    def below(self, path: str) -> "DirectoryFiles":
        """Return a folder below."""
        return DirectoryFiles(self._place(path))

    def entries(self, path: str = "") -> tuple[Entry, ...]:
        """List a folder, sorted by name; see `Files.entries`."""
        try:
            with os.scandir(self._place(path)) as found:
                entries = [Entry(one.name, _is_folder(one), not one.is_symlink()) for one in found]
        except OSError as error:
            raise SourceUnreadable(self._place(path), _reason(error)) from error
        return tuple(sorted(entries, key=lambda one: one.name))

    def is_folder(self, path: str) -> bool:
        """Tell whether a folder is there."""
        return os.path.isdir(self._place(path))  # noqa: PTH112 - Path.is_dir may raise

    def is_file(self, path: str) -> bool:
        """Tell whether a file is there."""
        return os.path.isfile(self._place(path))  # noqa: PTH113 - as above

    def text(self, path: str) -> str | None:
        """Return a small file of metadata as text; None when it is not there or cannot be read."""
        return read_metadata(self._place(path))

    def identity(self, path: str) -> tuple[int, int]:
        """Name a folder so that a link back to it is seen; see `Files.identity`."""
        try:
            found = self._place(path).stat()
        except OSError as error:
            raise SourceUnreadable(self._place(path), _reason(error)) from error
        return found.st_dev, found.st_ino

    def trouble(self, path: str, *, border: str) -> Trouble | None:
        """Tell why a link must not be followed."""
        try:
            target = self._place(path).resolve(strict=True)
        except (OSError, RuntimeError):
            return Trouble(code="broken-symlink", message="the link leads nowhere, not followed")
        if border not in self._borders:
            self._borders[border] = self._place(border).resolve()
        if target.is_relative_to(self._borders[border]):
            return None
        return Trouble(code="symlink-outside-root", message="the link leads out of the library, not followed")

    def status(self, path: str) -> Status | Trouble | None:
        """Look at a file, links followed; see `Files.status`."""
        place = self._place(path)
        try:
            found = place.lstat()
            if stat.S_ISLNK(found.st_mode):
                place = place.resolve()
                found = place.lstat()
        except OSError as error:
            raise SourceUnreadable(place, _reason(error)) from error
        if stat.S_ISREG(found.st_mode):
            return Status(place, found.st_size, found.st_mtime_ns)
        if stat.S_ISDIR(found.st_mode):
            return None
        return Trouble(code="not-a-file", message="neither a regular file nor a folder, not read")

    def data(self, _path: str) -> None:
        """Leave the bytes on disk until they are needed."""
        return

    def _place(self, path: str) -> Path:
        return self.location / path if path else self.location


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
