"""The stream inside of a compressed one, counted while it is unpacked: gzip, bzip2 or xz, by the archive's name."""

import zlib
from collections.abc import Mapping
from typing import BinaryIO, Final, Protocol

from pybridge.source.archive.gathering import Gathering

CHUNK_BYTES: Final = 1 << 16
_GZIP, _BZIP2, _XZ = "gzip", "bzip2", "xz"
_KINDS: Final[Mapping[str, str]] = {
    ".tar.gz": _GZIP,
    ".tgz": _GZIP,
    ".tar.bz2": _BZIP2,
    ".tbz2": _BZIP2,
    ".tar.xz": _XZ,
    ".txz": _XZ,
}


class _Decoder(Protocol):
    """Takes compressed bytes, gives a limited number of the others; as `bz2` and `lzma` have it."""

    @property
    def needs_input(self) -> bool:
        """False while it can go on with what it has been given."""

    @property
    def eof(self) -> bool:
        """True once the end of the compressed stream was read."""

    @property
    def unused_data(self) -> bytes:
        """What came after that end."""

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Unpack some more."""


class Unpacked:
    """What a compressed stream holds, refused where it is more than it should be."""

    def __init__(self, stream: BinaryIO, gathering: Gathering) -> None:
        """Begin.

        Raises:
            ArchiveRefused: this Python was built without the module that unpacks it.
        """
        self._stream, self._gathering = stream, gathering
        self._kind = next(kind for suffix, kind in _KINDS.items() if gathering.archive.name.endswith(suffix))
        self._decoder = _decoder(self._kind, gathering)
        self._ready = bytearray()
        self._packed = self._unpacked = 0
        self._is_over = False

    def read(self, length: int) -> bytes:
        """Return that many bytes, fewer only at the end.

        Raises:
            ArchiveRefused: the stream is damaged, or holds more than it should.
        """
        while len(self._ready) < length and self._more():
            pass
        data = bytes(self._ready[:length])
        del self._ready[:length]
        return data

    def skip(self, length: int) -> None:
        """Throw bytes away.

        Raises:
            ArchiveRefused: as of `read`, and where there are not so many.
        """
        while length > 0:
            part = self.read(min(length, CHUNK_BYTES))
            if not part:
                raise self._gathering.refuse("it ends too early")
            length -= len(part)

    def _more(self) -> bool:
        """Unpack some more; False at the end."""
        if self._is_over:
            return False
        packed = b""
        if self._decoder.needs_input:
            packed = self._stream.read(CHUNK_BYTES)
            if not packed:
                raise self._gathering.refuse("it ends too early")
        data = self._decompressed(packed)
        self._packed += len(packed)
        self._unpacked += len(data)
        self._ready += data
        if self._decoder.eof:
            self._packed -= len(self._decoder.unused_data)
        self._check()
        if self._decoder.eof:
            self._end()
        return True

    def _decompressed(self, packed: bytes) -> bytes:
        try:
            return self._decoder.decompress(packed, CHUNK_BYTES)
        except MemoryError as error:
            raise self._gathering.refuse("it takes more memory to unpack than there is") from error
        except (zlib.error, OSError, EOFError, ValueError) as error:
            raise self._gathering.refuse(f"it is no {self._kind} file, or damaged") from error
        except Exception as error:
            # `lzma` has an exception of its own, and may not be there at all.
            if self._kind != _XZ:
                raise
            raise self._gathering.refuse(_xz_reason(error, self._gathering)) from error

    def _end(self) -> None:
        """Refuse whatever follows the compressed stream, but for zeros that fill up a block."""
        self._is_over = True
        rest = self._decoder.unused_data
        while rest:
            if rest.strip(b"\0"):
                raise self._gathering.refuse("bytes follow its end")
            rest = self._stream.read(CHUNK_BYTES)

    def _check(self) -> None:
        limits = self._gathering.limits
        if self._unpacked > limits.unpacked_bytes:
            raise self._gathering.refuse(f"it unpacks to more than {limits.unpacked_bytes:,} bytes")
        if self._unpacked > limits.ratio_from_bytes and self._unpacked > limits.ratio * self._packed:
            raise self._gathering.refuse(f"it unpacks to more than {limits.ratio} times its size")


class _Gzip:
    """A gzip stream in the shape of the other two."""

    def __init__(self) -> None:
        self._inflate = zlib.decompressobj(16 + zlib.MAX_WBITS)

    @property
    def needs_input(self) -> bool:
        return not self._inflate.unconsumed_tail

    @property
    def eof(self) -> bool:
        return self._inflate.eof

    @property
    def unused_data(self) -> bytes:
        return self._inflate.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._inflate.decompress(self._inflate.unconsumed_tail + data, max_length)


def _decoder(kind: str, gathering: Gathering) -> _Decoder:
    if kind == _GZIP:
        return _Gzip()
    try:
        if kind == _BZIP2:
            from bz2 import BZ2Decompressor  # noqa: PLC0415 - few archives need it, and few Pythons lack it

            return BZ2Decompressor()
        from lzma import FORMAT_XZ, LZMADecompressor  # noqa: PLC0415 - as above

        return LZMADecompressor(FORMAT_XZ, memlimit=gathering.limits.dictionary_bytes)
    except ImportError as error:
        raise gathering.refuse(f"this Python was built without {kind}") from error


def _xz_reason(error: Exception, gathering: Gathering) -> str:
    if "limit" in str(error):
        return f"it takes more than {gathering.limits.dictionary_bytes:,} bytes of memory to unpack"
    return "it is no xz file, or damaged"
