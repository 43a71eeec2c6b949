"""Loose git objects read with care: libgit2 1.9 never returns from one whose file was cut short."""

import zlib
from collections.abc import Iterator
from pathlib import Path

import pygit2

_KINDS = {b"commit": 1, b"tree": 2, b"blob": 3, b"tag": 4}
_PRIORITY = 500
"""Asked before libgit2's own backends."""


class DamagedObject(OSError):
    """A loose object's file is not what git wrote."""


class _Loose(pygit2.OdbBackend):  # type: ignore[misc] # pygit2 is not followed (pyproject.toml)
    """Reads loose objects and leaves all else to the backends behind it; they say whether the hash fits, too."""

    def __init__(self, objects: Path) -> None:
        super().__init__()
        self._objects = objects

    def read_cb(self, oid: pygit2.Oid) -> tuple[int, bytes]:
        name = str(oid)
        try:
            packed = (self._objects / name[:2] / name[2:]).read_bytes()
        except FileNotFoundError:
            raise KeyError(oid) from None
        inflater = zlib.decompressobj()
        try:
            header, _, data = inflater.decompress(packed).partition(b"\0")
        except zlib.error as error:
            raise DamagedObject(f"object {name} is damaged: {error}") from error
        kind, _, size = header.partition(b" ")
        if not inflater.eof or kind not in _KINDS or size != str(len(data)).encode():
            raise DamagedObject(f"object {name} is damaged: its file is incomplete")
        return _KINDS[kind], data

    def read_header_cb(self, oid: pygit2.Oid) -> tuple[int, int]:
        kind, data = self.read_cb(oid)
        return kind, len(data)

    def read_prefix_cb(self, oid: pygit2.Oid) -> tuple[int, bytes, pygit2.Oid]:
        raise KeyError(oid)

    def exists_cb(self, _oid: pygit2.Oid) -> bool:
        return False

    def exists_prefix_cb(self, oid: pygit2.Oid) -> pygit2.Oid:
        raise KeyError(oid)

    def refresh_cb(self) -> None:
        """Nothing is remembered."""

    def __iter__(self) -> Iterator[pygit2.Oid]:
        return iter(())


def read_with_care(repository: pygit2.Repository) -> pygit2.Repository:
    """Put the careful reader before the repository's own, and return the repository, which cannot be written then."""
    repository.odb.add_backend(_Loose(Path(repository.path, "objects")), _PRIORITY)
    return repository
