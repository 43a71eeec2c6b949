"""JSON: what a client of the specification speaks. A tag is an object with one member, ``{"__pybridge_tuple__": [1, 2]}``."""

import base64
import json
import math
from typing import Any

from pybridge_worker.errors import Refused
from pybridge_worker.frames import Reference
from pybridge_worker.values.trees import Context, Leaf, Names, NoForm, Reader, Unreadable, Writer, float_text

PREFIX, SUFFIX = "__pybridge_", "__"
_REFERENCE = ("session", "id", "epoch", "type")


class _JsonWriter(Writer):
    def tagged(self, tag: str, payload: Any) -> Any:
        return {f"{PREFIX}{tag}{SUFFIX}": payload}

    def reference(self, reference: Reference) -> Any:
        fields = (reference.session, reference.object_id, reference.epoch, reference.type_path)
        return self.tagged("ref", dict(zip(_REFERENCE, fields, strict=True)))

    def integer(self, value: int) -> Any:
        return value

    def number(self, value: float) -> Any:
        text = float_text(value)
        return value if text is None else self.tagged("float", text)

    def binary(self, value: bytes) -> Any:
        return self.tagged("bytes", base64.b64encode(value).decode())

    def is_plain_key(self, key: object) -> bool:
        return type(key) is str and not key.startswith(PREFIX)


class _JsonReader(Reader):
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
            case "bytes" if isinstance(payload, str):
                return base64.b64decode(payload, validate=True)
            case "ref" if isinstance(payload, dict):
                return self.revive(tag, [payload.get(name) for name in _REFERENCE])
            case _:
                return self.revive(tag, payload)


def write(value: object, names: Names, leaf: Leaf) -> bytes:
    """Write a value as JSON.

    Raises:
        NoForm: it, or something in it, has no form and may not be held.
    """
    tree = _JsonWriter(names, leaf).tree(value)
    try:
        return json.dumps(tree, allow_nan=False, separators=(",", ":"), check_circular=False).encode("ascii")
    except ValueError as error:  # an int of more digits than Python writes
        raise NoForm(str(error)) from error


def read(data: bytes, names: Names, context: Context) -> object:
    """Read JSON.

    Raises:
        Unreadable: it is not JSON, or a tag in it is not what it should be.
        Refused: a reference in it is lost, released or foreign.
    """
    reader = _JsonReader(names, context)
    try:
        return json.loads(
            data.decode("utf-8"), object_hook=reader.object_hook, parse_float=_number, parse_constant=_constant
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
