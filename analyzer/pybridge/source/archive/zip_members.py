"""The members of a zip file, inflated into memory one by one, never further than they say."""

import stat
import zlib
from typing import BinaryIO

from pybridge.source.archive.gathering import Gathering, trouble
from pybridge.source.archive.limits import wanted_bytes
from pybridge.source.archive.zip_directory import ENCRYPTED, UTF8, ZipEntry, read_directory
from pybridge.source.files import Member, Trouble

_STORED, _DEFLATED = 0, 8
_CHUNK_BYTES = 1 << 18


def gather_zip(stream: BinaryIO, size_bytes: int, gathering: Gathering) -> None:
    """Read what is wanted of a zip file.

    Raises:
        ArchiveRefused: the file as a whole cannot be trusted.
    """
    packed = unpacked = 0
    for entry in read_directory(stream, size_bytes, gathering):
        path = gathering.path(entry.name, encoding="utf-8" if entry.flags & UTF8 else "ascii")
        if not path:
            continue
        if entry.name.endswith(b"/"):
            gathering.add_folder(path)
            continue
        member = _member(stream, entry, path, gathering)
        gathering.add(path, member)
        if member.data is not None:
            packed, unpacked = packed + entry.packed_bytes, unpacked + entry.size_bytes
        limits = gathering.limits
        if unpacked > limits.ratio_from_bytes and unpacked > limits.ratio * packed:
            raise gathering.refuse(f"it unpacks to more than {limits.ratio} times its size")
    gathering.check()


def _member(stream: BinaryIO, entry: ZipEntry, path: str, gathering: Gathering) -> Member:
    odd = _oddity(entry, path)
    if odd is not None:
        return Member(size_bytes=entry.size_bytes, trouble=odd, is_link=stat.S_ISLNK(entry.mode))
    limit = wanted_bytes(path)
    if limit is None or entry.size_bytes > limit:
        return Member(size_bytes=entry.size_bytes)
    data = _bytes(stream, entry, path, gathering)
    if isinstance(data, Trouble):
        return Member(size_bytes=entry.size_bytes, trouble=data)
    return Member(size_bytes=entry.size_bytes, data=data)


def _oddity(entry: ZipEntry, path: str) -> Trouble | None:
    """Tell why a member is not read, whatever it holds."""
    kind = stat.S_IFMT(entry.mode)
    if kind == stat.S_IFLNK:
        return trouble(path, "member-link", "it is a link, not followed")
    if kind not in {0, stat.S_IFREG}:
        return trouble(path, "member-not-a-file", "it is neither a regular file nor a folder, not read")
    if entry.has_second_name:
        return trouble(path, "member-name-encoding", "it has a second name in an extra field, not read")
    if entry.flags & ENCRYPTED:
        return trouble(path, "member-encrypted", "it is encrypted, not read")
    if entry.method not in {_STORED, _DEFLATED}:
        return trouble(
            path, "member-compression", f"its compression (method {entry.method}) is none of wheels, not read"
        )
    return None


def _bytes(stream: BinaryIO, entry: ZipEntry, path: str, gathering: Gathering) -> bytes | Trouble:
    """Inflate a member; its length and checksum must be what the directory says."""
    stream.seek(entry.start)
    found, left = bytearray(), entry.packed_bytes
    inflate = zlib.decompressobj(-zlib.MAX_WBITS) if entry.method == _DEFLATED else None
    try:
        while left and len(found) <= entry.size_bytes:
            chunk = stream.read(min(left, _CHUNK_BYTES))
            if not chunk:
                raise gathering.refuse("it ends too early")
            left -= len(chunk)
            room = entry.size_bytes + 1 - len(found)
            found += chunk if inflate is None else inflate.decompress(chunk, room)
    except zlib.error:
        return trouble(path, "member-damaged", "its compressed bytes are damaged")
    if inflate is not None and len(found) <= entry.size_bytes:
        found += inflate.flush()
    if len(found) != entry.size_bytes:
        return trouble(path, "member-damaged", "it is not as long as the archive says")
    if zlib.crc32(found) != entry.crc:
        return trouble(path, "member-damaged", "its checksum is wrong")
    return bytes(found)
