"""Child side: what mypy sees of the disk, and of texts that are on no disk."""

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from mypy.fscache import FileSystemCache
from mypy.util import hash_digest

from pybridge.resolve.types.request import OwnModule


class EngineFiles(FileSystemCache):
    """Files as mypy sees them: those on disk with times that an edit always moves, and texts in memory as if they were files.

    Mypy compares whole seconds, and so would take an answer from its cache after an edit within the same second that
    keeps the size. A time made of all that the system tells makes it compare contents instead.

    What lies in an archive or a git object is never written anywhere to be read again: mypy takes a file that does not
    exist for real (``exists(real_only=True)``, made for its own fakes) from `read` instead of opening its path.
    """

    def __init__(self, modules: Iterable[OwnModule] = ()) -> None:
        super().__init__()
        self._texts: dict[str, bytes] = {}
        self._folders: dict[str, set[str]] = {}
        for module in modules:
            if module.text is not None:
                self._texts[str(module.location)] = module.text
                for folder, name in _places(module):
                    self._folders.setdefault(folder, set()).add(name)

    def stat_or_none(self, path: str) -> os.stat_result | None:
        """Tell of a file or a folder; None where nothing is."""
        if path in self.stat_or_none_cache:
            return self.stat_or_none_cache[path]
        found = self._stat(path)
        self.stat_or_none_cache[path] = found
        return found

    def listdir(self, path: str) -> list[str]:
        """List a folder."""
        inside = self._folders.get(os.path.normpath(path))
        return super().listdir(path) if inside is None else sorted(inside)

    def exists(self, path: str, real_only: bool = False) -> bool:  # noqa: FBT001, FBT002  mypy's signature
        """Tell whether a path can be read; with ``real_only`` only by opening it."""
        return not (real_only and path in self._texts) and super().exists(path, real_only)

    def read(self, path: str) -> bytes:
        """Return the bytes of a file."""
        text = self._texts.get(path)
        if text is None:
            return super().read(path)
        self.hash_cache[path] = hash_digest(text)
        return text

    def _stat(self, path: str) -> os.stat_result | None:
        if path in self._texts:
            text = self._texts[path]
            return _status(stat.S_IFREG, len(text), hashlib.sha256(text).digest())
        if path in self._folders:
            return _status(stat.S_IFDIR, 0, b"")
        found = super().stat_or_none(path)
        if found is None:
            return None
        exact = f"{found.st_mtime_ns} {found.st_ctime_ns} {found.st_ino}".encode()
        return os.stat_result((*found[: stat.ST_MTIME], _time(exact), found[stat.ST_CTIME]))


def _status(kind: int, size_bytes: int, content: bytes) -> os.stat_result:
    return os.stat_result((kind | 0o444, 0, 0, 1, 0, 0, size_bytes, 0, _time(content), 0))


def _time(state: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(state, digest_size=5).digest())


def base_of(module: OwnModule) -> Path:
    """Folder that the import of a module starts from."""
    depth = module.name.count(".") + (module.location.stem == "__init__")
    return module.location.parents[depth]


def _places(module: OwnModule) -> Iterator[tuple[str, str]]:
    """Every folder from the base down to a module, each with the name in it that leads on."""
    base, place = base_of(module), module.location
    while place != base:
        yield str(place.parent), place.name
        place = place.parent
