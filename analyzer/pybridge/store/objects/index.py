"""The index of a pack, read: which objects it has, where, and what their bytes should sum up to.

Source: https://git-scm.com/docs/pack-format (version 2 of the index)
"""

import hashlib
import struct
import sys
import zlib
from array import array
from collections.abc import Iterator
from pathlib import Path

_MAGIC = b"\xfftOc"
_HEADER, _FANOUT, _ID, _TRAILER = 8, 1024, 20, 40
_LARGE = 1 << 31
_CHUNK_BYTES = 1 << 20


class DamagedPack(OSError):
    """A pack or its index is not what git wrote."""


class PackIndex:
    """An index held as it lies on disk, for packs of millions of objects."""

    def __init__(self, path: Path) -> None:
        self.path = path
        data = path.read_bytes()
        if len(data) < _HEADER + _FANOUT + _TRAILER or data[:_HEADER] != _MAGIC + struct.pack(">I", 2):
            raise DamagedPack(f"{path.name} is no index of a pack")
        if hashlib.sha1(data[:-_ID], usedforsecurity=False).digest() != data[-_ID:]:
            raise DamagedPack(f"{path.name} does not sum up to what it says")
        self._count = int.from_bytes(data[_HEADER + _FANOUT - 4 : _HEADER + _FANOUT], "big")
        begin = _HEADER + _FANOUT
        if len(data) < begin + self._count * 28 + _TRAILER:
            raise DamagedPack(f"{path.name} is incomplete")
        self._ids = data[begin : begin + self._count * _ID]
        begin += self._count * _ID
        self._sums = _numbers("I", data[begin : begin + self._count * 4])
        begin += self._count * 4
        self._offsets = _numbers("I", data[begin : begin + self._count * 4])
        self._large = _numbers("Q", data[begin + self._count * 4 : -_TRAILER])
        self.pack_checksum = data[-_TRAILER:-_ID]

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[bytes]:
        """Yield the ids, 20 bytes each, sorted."""
        return (self._ids[begin : begin + _ID] for begin in range(0, len(self._ids), _ID))

    @property
    def pack(self) -> Path:
        """The file that it is the index of."""
        return self.path.with_suffix(".pack")

    def damaged(self) -> Iterator[bytes]:
        """Yield the ids of the objects whose bytes in the pack are not what was written.

        Raises:
            OSError: the pack cannot be read.
        """
        places = sorted((self._offset(index), index) for index in range(self._count))
        end = self.pack.stat().st_size - _ID
        with self.pack.open("rb") as stream:
            for number, (begin, index) in enumerate(places):
                following = places[number + 1][0] if number + 1 < len(places) else end
                stream.seek(begin)
                if zlib.crc32(stream.read(max(following - begin, 0))) != self._sums[index]:
                    yield self._ids[index * _ID : (index + 1) * _ID]

    def _offset(self, index: int) -> int:
        offset = self._offsets[index]
        if offset < _LARGE:
            return offset
        place = offset & (_LARGE - 1)
        return self._large[place] if place < len(self._large) else 0


def check_offsets(path: Path) -> None:
    """Make sure that an index leads nowhere outside its pack: libgit2 1.9 follows it there, and the process ends.

    Read are the offsets only, and looked for is the largest.

    Raises:
        DamagedPack: it does, or is no index.
        OSError: it cannot be read, or has no pack.
    """
    begin, size = _HEADER + _FANOUT, path.with_suffix(".pack").stat().st_size
    with path.open("rb") as stream:
        head = stream.read(begin)
        if len(head) < begin or head[:4] != _MAGIC:
            raise DamagedPack(f"{path.name} is no index of a pack")
        count = int.from_bytes(head[-4:], "big")
        stream.seek(begin + count * 24)
        data = stream.read(count * 4)
        large = _numbers("Q", stream.read()[:-_TRAILER])
    if len(data) < count * 4:
        raise DamagedPack(f"{path.name} is incomplete")
    offsets = _numbers("I", data)
    furthest = max(offsets, default=0)
    if furthest >= _LARGE:
        places = [one & (_LARGE - 1) for one in offsets if one >= _LARGE]
        furthest = max(large[place] if place < len(large) else sys.maxsize for place in places)
    if furthest >= size:
        raise DamagedPack(f"{path.name} leads outside its pack")


def check_pack(index: PackIndex) -> None:
    """Read a pack through and make sure of its bytes.

    Raises:
        DamagedPack: they do not sum up to what the pack or its index says.
        OSError: it cannot be read.
    """
    summed, held = hashlib.sha1(usedforsecurity=False), b""
    with index.pack.open("rb") as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            held += chunk
            summed.update(held[:-_ID])
            held = held[-_ID:]
    if summed.digest() != held:
        raise DamagedPack(f"{index.pack.name} does not sum up to what it says")
    if held != index.pack_checksum:
        raise DamagedPack(f"{index.path.name} is the index of another pack")


def _numbers(kind: str, data: bytes) -> "array[int]":
    numbers = array(kind)
    if numbers.itemsize == (8 if kind == "Q" else 4):
        numbers.frombytes(data[: len(data) - len(data) % numbers.itemsize])
        if sys.byteorder == "little":
            numbers.byteswap()
        return numbers
    size, letter = (8, "Q") if kind == "Q" else (4, "I")
    return array("Q", struct.unpack(f">{len(data) // size}{letter}", data))
