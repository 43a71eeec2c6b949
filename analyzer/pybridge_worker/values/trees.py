"""Python values and the tagged trees that formats write.

Scalars, lists and dictionaries are themselves; what a format lacks is *tagged* with a name and a payload. How a tag is
written is the format's matter (`as_json`, `as_msgpack`); which values are tagged, and how, is decided here.
"""

import decimal
import enum
import math
from collections.abc import Callable, Hashable, Iterable
from typing import Any, Protocol, cast

from pybridge_worker.errors import LimitReached, Refused
from pybridge_worker.frames import Held, Reference
from pybridge_worker.values import moments

MAX_DEPTH = 100
MAX_NODES = 5_000_000

Leaf = Callable[[object], Reference | None]
"""Holds an object that has no form and gives its reference; None: nothing may be held."""


class NoForm(Exception):
    """A value has no form in the format. Says of which type, and why."""


class Unreadable(Exception):
    """Encoded bytes are not a value. Says why."""


class Names(Protocol):
    """What the formats must know of the library (`Installed`)."""

    def symbol_of(self, cls: type) -> str | None:
        """The symbol of a described class."""
        ...

    def class_named(self, dotted: str) -> type | None:
        """A described class by its dotted path."""
        ...


class Context(Protocol):
    """What reading an argument may reach: held objects and earlier results."""

    def find(self, held: Held) -> object:
        """Give a held object."""
        ...

    def earlier(self, index: int) -> object:
        """Give the result of an earlier operation of the batch."""
        ...


class Writer:
    """Turns a value into a tree of what a format writes natively, and tags. One writer a value."""

    def __init__(self, names: Names, leaf: Leaf) -> None:
        self._names = names
        self._leaf = leaf
        self._nodes = 0

    # What a format decides.

    def tagged(self, tag: str, payload: Any) -> Any:
        """Write a tag; the payload is a tree already."""
        raise NotImplementedError

    def integer(self, value: int) -> Any:
        """Write an exact int."""
        raise NotImplementedError

    def number(self, value: float) -> Any:
        """Write an exact float."""
        raise NotImplementedError

    def binary(self, value: bytes) -> Any:
        """Write exact bytes."""
        raise NotImplementedError

    def is_plain_key(self, key: object) -> bool:
        """Whether a dictionary with such keys is a dictionary of the format."""
        raise NotImplementedError

    # What is the same in all.

    def tree(self, value: object, depth: int = 0) -> Any:
        """Turn a value into a tree.

        Raises:
            NoForm: it, or something in it, has no form and may not be held.
            LimitReached: it is larger than any result may be.
        """
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise LimitReached("the value has too many parts", MAX_NODES)
        if value is None or value is True or value is False:
            return value
        cls = type(value)
        write = _EXACT.get(cls)
        if write is not None:
            if depth > MAX_DEPTH:
                raise NoForm(f"it is nested deeper than {MAX_DEPTH}, or contains itself")
            return write(self, value, depth)
        return self._other(value, cls, depth)

    def _other(self, value: object, cls: type, depth: int) -> Any:
        if cls is Reference:
            return self.reference(cast("Reference", value))
        if isinstance(value, enum.Enum) and (member := self._member(value)) is not None:
            return member
        if self._names.symbol_of(cls) is not None and (reference := self._leaf(value)) is not None:
            return self.reference(reference)
        for base, plain in _PLAIN:
            if issubclass(cls, base):
                return self.tree(plain(value), depth + 1)
        reference = self._leaf(value)
        if reference is None:
            raise NoForm(f"a {cls.__module__}.{cls.__qualname__} has no form")
        return self.reference(reference)

    def reference(self, reference: Reference) -> Any:
        """Write a reference."""
        return self.tagged("ref", [reference.session, reference.object_id, reference.epoch, reference.type_path])

    def _member(self, value: enum.Enum) -> Any | None:
        cls = type(value)
        symbol = self._names.symbol_of(cls)
        if symbol is None or cls.__members__.get(value.name) is not value:
            return None
        return self.tagged("enum", [symbol.replace(":", "."), value.name])

    def _list(self, value: list[object], depth: int) -> Any:
        return self._items(value, depth)

    def _tuple(self, value: tuple[object, ...], depth: int) -> Any:
        return self.tagged("tuple", self._items(value, depth))

    def _set(self, value: set[object], depth: int) -> Any:
        return self.tagged("set", self._items(value, depth))

    def _frozenset(self, value: frozenset[object], depth: int) -> Any:
        return self.tagged("frozenset", self._items(value, depth))

    def _dict(self, value: dict[Any, object], depth: int) -> Any:
        below = depth + 1
        if all(self.is_plain_key(key) for key in value):
            return {key: self.tree(one, below) for key, one in value.items()}
        return self.tagged("dict", [[self.tree(key, below), self.tree(one, below)] for key, one in value.items()])

    def _items(self, value: Iterable[object], depth: int) -> list[Any]:
        return [self.tree(one, depth + 1) for one in value]

    def _integer(self, value: int, _depth: int) -> Any:
        return self.integer(value)

    def _number(self, value: float, _depth: int) -> Any:
        return self.number(value)

    def _text(self, value: str, _depth: int) -> Any:
        return value

    def _binary(self, value: bytes, _depth: int) -> Any:
        return self.binary(value)

    def _complex(self, value: complex, _depth: int) -> Any:
        return self.tagged("complex", [self.number(value.real), self.number(value.imag)])

    def _decimal(self, value: decimal.Decimal, _depth: int) -> Any:
        return self.tagged("decimal", str(value))

    def _moment(self, value: moments.Moment, _depth: int) -> Any:
        return self.tagged("time", moments.write(value))


_EXACT: dict[type, Callable[[Any, Any, int], Any]] = {
    str: Writer._text,  # noqa: SLF001 - the class's own table
    int: Writer._integer,  # noqa: SLF001
    float: Writer._number,  # noqa: SLF001
    list: Writer._list,  # noqa: SLF001
    dict: Writer._dict,  # noqa: SLF001
    tuple: Writer._tuple,  # noqa: SLF001
    bytes: Writer._binary,  # noqa: SLF001
    set: Writer._set,  # noqa: SLF001
    frozenset: Writer._frozenset,  # noqa: SLF001
    complex: Writer._complex,  # noqa: SLF001
    decimal.Decimal: Writer._decimal,  # noqa: SLF001
    **dict.fromkeys(moments.KINDS, Writer._moment),  # noqa: SLF001
}
_PLAIN: tuple[tuple[type, Callable[[Any], object]], ...] = (
    (str, str.__str__),
    (int, int.__int__),
    (float, float.__float__),
    (bytes, lambda value: bytes(memoryview(value))),
    (bytearray, lambda value: bytes(memoryview(value))),
    (list, lambda value: list.__getitem__(value, slice(None))),
    (tuple, lambda value: tuple.__getitem__(value, slice(None))),
    (dict, lambda value: dict(dict.items(value))),
    (set, lambda value: set(set.__iter__(value))),
    (frozenset, lambda value: frozenset().union(list(frozenset.__iter__(value)))),
)
"""Subclasses of the built-in types are written as what they are built on, by the built-in type's own methods."""


class Reader:
    """Turns tags back into values. One reader a call."""

    def __init__(self, names: Names, context: Context) -> None:
        self._names = names
        self._context = context

    def revive(self, tag: str, payload: Any) -> object:
        """Read one tag; the payload has been read already.

        Raises:
            Unreadable: no such tag, or its payload is not such a one.
            Refused: a reference that is lost, released or foreign.
        """
        read = _REVIVE.get(tag)
        if read is None:
            raise Unreadable(f"no value is tagged {tag[:40]!r}")
        try:
            return read(self, payload)
        except (Unreadable, Refused):
            raise
        except (ValueError, TypeError, KeyError, ArithmeticError, AttributeError) as error:
            raise Unreadable(f"not a {tag}: {error}") from error

    def _ref(self, payload: Any) -> object:
        match payload:
            case [str(session), int(number), int(epoch), *_] if 0 <= number < 2**64 and 0 <= epoch < 2**64:
                return self._context.find(Held(session, number, epoch))
            case _:
                raise Unreadable("a reference is a session, an object's number and an epoch")

    def _result(self, payload: Any) -> object:
        if type(payload) is not int:
            raise Unreadable("a result is the index of an earlier operation")
        return self._context.earlier(payload)

    def _enum(self, payload: Any) -> object:
        path, name = payload
        cls = self._names.class_named(path)
        if cls is None or not issubclass(cls, enum.Enum) or name not in cls.__members__:
            raise Unreadable("the bundle has no such member of an enumeration")
        return cls.__members__[name]

    def _dict(self, payload: Any) -> object:
        pairs: list[tuple[Hashable, object]] = [(key, value) for key, value in payload]
        return dict(pairs)

    def _items(self, payload: Any) -> list[object]:
        if not isinstance(payload, list):
            raise TypeError("its payload is a list")
        return payload

    def _complex(self, payload: Any) -> complex:
        real, imaginary = payload
        return complex(float(real), float(imaginary))

    def _decimal(self, payload: Any) -> decimal.Decimal:
        if not isinstance(payload, str):
            raise TypeError("its payload is text")
        return decimal.Decimal(payload)


_REVIVE: dict[str, Callable[[Reader, Any], object]] = {
    "ref": Reader._ref,  # noqa: SLF001 - the class's own table
    "result": Reader._result,  # noqa: SLF001
    "enum": Reader._enum,  # noqa: SLF001
    "dict": Reader._dict,  # noqa: SLF001
    "complex": Reader._complex,  # noqa: SLF001
    "decimal": Reader._decimal,  # noqa: SLF001
    "tuple": lambda reader, payload: tuple(reader._items(payload)),  # noqa: SLF001
    "set": lambda reader, payload: set(reader._items(payload)),  # noqa: SLF001
    "frozenset": lambda reader, payload: frozenset(reader._items(payload)),  # noqa: SLF001
    "time": lambda _reader, payload: moments.read(payload),
}


def float_text(value: float) -> str | None:
    """The name of a float that JSON lacks. None: it has it."""
    if math.isfinite(value):
        return None
    return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
