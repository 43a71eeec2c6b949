"""JSON: what a client of the specification speaks. A tag is an object with one member, ``{"__pybridge_tuple__": [1, 2]}``."""

import base64
import contextlib
import json
import math
from collections.abc import Sequence
from typing import Any

import msgspec

from pybridge_worker.errors import Refused
from pybridge_worker.frames import Buffer, Reference
from pybridge_worker.values.plain import JSON_SCALARS, is_plain
from pybridge_worker.values.trees import Context, Leaf, Names, Reader, Unreadable, Writer, float_text

PREFIX, SUFFIX = "__pybridge_", "__"
_TAG_START = f'"{PREFIX}'.encode()
_encode = json.JSONEncoder(allow_nan=False, ensure_ascii=False, separators=(",", ":"), check_circular=False).encode
_plain: msgspec.json.Decoder[object] = msgspec.json.Decoder(object)
_REFERENCE = ("session", "id", "epoch", "type")


_MAX_PLAIN_BITS = 14_000
"""Python writes an int of at most 4300 digits as a number; a longer one is written in hexadecimal."""


class _JsonWriter(Writer):
    def tagged(self, tag: str, payload: Any) -> Any:
        return {f"{PREFIX}{tag}{SUFFIX}": payload}

    def reference(self, reference: Reference) -> Any:
        fields = (reference.session, reference.object_id, reference.epoch, reference.type_path)
        return self.tagged("ref", dict(zip(_REFERENCE, fields, strict=True)))

    def integer(self, value: int) -> Any:
        return value if value.bit_length() < _MAX_PLAIN_BITS else self.tagged("int", hex(value))

    def number(self, value: float) -> Any:
        text = float_text(value)
        return value if text is None else self.tagged("float", text)

    def binary(self, value: bytes) -> Any:
        return self.tagged("bytes", base64.b64encode(value).decode())

    def raw(self, value: Buffer) -> Any:
        return base64.b64encode(value).decode()

    def odd_text(self, value: bytes) -> Any:
        return self.tagged("text", self.raw(value))

    def is_plain_key(self, key: object) -> bool:
        return type(key) is str and not key.startswith(PREFIX)


class _JsonReader(Reader):
    def raw(self, payload: Any) -> Buffer:
        if not isinstance(payload, str):
            raise TypeError("raw data is base 64")
        return bytearray(base64.b64decode(payload, validate=True))

    def object_hook(self, pairs: dict[str, Any]) -> object:
        if len(pairs) != 1:
            return pairs
        ((key, payload),) = pairs.items()
        if not key.startswith(PREFIX):
            return pairs
        tag = key.removeprefix(PREFIX).removesuffix(SUFFIX)
        match tag:
            case "float" if payload in ("nan", "inf", "-inf"):
                return float(payload)
            case "int" if isinstance(payload, str):
                return int(payload, 16)
            case "text" if isinstance(payload, str):
                return base64.b64decode(payload, validate=True).decode("utf-8", "surrogatepass")
            case "bytes" if isinstance(payload, str):
                return base64.b64decode(payload, validate=True)
            case "ref" if isinstance(payload, dict):
                return self.revive(tag, [payload.get(name) for name in _REFERENCE])
            case _:
                return self.revive(tag, payload)


def write(value: object, names: Names, leaf: Leaf, buffers: list[Buffer] | None = None) -> bytes:
    """Write a value as JSON; raw data goes to `buffers`, where there are such.

    Raises:
        NoForm: it, or something in it, has no form and may not be held.
    """
    data = write_plain(value)
    if data is not None:
        return data
    try:
        return _dumped(_JsonWriter(names, leaf, buffers).tree(value))
    except UnicodeEncodeError:
        if buffers is not None:
            buffers.clear()
        return _dumped(_JsonWriter(names, leaf, buffers, checks_texts=True).tree(value))


def write_plain(value: object) -> bytes | None:
    """Write a value that needs no tags. None: it may need some."""
    if not is_plain(value, JSON_SCALARS):
        return None
    try:
        data = _dumped(value)
    except ValueError:  # nan, an int of too many digits, a lone surrogate: the writer has forms for these
        return None
    return None if _TAG_START in data else data


def _dumped(tree: object) -> bytes:
    return _encode(tree).encode()


def read(data: Buffer, names: Names, context: Context, buffers: Sequence[Buffer] = ()) -> object:
    """Read JSON.

    Raises:
        Unreadable: it is not JSON, or a tag in it is not what it should be.
        Refused: a reference in it is lost, released or foreign.
    """
    if b"__pybridge_" not in data and b"\\u" not in data:
        # No tag can be in it. What msgspec refuses is read again below: for the message, and for what Python takes beyond.
        with contextlib.suppress(msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            return _plain.decode(data)
    reader = _JsonReader(names, context, buffers)
    try:
        return json.loads(
            str(data, "utf-8"), object_hook=reader.object_hook, parse_float=_number, parse_constant=_constant
        )
    except RecursionError as error:
        raise Unreadable("it is nested too deep") from error
    except (Unreadable, Refused):
        raise
    except ValueError as error:  # not UTF-8, not JSON, too many digits, not base 64
        raise Unreadable(f"not JSON: {error}") from error


def _number(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise Unreadable(f"the number {text[:40]} is out of a float's range")
    return value


def _constant(text: str) -> float:
    raise Unreadable(f'{text} is not JSON; write {{"__pybridge_float__": "nan"}}, "inf" or "-inf"')
