"""Files of a git tree, read as objects."""

import posixpath
from pathlib import Path

import pygit2
from pygit2.enums import FileMode

from pybridge.errors import SourceUnreadable
from pybridge.model.diagnostic import Severity
from pybridge.source.files import Entry, Status, Trouble
from pybridge.source.reading import MAX_METADATA_BYTES

_BROKEN = (pygit2.GitError, KeyError, ValueError)
"""What pygit2 raises for objects that are missing, or are not what they should be."""
_OLD_FILE = 0o100664
"""A mode of the first years of git, still in old histories."""
_MAX_LINKS = 16
_MAX_LINK_BYTES = 4_096
_MAX_LINK_PARTS = 64
_LFS = b"version https://git-lfs.github.com/spec/v1\n"
_MAX_LFS_BYTES = 1_024


class GitFiles:
    """A folder of a tree. Links are followed within the tree, as they would be in a checkout."""

    def __init__(self, location: Path, tree: pygit2.Tree, prefix: str = "") -> None:
        self.location = location
        self._tree = tree
        self._prefix = prefix
        self._folders: dict[str, str | None] = {"": ""}

    def parent(self) -> "GitFiles | None":
        """Return the folder above; None for the top of the tree."""
        above = posixpath.dirname(self._prefix)
        return GitFiles(self.location.parent, self._tree, above) if self._prefix else None

    def below(self, path: str) -> "GitFiles":
        """Return a folder below."""
        return GitFiles(self.location / path, self._tree, self._whole(path)) if path else self

    def entries(self, path: str = "") -> tuple[Entry, ...]:
        """List a folder, sorted by name; see `Files.entries`."""
        found = self._found(path)
        if found is None or not _is_folder(found):
            raise SourceUnreadable(self.location / path, "no such folder")
        try:
            listed = [self._entry(one, path) for one in found]
        except (*_BROKEN, TypeError) as error:
            raise SourceUnreadable(self.location / path, "its object is missing or damaged") from error
        return tuple(sorted((one for one in listed if _is_name(one.name)), key=lambda one: one.name))

    def is_folder(self, path: str) -> bool:
        """Tell whether a folder is there, links followed."""
        found = self._found(path)
        return found is not None and _is_folder(found)

    def is_file(self, path: str) -> bool:
        """Tell whether a file is there, links followed."""
        found = self._found(path)
        return found is not None and _is_file(found)

    def text(self, path: str) -> str | None:
        """Return a small file as text; None when it is not there."""
        found = self._found(path)
        if found is None or not _is_file(found) or (_size(found) or 0) > MAX_METADATA_BYTES:
            return None
        data = _held(found)
        return None if data is None else data.decode("utf-8", "replace")

    def identity(self, path: str) -> str | None:
        """Name a folder by where links lead."""
        return self._real(self._whole(path))

    def trouble(self, path: str, *, border: str) -> Trouble | None:
        """Tell why a link or a submodule is not followed."""
        whole = self._whole(path)
        found = self._at(whole)
        mode = FileMode.LINK if found is None else found.filemode
        if mode == FileMode.COMMIT:
            message = "it is a submodule, whose files are in another repository; not read"
            return Trouble(code="submodule", message=message, severity=Severity.ERROR)
        if mode != FileMode.LINK and not (found is not None and (_is_folder(found) or _is_file(found))):
            return Trouble(code="not-a-file", message="neither a regular file nor a folder, not read")
        real, inside = self._real(whole), self._real(self._whole(border))
        if real is None or inside is None or self._at(real) is None:
            if self._leads_out(whole):
                return Trouble(code="symlink-outside-root", message="the link leads out of the library, not followed")
            return Trouble(code="broken-symlink", message="the link leads nowhere, not followed")
        if not inside or real == inside or real.startswith(f"{inside}/"):
            return None
        return Trouble(code="symlink-outside-root", message="the link leads out of the library, not followed")

    def status(self, path: str) -> Status | Trouble | None:
        """Look at a file; see `Files.status`."""
        found = self._found(path)
        if found is None:
            raise SourceUnreadable(self.location / path, "no such file")
        return Status(self.location / path, _size(found) or 0, 0) if _is_file(found) else None

    def data(self, path: str) -> bytes | Trouble | None:
        """Return what a file holds; what git keeps elsewhere is told."""
        found = self._found(path)
        data = None if found is None else _held(found)
        if data is None:
            message = "its object is missing in this clone"
            hint = "fetch the whole repository, `git fetch --refetch`"
            return Trouble(code="git-object-missing", message=message, severity=Severity.ERROR, hint=hint)
        if len(data) <= _MAX_LFS_BYTES and data.startswith(_LFS):
            message = "its content is kept by Git LFS, outside of the repository; not read"
            return Trouble(code="git-lfs-pointer", message=message, severity=Severity.ERROR)
        return data

    def _entry(self, one: pygit2.Object, folder: str) -> Entry:
        name = one.name
        if one.filemode == FileMode.LINK:
            return Entry(name, self.is_folder(f"{folder}/{name}" if folder else name), is_plain=False)
        return Entry(name, _is_folder(one), is_plain=_is_folder(one) or _is_file(one))

    def _found(self, path: str) -> pygit2.Object | None:
        real = self._real(self._whole(path))
        return None if real is None else self._at(real)

    def _at(self, path: str) -> pygit2.Object | None:
        """Return the object at a path without links; None where there is none, or not in this clone."""
        try:
            return self._tree[path] if path else self._tree
        except _BROKEN:
            return None

    def _real(self, path: str) -> str | None:
        """Follow every link in a path; None where one leads nowhere, in circles or out of the tree."""
        folder, name = posixpath.split(path)
        for _ in range(_MAX_LINKS):
            above = self._real_folder(folder)
            if above is None:
                return None
            place = f"{above}/{name}" if above and name else above or name
            target = self._target(place)
            if target is None:
                return place
            if not target or "\0" in target:
                return None
            led = posixpath.normpath(posixpath.join(above, target))
            if led.startswith(("/", "../")) or led == ".." or led.count("/") > _MAX_LINK_PARTS:
                return None
            folder, name = posixpath.split("" if led == "." else led)
        return None

    def _real_folder(self, folder: str) -> str | None:
        if folder not in self._folders:
            self._folders[folder] = None
            self._folders[folder] = self._real(folder)
        return self._folders[folder]

    def _target(self, path: str) -> str | None:
        """What a link says, empty where that is nothing that could be followed; None for anything else."""
        found = self._at(path) if path else None
        if found is None or found.filemode != FileMode.LINK:
            return None
        data = _held(found) if (_size(found) or 0) <= _MAX_LINK_BYTES else None
        return "" if data is None else data.decode("utf-8", "surrogateescape")

    def _leads_out(self, path: str) -> bool:
        target = self._target(path) or ""
        led = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
        return led.startswith(("/", "../")) or led == ".."

    def _whole(self, path: str) -> str:
        return f"{self._prefix}/{path}" if self._prefix and path else self._prefix or path


def _is_folder(one: pygit2.Object) -> bool:
    """Judge by the mode that the folder gives it; the outermost tree is in none."""
    return one.filemode in {None, 0, FileMode.TREE}


def _is_file(one: pygit2.Object) -> bool:
    return one.filemode in {FileMode.BLOB, FileMode.BLOB_EXECUTABLE, _OLD_FILE}


def _is_name(name: str) -> bool:
    """Tell a name that a folder can have from one that only a forged tree has."""
    return name not in {"", ".", ".."} and "/" not in name


def _size(blob: pygit2.Object) -> int | None:
    """Return how long a file is; None where its object is not in this clone, or is no file."""
    try:
        return int(blob.size)
    except (*_BROKEN, AttributeError):
        return None


def _held(blob: pygit2.Object) -> bytes | None:
    """Return what a file holds; None where its object is not in this clone, or is no file."""
    try:
        return bytes(blob.data)
    except (*_BROKEN, AttributeError):
        return None
