"""MessagePack. A tag is an extension type whose data is the payload's own MessagePack (for big ints: signed big-endian)."""

from collections.abc import Sequence
from typing import Any

import msgspec

from pybridge_worker.errors import Refused
from pybridge_worker.frames import Buffer
from pybridge_worker.values.plain import MSGPACK_SCALARS, is_plain
from pybridge_worker.values.trees import Context, Leaf, Names, Reader, Unreadable, Writer

CODES = {
    "ref": 1,
    "tensor": 2,
    "int": 3,
    "tuple": 4,
    "set": 5,
    "frozenset": 6,
    "complex": 7,
    "decimal": 8,
    "time": 9,
    "enum": 10,
    "arrow": 11,
    "result": 12,
    "dict": 13,
    "object": 14,
    "bytearray": 15,
    "fraction": 16,
    "uuid": 17,
    "path": 18,
    "slice": 19,
    "range": 20,
    "text": 21,
}
_RAW = frozenset({"int", "text"})
"""Tags whose data is not MessagePack itself."""
_TAGS = {code: tag for tag, code in CODES.items()}
_PLAIN_KEYS = (str, bytes, float, bool, type(None))
_INT_MIN, _INT_MAX = -(2**63), 2**64 - 1
_encode = msgspec.msgpack.Encoder().encode


class _MsgpackWriter(Writer):
    def tagged(self, tag: str, payload: Any) -> Any:
        return msgspec.msgpack.Ext(CODES[tag], msgspec.msgpack.encode(payload))

    def integer(self, value: int) -> Any:
        if _INT_MIN <= value <= _INT_MAX:
            return value
        size = value.bit_length() // 8 + 1
        return msgspec.msgpack.Ext(CODES["int"], value.to_bytes(size, "big", signed=True))

    def number(self, value: float) -> Any:
        return value

    def binary(self, value: bytes) -> Any:
        return value

    def raw(self, value: Buffer) -> Any:
        return bytes(value)

    def odd_text(self, value: bytes) -> Any:
        return msgspec.msgpack.Ext(CODES["text"], value)

    def is_plain_key(self, key: object) -> bool:
        return type(key) in _PLAIN_KEYS or (type(key) is int and _INT_MIN <= key <= _INT_MAX)


class _MsgpackReader(Reader):
    def raw(self, payload: Any) -> Buffer:
        if not isinstance(payload, bytes):
            raise TypeError("raw data is binary")
        return bytearray(payload)

    def ext_hook(self, code: int, data: memoryview) -> object:
        tag = _TAGS.get(code, str(code))
        if tag in _RAW:
            return int.from_bytes(data, "big", signed=True) if tag == "int" else str(data, "utf-8", "surrogatepass")
        return self.revive(tag, msgspec.msgpack.decode(data, ext_hook=self.ext_hook))


def write(value: object, names: Names, leaf: Leaf, buffers: list[Buffer] | None = None) -> bytes:
    """Write a value as MessagePack; raw data goes to `buffers`, where there are such.

    Raises:
        NoForm: it, or something in it, has no form and may not be held.
    """
    data = write_plain(value)
    if data is not None:
        return data
    try:
        return msgspec.msgpack.encode(_MsgpackWriter(names, leaf, buffers).tree(value))
    except UnicodeEncodeError:
        if buffers is not None:
            buffers.clear()
        return msgspec.msgpack.encode(_MsgpackWriter(names, leaf, buffers, checks_texts=True).tree(value))


def write_plain(value: object) -> bytes | None:
    """Write a value that needs no tags. None: it may need some."""
    if not is_plain(value, MSGPACK_SCALARS):
        return None
    try:
        return _encode(value)
    except (UnicodeEncodeError, OverflowError):  # the writer has forms for both
        return None


def read(data: Buffer, names: Names, context: Context, buffers: Sequence[Buffer] = ()) -> object:
    """Read MessagePack.

    Raises:
        Unreadable: it is not MessagePack, or a tag in it is not what it should be.
        Refused: a reference in it is lost, released or foreign.
    """
    reader = _MsgpackReader(names, context, buffers)
    try:
        return msgspec.msgpack.decode(data, ext_hook=reader.ext_hook)
    except RecursionError as error:
        raise Unreadable("it is nested too deep") from error
    except (Unreadable, Refused):
        raise
    except (msgspec.DecodeError, UnicodeDecodeError, TypeError) as error:
        raise Unreadable(f"not MessagePack: {error}") from error
