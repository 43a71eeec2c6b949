"""Every object of a store read and hashed, whether anything leads to it or not."""

import hashlib
import re
import zlib
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pygit2

from pybridge.store.objects.index import DamagedPack, PackIndex, check_pack

_KINDS = {1: b"commit", 2: b"tree", 3: b"blob", 4: b"tag"}
_HEADER = re.compile(rb"(?:commit|tree|blob|tag) (0|[1-9][0-9]*)")
_FOLDER, _FILE = re.compile(r"[0-9a-f]{2}"), re.compile(r"[0-9a-f]{38}")
_CHUNK_BYTES = 1 << 18
_MAX_HEADER_BYTES = 64


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """One copy of an object, or a pack as such."""

    name: str
    """The object's id, or the pack's file."""
    size_bytes: int = 0
    reason: str | None = None
    """What is wrong; None when it is what its id says."""
    file: str | None = None
    """Relative to the store; None for what lies in a pack."""
    is_pack: bool = False


def loose_files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield id and file of every loose object of a store, sorted."""
    for below in sorted(one for one in (folder / "objects").iterdir() if _FOLDER.fullmatch(one.name)):
        for file in sorted(one for one in below.iterdir() if _FILE.fullmatch(one.name)):
            yield below.name + file.name, file


def indexes(folder: Path) -> tuple[Path, ...]:
    """Return the indexes of all packs of a store, sorted."""
    return tuple(sorted((folder / "objects" / "pack").glob("pack-*.idx")))


def check_loose(folder: Path) -> Iterator[Checked]:
    """Hash every loose object; what goes away meanwhile was collected."""
    for name, file in loose_files(folder):
        place = file.relative_to(folder).as_posix()
        try:
            size = _check_file(file, name)
        except FileNotFoundError:
            continue
        except (ValueError, zlib.error, OSError) as error:
            yield Checked(name=name, reason=_reason(error), file=place)
        else:
            yield Checked(name=name, size_bytes=size, file=place)


def check_packed(repository: pygit2.Repository, folder: Path) -> Iterator[Checked]:
    """Hash every object of every pack, and the packs themselves; what goes away meanwhile was collected."""
    for path in indexes(folder):
        place = path.relative_to(folder).as_posix()
        try:
            index = PackIndex(path)
        except FileNotFoundError:
            continue
        except OSError as error:
            yield Checked(name=path.name, reason=_reason(error), file=place, is_pack=True)
            continue
        yield from _check_pack(repository, index, index.pack.relative_to(folder).as_posix())


def _check_pack(repository: pygit2.Repository, index: PackIndex, place: str) -> Iterator[Checked]:
    damaged: set[bytes] = set()
    try:
        check_pack(index)
    except FileNotFoundError:
        if index.path.exists():
            yield Checked(name=index.pack.name, reason="is missing, its index is there", file=place, is_pack=True)
        return
    except DamagedPack as error:
        yield Checked(name=index.pack.name, reason=_reason(error), file=place, is_pack=True)
        damaged = set(index.damaged())
    except OSError as error:
        yield Checked(name=index.pack.name, reason=_reason(error), file=place, is_pack=True)
        return
    for raw in index:
        oid = pygit2.Oid(raw=raw)
        if raw in damaged:
            yield Checked(name=str(oid), reason=f"its bytes in {index.pack.name} are not what was written")
            continue
        try:
            kind, data = repository.odb.read(oid)
        except (pygit2.GitError, OSError, KeyError, ValueError) as error:
            if index.path.exists():
                yield Checked(name=str(oid), reason=_reason(error))
            continue
        hashed = hashlib.sha1(b"%s %d\0" % (_KINDS.get(kind, b"?"), len(data)), usedforsecurity=False)
        hashed.update(data)
        is_right = hashed.digest() == raw
        yield Checked(
            name=str(oid), size_bytes=len(data), reason=None if is_right else f"hashes to {hashed.hexdigest()}"
        )


def _check_file(file: Path, name: str) -> int:
    """Inflate and hash a loose object piece by piece; return the size of its content.

    Raises:
        ValueError: it is not what its name says.
        zlib.error: it cannot be inflated.
        OSError: it cannot be read.
    """
    inflater, hashed = zlib.decompressobj(), hashlib.sha1(usedforsecurity=False)
    header, size, announced = b"", 0, None
    with file.open("rb") as stream:
        while packed := inflater.unconsumed_tail or stream.read(_CHUNK_BYTES):
            if inflater.eof:
                raise ValueError("has bytes behind its end")
            piece = inflater.decompress(packed, _CHUNK_BYTES)
            hashed.update(piece)
            if announced is None:
                header += piece
                piece, announced = _content(header)
            size += len(piece)
    if not inflater.eof or announced is None:
        raise ValueError("is incomplete")
    if inflater.unused_data:
        raise ValueError("has bytes behind its end")
    if size != announced:
        raise ValueError(f"has {size} bytes of content and should have {announced}")
    if hashed.hexdigest() != name:
        raise ValueError(f"hashes to {hashed.hexdigest()}")
    return size


def _content(header: bytes) -> tuple[bytes, int | None]:
    """Split what was inflated so far behind the header; nothing and None where it is not whole yet."""
    text, end, content = header.partition(b"\0")
    found = _HEADER.fullmatch(text) if end else None
    if found is None:
        if end or len(header) > _MAX_HEADER_BYTES:
            raise ValueError("does not begin as an object does")
        return b"", None
    return content, int(found[1])


def _reason(error: Exception) -> str:
    return (isinstance(error, OSError) and error.strerror) or str(error)
