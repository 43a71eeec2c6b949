"""The central directory of a zip file, read strictly: two programs must not see two archives in one file.

Source: APPNOTE.TXT 6.3.10. What is refused here and accepted elsewhere is what parsers disagree on: bytes before the
first member or between members, local headers that tell otherwise, members that share bytes.
"""

import struct
from collections.abc import Iterator
from itertools import pairwise
from typing import BinaryIO

import msgspec

from pybridge.source.archive.gathering import Gathering

_END = struct.Struct("<4s4H2LH")
_END64_LOCATOR = struct.Struct("<4sLQL")
_END64 = struct.Struct("<4sQ2H2L4Q")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_MAX_COMMENT = 1 << 16
_FULL16, _FULL32 = 0xFFFF, 0xFFFFFFFF
_ZIP64, _UNICODE_PATH = 0x0001, 0x7075
_DESCRIPTOR_BYTES = frozenset({12, 16, 20, 24})

ENCRYPTED = 0x0001 | 0x0040 | 0x2000
DESCRIBED_AFTER = 0x0008
UTF8 = 0x0800


class ZipEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A member as the central directory has it."""

    name: bytes
    flags: int
    method: int
    crc: int
    packed_bytes: int
    size_bytes: int
    offset: int
    """Of its local header."""
    mode: int
    """Unix mode; 0 where the archive was made elsewhere."""
    has_second_name: bool
    start: int = 0
    """Of its bytes; known, as the next, when the local header was read."""
    is_described_after: bool = False
    """True where checksum and sizes follow the bytes."""


def read_directory(stream: BinaryIO, size_bytes: int, gathering: Gathering) -> tuple[ZipEntry, ...]:
    """List the members in the order of their bytes, local headers checked.

    Raises:
        ArchiveRefused: the file is no zip file, or tells two things of one.
    """
    count, offset, length, end = _find(stream, size_bytes, gathering)
    if offset + length != end:
        raise gathering.refuse("bytes that belong to no member lie before or after its directory")
    if length > gathering.limits.directory_bytes or count > gathering.limits.entries:
        raise gathering.refuse(f"more than {gathering.limits.entries:,} members")
    entries = sorted(_entries(_read(stream, offset, length, gathering), count, gathering), key=lambda one: one.offset)
    placed = [_placed(stream, one, offset, gathering) for one in entries]
    _check_ranges(placed, offset, gathering)
    return tuple(placed)


def _find(stream: BinaryIO, size_bytes: int, gathering: Gathering) -> tuple[int, int, int, int]:
    """Return how many members there are, where their directory is, how long, and where its end record begins."""
    tail_at = max(0, size_bytes - _MAX_COMMENT - _END.size)
    tail = _read(stream, tail_at, size_bytes - tail_at, gathering)
    place = tail.rfind(b"PK\5\6")
    if place < 0 or place + _END.size > len(tail):
        raise gathering.refuse("it is no zip file, or its end is missing")
    _, disk, first_disk, here, count, length, offset, comment = _END.unpack_from(tail, place)
    if place + _END.size + comment != len(tail):
        raise gathering.refuse("bytes follow its end")
    end = tail_at + place
    if _FULL16 in {here, count} or _FULL32 in {length, offset}:
        return _find64(stream, end, gathering)
    if disk or first_disk or here != count:
        raise gathering.refuse("it is one of several files")
    return count, offset, length, end


def _find64(stream: BinaryIO, end: int, gathering: Gathering) -> tuple[int, int, int, int]:
    place = end - _END64_LOCATOR.size
    mark, _, offset64, disks = _END64_LOCATOR.unpack(_read(stream, place, _END64_LOCATOR.size, gathering))
    if mark != b"PK\6\7" or disks != 1:
        raise gathering.refuse("its end for large archives is missing")
    mark, size, _, _, disk, first_disk, here, count, length, offset = _END64.unpack(
        _read(stream, offset64, _END64.size, gathering)
    )
    if mark != b"PK\6\6" or disk or first_disk or here != count or offset64 + size + 12 != place:
        raise gathering.refuse("its end for large archives is damaged")
    return count, offset, length, offset64


def _entries(data: bytes, count: int, gathering: Gathering) -> Iterator[ZipEntry]:
    place = 0
    for _ in range(count):
        if place + _CENTRAL.size > len(data):
            raise gathering.refuse("its directory is shorter than it says")
        fields = _CENTRAL.unpack_from(data, place)
        mark, made_by, _, flags, method, _, _, crc, packed, size, name, extra, comment, disk, _, outer, offset = fields
        body = place + _CENTRAL.size
        place = body + name + extra + comment
        if mark != b"PK\1\2" or place > len(data):
            raise gathering.refuse("its directory is damaged")
        more = _extra(data[body + name : body + name + extra], gathering)
        wide = _Wide(more.get(_ZIP64, b""), gathering)
        # In this order, each only where the narrow field is full.
        size, packed, offset = wide.of(size), wide.of(packed), wide.of(offset)
        if disk not in {0, _FULL16}:
            raise gathering.refuse("it is one of several files")
        yield ZipEntry(
            name=data[body : body + name],
            flags=flags,
            method=method,
            crc=crc,
            packed_bytes=packed,
            size_bytes=size,
            offset=offset,
            mode=outer >> 16 if made_by >> 8 == 3 else 0,
            has_second_name=_UNICODE_PATH in more,
        )
    if place != len(data):
        raise gathering.refuse("its directory is longer than it says")


class _Wide:
    """Takes 64-bit values from the extra field that holds them."""

    def __init__(self, data: bytes, gathering: Gathering) -> None:
        self._data, self._gathering = data, gathering

    def of(self, narrow: int) -> int:
        if narrow != _FULL32:
            return narrow
        if len(self._data) < 8:
            raise self._gathering.refuse("a size is missing in its directory")
        value, self._data = int.from_bytes(self._data[:8], "little"), self._data[8:]
        return value


def _extra(data: bytes, gathering: Gathering) -> dict[int, bytes]:
    """Read extra fields by their number."""
    found: dict[int, bytes] = {}
    place = 0
    while place + 4 <= len(data):
        number, length = struct.unpack_from("<2H", data, place)
        place += 4
        if place + length > len(data) or (number in found and number in {_ZIP64, _UNICODE_PATH}):
            raise gathering.refuse("an extra field of a member is damaged")
        found[number] = data[place : place + length]
        place += length
    return found


def _placed(stream: BinaryIO, entry: ZipEntry, directory: int, gathering: Gathering) -> ZipEntry:
    """Check what the local header of a member says, and find its bytes."""
    if entry.offset + _LOCAL.size > directory:
        raise gathering.refuse("a member lies outside of its members")
    head = _read(stream, entry.offset, _LOCAL.size, gathering)
    mark, _, flags, method, _, _, crc, packed, size, name, extra = _LOCAL.unpack(head)
    rest = _read(stream, entry.offset + _LOCAL.size, name + extra, gathering)
    if mark != b"PK\3\4" or rest[:name] != entry.name:
        raise gathering.refuse(f"{_shown(entry)} has another name in its local header than in the directory")
    wide = _Wide(_extra(rest[name:], gathering).get(_ZIP64, b""), gathering)
    told = (crc, wide.of(size), wide.of(packed))
    known = (entry.crc, entry.size_bytes, entry.packed_bytes)
    is_later = bool(flags & DESCRIBED_AFTER)
    if method != entry.method or (flags ^ entry.flags) & (ENCRYPTED | UTF8):
        raise gathering.refuse(f"{_shown(entry)} is told otherwise in its local header than in the directory")
    if told != known and not (is_later and told == (0, 0, 0)):
        raise gathering.refuse(f"{_shown(entry)} is told otherwise in its local header than in the directory")
    start = entry.offset + _LOCAL.size + name + extra
    return msgspec.structs.replace(entry, start=start, is_described_after=is_later)


def _check_ranges(entries: list[ZipEntry], directory: int, gathering: Gathering) -> None:
    """Refuse members that share bytes, and bytes of no member."""
    ends = [(one.start + one.packed_bytes, one.is_described_after) for one in entries]
    begins = [0, *(one.offset for one in entries), directory]
    gaps = [begins[1] - begins[0], *(begin - end for (end, _), begin in zip(ends, begins[2:], strict=True))]
    if any(one.offset == other.offset for one, other in pairwise(entries)) or min(gaps) < 0:
        raise gathering.refuse("members overlap")
    is_described = [False, *(later for _, later in ends)]
    for gap, later in zip(gaps, is_described, strict=True):
        if gap and not (later and gap in _DESCRIPTOR_BYTES):
            raise gathering.refuse("bytes that belong to no member lie between its members")


def _read(stream: BinaryIO, offset: int, length: int, gathering: Gathering) -> bytes:
    if offset < 0:
        raise gathering.refuse("it ends too early")
    stream.seek(offset)
    data = stream.read(length)
    if len(data) != length:
        raise gathering.refuse("it ends too early")
    return data


def _shown(entry: ZipEntry) -> str:
    return repr(entry.name[:100].decode("utf-8", "backslashreplace"))
