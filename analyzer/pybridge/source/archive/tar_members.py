"""The members of a compressed tar file, streamed: what is wanted is kept, the rest is counted and thrown away.

Source: POSIX.1-2017 pax and the GNU tar manual. Read strictly, as `zip_directory` is and for the same reason: a size or a
name that is told twice, links with content, sparse files and bytes after the end are where programs disagree.
"""

from typing import BinaryIO

import msgspec

from pybridge.source.archive.gathering import Gathering, trouble
from pybridge.source.archive.limits import wanted_bytes
from pybridge.source.archive.unpacking import CHUNK_BYTES, Unpacked
from pybridge.source.files import Member

_BLOCK = 512
_EMPTY = bytes(_BLOCK)
_FILES, _FOLDER, _LINKS, _DEVICES = b"0\x007", b"5", b"12", b"346"
_PAX, _PAX_OF_ALL, _LONG_NAME, _LONG_LINK = b"x", b"g", b"L", b"K"


class _Header(msgspec.Struct, frozen=True, kw_only=True):
    """One header block."""

    name: bytes
    size_bytes: int
    kind: bytes


class _Extended(msgspec.Struct, frozen=True, kw_only=True):
    """What extended headers say of the member after them."""

    name: bytes | None = None
    size_bytes: int | None = None
    seen: frozenset[bytes] = frozenset()


_NOTHING = _Extended()


def gather_tar(stream: BinaryIO, gathering: Gathering) -> None:
    """Read what is wanted of a compressed tar file.

    Raises:
        ArchiveRefused: the file as a whole cannot be trusted.
    """
    unpacked = Unpacked(stream, gathering)
    extended = _NOTHING
    while (header := _next_header(unpacked, gathering)) is not None:
        if header.kind in {_PAX, _PAX_OF_ALL, _LONG_NAME, _LONG_LINK}:
            extended = _extend(extended, header, unpacked, gathering)
        else:
            _gather_member(header, extended, unpacked, gathering)
            extended = _NOTHING
    if extended != _NOTHING:
        raise gathering.refuse("an extended header belongs to no member")
    gathering.check()


def _next_header(unpacked: Unpacked, gathering: Gathering) -> _Header | None:
    """Read a header; None at the end, after which nothing but zeros may come."""
    block = unpacked.read(_BLOCK)
    if len(block) == _BLOCK and block != _EMPTY:
        return _header(block, gathering)
    if block and len(block) != _BLOCK:
        raise gathering.refuse("it ends too early")
    while block:
        if block.strip(b"\0"):
            raise gathering.refuse("bytes follow its end")
        block = unpacked.read(CHUNK_BYTES)
    return None


def _header(block: bytes, gathering: Gathering) -> _Header:
    sums = sum(block) - sum(block[148:156]) + 8 * 32
    if _number(block[148:156], gathering) != sums:
        raise gathering.refuse("it is no tar file, or a header is damaged")
    name = block[:100].split(b"\0", 1)[0]
    prefix = block[345:500].split(b"\0", 1)[0]
    if block[257:263] == b"ustar\0" and prefix:
        name = prefix + b"/" + name
    return _Header(name=name, size_bytes=_number(block[124:136], gathering), kind=block[156:157])


def _number(field: bytes, gathering: Gathering) -> int:
    """Read an octal number, or a binary one as GNU tar writes those that are too large for that."""
    if field[0] == 0x80:
        return int.from_bytes(field[1:], "big")
    text = field.strip(b" \0")
    if not text:
        return 0
    if text.strip(b"01234567"):
        raise gathering.refuse("it is no tar file, or a header is damaged")
    return int(text, 8)


def _extend(known: _Extended, header: _Header, unpacked: Unpacked, gathering: Gathering) -> _Extended:
    """Read an extended header."""
    if header.size_bytes > gathering.limits.header_bytes:
        raise gathering.refuse(f"an extended header has {header.size_bytes:,} bytes")
    if header.kind in known.seen:
        raise gathering.refuse("two extended headers of a kind belong to one member")
    data = unpacked.read(header.size_bytes)
    if len(data) != header.size_bytes:
        raise gathering.refuse("it ends too early")
    unpacked.skip(-header.size_bytes % _BLOCK)
    seen = known.seen if header.kind == _PAX_OF_ALL else known.seen | {header.kind}
    if header.kind == _LONG_LINK:
        return msgspec.structs.replace(known, seen=seen)
    if header.kind == _LONG_NAME:
        told = _Extended(name=data.split(b"\0", 1)[0])
    else:
        told = _told(_records(data, gathering), gathering, is_of_all=header.kind == _PAX_OF_ALL)
    if told.name is not None and known.name is not None:
        raise gathering.refuse("a member has two names")
    return _Extended(
        name=known.name if told.name is None else told.name,
        size_bytes=known.size_bytes if told.size_bytes is None else told.size_bytes,
        seen=seen,
    )


def _told(records: dict[bytes, bytes], gathering: Gathering, *, is_of_all: bool) -> _Extended:
    """Take the name and the size out of records; what they say besides is nobody's business."""
    if any(key.startswith(b"GNU.sparse.") for key in records):
        raise gathering.refuse("it holds a sparse file")
    if is_of_all and records.keys() & {b"path", b"size", b"linkpath"}:
        raise gathering.refuse("a header gives all members one name or size")
    size = records.get(b"size")
    if size is not None and not (size.isdigit() and len(size) < 20):
        raise gathering.refuse("an extended header is damaged")
    return _Extended(name=records.get(b"path"), size_bytes=None if size is None else int(size))


def _records(data: bytes, gathering: Gathering) -> dict[bytes, bytes]:
    """Read ``LENGTH KEY=VALUE`` lines."""
    found: dict[bytes, bytes] = {}
    place = 0
    while place < len(data):
        digits = data[place : place + 8].split(b" ", 1)[0]
        length = int(digits) if digits.isdigit() else 0
        record = data[place + len(digits) + 1 : place + length]
        key, equals, value = record.partition(b"=")
        if length <= len(digits) + 1 or place + length > len(data) or not equals or value[-1:] != b"\n" or key in found:
            raise gathering.refuse("an extended header is damaged")
        found[key] = value[:-1]
        place += length
    return found


def _gather_member(header: _Header, extended: _Extended, unpacked: Unpacked, gathering: Gathering) -> None:
    size_bytes = header.size_bytes if extended.size_bytes is None else extended.size_bytes
    if header.size_bytes and header.size_bytes != size_bytes:
        raise gathering.refuse("a member has two sizes")
    if header.kind not in {*_each(_FILES), _FOLDER, *_each(_LINKS), *_each(_DEVICES)}:
        kind = "a sparse file" if header.kind == b"S" else f"a member of unknown kind {header.kind!r}"
        raise gathering.refuse(f"it holds {kind}")
    if size_bytes and header.kind not in _each(_FILES):
        raise gathering.refuse("a link, a folder or a device has content")
    name = header.name if extended.name is None else extended.name
    path = gathering.path(name)
    if header.kind == _FOLDER or (header.kind == b"\0" and name.endswith(b"/")):
        gathering.add_folder(path or "")
    elif not path:
        unpacked.skip(size_bytes + -size_bytes % _BLOCK)
    elif name.endswith(b"/"):
        raise gathering.refuse(f"{path!r} is a file that is called like a folder")
    else:
        gathering.add(path, _member(header, path, size_bytes, unpacked, gathering))


def _member(header: _Header, path: str, size_bytes: int, unpacked: Unpacked, gathering: Gathering) -> Member:
    if header.kind in _each(_LINKS):
        return Member(size_bytes=0, trouble=trouble(path, "member-link", "it is a link, not followed"), is_link=True)
    if header.kind in _each(_DEVICES):
        told = trouble(path, "member-not-a-file", "it is neither a regular file nor a folder, not read")
        return Member(size_bytes=0, trouble=told)
    limit = wanted_bytes(path)
    if limit is None or size_bytes > limit:
        unpacked.skip(size_bytes + -size_bytes % _BLOCK)
        return Member(size_bytes=size_bytes)
    data = unpacked.read(size_bytes)
    if len(data) != size_bytes:
        raise gathering.refuse("it ends too early")
    unpacked.skip(-size_bytes % _BLOCK)
    return Member(size_bytes=size_bytes, data=data)


def _each(kinds: bytes) -> frozenset[bytes]:
    return frozenset(kinds[index : index + 1] for index in range(len(kinds)))
