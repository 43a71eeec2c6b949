"""Python values and the tagged trees that formats write.

Scalars, lists and dictionaries are themselves; what a format lacks is *tagged* with a name and a payload. How a tag is
written is the format's matter (`as_json`, `as_msgpack`); which values are tagged, and how, is decided here.
"""

import decimal
import enum
import fractions
import math
import pathlib
import uuid
from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import partial
from typing import Any, Protocol, cast

from pybridge_worker.errors import LimitReached, Refused
from pybridge_worker.frames import MAX_BUFFERS, Buffer, Held, Reference
from pybridge_worker.values import arrays, moments, records, tables

MAX_DEPTH = 100
MAX_NODES = 5_000_000
_MAX_WHY = 200
MIN_BUFFER_BYTES = 1024
"""What is smaller stays in the tree, even where buffers are taken."""

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

    def may_create(self, cls: type) -> bool:
        """Whether a described class has instances to create."""
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

    def __init__(
        self, names: Names, leaf: Leaf, buffers: list[Buffer] | None = None, *, checks_texts: bool = False
    ) -> None:
        self._names = names
        self._leaf = leaf
        self._checks_texts = checks_texts
        """Whether to look for lone surrogates: only where the format has stumbled over one."""
        self._buffers = buffers
        """Where raw data goes beside the tree. None: it has to be in the tree."""
        self._nodes = 0
        self._above: set[int] = set()
        """The containers that the value being written lies in, by `id`."""

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

    def raw(self, value: Buffer) -> Any:
        """Write raw data into the payload of a tag."""
        raise NotImplementedError

    def odd_text(self, value: bytes) -> Any:
        """Write a text with lone surrogates, given as UTF-8 that has them too."""
        raise NotImplementedError

    def is_plain_key(self, key: object) -> bool:
        """Whether a dictionary with such keys is a dictionary of the format."""
        raise NotImplementedError

    # What is the same in all.

    def text(self, value: str) -> Any:
        """Write an exact text."""
        if self._checks_texts and not is_utf8(value):
            return self.odd_text(value.encode("utf-8", "surrogatepass"))
        return value

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
        symbol = self._names.symbol_of(cls)
        if symbol is not None:
            if (reference := self._leaf(value)) is not None:
                return self.reference(reference)
            if (fields := records.fields_of(cls)) is not None and (
                values := records.values_of(value, fields)
            ) is not None:
                below = self._within(value, lambda: {name: self.tree(one, depth + 1) for name, one in values.items()})
                return self.tagged("object", [symbol.replace(":", "."), below])
        if arrays.is_array(value):
            dtype, shape, data = arrays.write(value)
            return self.tagged("tensor", [dtype, shape, self.blob(data)])
        if (plain := arrays.scalar(value)) is not value:
            return self.tree(plain, depth + 1)
        if tables.is_table(cls):
            return self._table(value)
        return self._plain_or_held(value, cls, depth)

    def _plain_or_held(self, value: object, cls: type, depth: int) -> Any:
        for base, plain in _PLAIN:
            if issubclass(cls, base):
                return self._within(value, partial(self.tree, plain(value), depth + 1))
        reference = self._leaf(value)
        if reference is None:
            raise NoForm(f"a {cls.__module__}.{cls.__qualname__} has no form")
        return self.reference(reference)

    def reference(self, reference: Reference) -> Any:
        """Write a reference."""
        return self.tagged("ref", [reference.session, reference.object_id, reference.epoch, reference.type_path])

    def blob(self, data: Buffer) -> Any:
        """Put raw data beside the tree and give its index there; small data, or without such a place, stays in the tree."""
        if self._buffers is None or len(data) < MIN_BUFFER_BYTES or len(self._buffers) >= MAX_BUFFERS:
            return self.raw(data)
        self._buffers.append(data)
        return len(self._buffers) - 1

    def _member(self, value: enum.Enum) -> Any | None:
        cls = type(value)
        symbol = self._names.symbol_of(cls)
        if symbol is None:
            return None
        path = symbol.replace(":", ".")
        if cls.__members__.get(value.name) is value:
            return self.tagged("enum", [path, value.name])
        if isinstance(value, enum.Flag) and type(value.value) is int:
            return self.tagged("enum", [path, self.integer(value.value)])
        return None

    def _table(self, value: object) -> Any:
        try:
            data, kind = tables.write(value)
        except tables.NoTable as error:
            if (reference := self._leaf(value)) is not None:
                return self.reference(reference)
            raise NoForm(f"a {type(value).__module__}.{type(value).__qualname__} has no form: {error}") from error
        return self.tagged("arrow", [self.blob(data), kind])

    def _within(self, value: object, write: Callable[[], Any]) -> Any:
        """Write a container; one that lies in itself is held, where it may be.

        Raises:
            NoForm: it contains itself, and may not be held.
        """
        number = id(value)
        if number in self._above:
            reference = self._leaf(value)
            if reference is None:
                raise NoForm("it contains itself")
            return self.reference(reference)
        self._above.add(number)
        try:
            return write()
        finally:
            self._above.discard(number)

    def _list(self, value: list[object], depth: int) -> Any:
        return self._within(value, lambda: self._items(value, depth))

    def _tuple(self, value: tuple[object, ...], depth: int) -> Any:
        return self.tagged("tuple", self._items(value, depth))

    def _set(self, value: set[object], depth: int) -> Any:
        return self.tagged("set", self._items(value, depth))

    def _frozenset(self, value: frozenset[object], depth: int) -> Any:
        return self.tagged("frozenset", self._items(value, depth))

    def _dict(self, value: dict[Any, object], depth: int) -> Any:
        return self._within(value, lambda: self._pairs(value, depth + 1))

    def _pairs(self, value: dict[Any, object], below: int) -> Any:
        if all(self.is_plain_key(key) for key in value) and not (self._checks_texts and _has_odd_key(value)):
            return {key: self.tree(one, below) for key, one in value.items()}
        return self.tagged("dict", [[self.tree(key, below), self.tree(one, below)] for key, one in value.items()])

    def _items(self, value: Iterable[object], depth: int) -> list[Any]:
        return [self.tree(one, depth + 1) for one in value]

    def _integer(self, value: int, _depth: int) -> Any:
        return self.integer(value)

    def _number(self, value: float, _depth: int) -> Any:
        return self.number(value)

    def _text(self, value: str, _depth: int) -> Any:
        return self.text(value)

    def _binary(self, value: bytes, _depth: int) -> Any:
        return self.binary(value)

    def _bytearray(self, value: bytearray, _depth: int) -> Any:
        return self.tagged("bytearray", self.raw(value))

    def _fraction(self, value: fractions.Fraction, _depth: int) -> Any:
        return self.tagged("fraction", [self.integer(value.numerator), self.integer(value.denominator)])

    def _uuid(self, value: uuid.UUID, _depth: int) -> Any:
        return self.tagged("uuid", str(value))

    def _path(self, value: pathlib.PurePath, _depth: int) -> Any:
        return self.tagged("path", [_PATHS[type(value)], self.text(str(value))])

    def _slice(self, value: slice, depth: int) -> Any:
        return self.tagged("slice", self._items((value.start, value.stop, value.step), depth))

    def _range(self, value: range, depth: int) -> Any:
        return self.tagged("range", self._items((value.start, value.stop, value.step), depth))

    def _complex(self, value: complex, _depth: int) -> Any:
        return self.tagged("complex", [self.number(value.real), self.number(value.imag)])

    def _decimal(self, value: decimal.Decimal, _depth: int) -> Any:
        return self.tagged("decimal", str(value))

    def _moment(self, value: moments.Moment, _depth: int) -> Any:
        return self.tagged("time", moments.write(value))


_PATHS: dict[type, str] = {
    type(pathlib.Path()): "path",
    pathlib.PurePosixPath: "posix",
    pathlib.PureWindowsPath: "windows",
}
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
    bytearray: Writer._bytearray,  # noqa: SLF001
    fractions.Fraction: Writer._fraction,  # noqa: SLF001
    uuid.UUID: Writer._uuid,  # noqa: SLF001
    slice: Writer._slice,  # noqa: SLF001
    range: Writer._range,  # noqa: SLF001
    **dict.fromkeys(_PATHS, Writer._path),  # noqa: SLF001
    **dict.fromkeys(moments.KINDS, Writer._moment),  # noqa: SLF001
}
_PLAIN: tuple[tuple[type, Callable[[Any], object]], ...] = (
    (str, str.__str__),
    (int, int.__int__),
    (float, float.__float__),
    (bytes, lambda value: bytes(memoryview(value))),
    (bytearray, lambda value: bytearray(memoryview(value))),
    (memoryview, bytes),
    (list, lambda value: list.__getitem__(value, slice(None))),
    (tuple, lambda value: tuple.__getitem__(value, slice(None))),
    (dict, lambda value: dict(dict.items(value))),
    (set, lambda value: set(set.__iter__(value))),
    (frozenset, lambda value: frozenset().union(list(frozenset.__iter__(value)))),
)
"""Subclasses of the built-in types are written as what they are built on, by the built-in type's own methods."""


class Reader:
    """Turns tags back into values. One reader a call."""

    def __init__(self, names: Names, context: Context, buffers: Sequence[Buffer] = ()) -> None:
        self._names = names
        self._context = context
        self._buffers = buffers
        """What came beside the tree."""

    def raw(self, payload: Any) -> Buffer:
        """Read raw data out of the payload of a tag; TypeError or ValueError when it is none."""
        raise NotImplementedError

    def blob(self, payload: Any) -> Buffer:
        """Give raw data that lies beside the tree, by its index there, or in it."""
        if type(payload) is not int:
            return self.raw(payload)
        if not 0 <= payload < len(self._buffers):
            raise Unreadable(f"there is no buffer {payload}: {len(self._buffers)} came with it")
        return self._buffers[payload]

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
            raise Unreadable(f"not a {tag}: {str(error)[:_MAX_WHY]}") from error

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
        if cls is not None and type(name) is int and issubclass(cls, enum.Flag):
            return cls(name)
        if cls is None or not issubclass(cls, enum.Enum) or name not in cls.__members__:
            raise Unreadable("the bundle has no such member of an enumeration")
        return cls.__members__[name]

    def _object(self, payload: Any) -> object:
        path, values = payload
        cls = self._names.class_named(path) if isinstance(path, str) else None
        if cls is None or not self._names.may_create(cls):
            raise Unreadable("the bundle has no such class with instances to create")
        return records.make(cls, values)

    def _tensor(self, payload: Any) -> object:
        dtype, shape, data = payload
        return arrays.read(dtype, shape, self.blob(data))

    def _arrow(self, payload: Any) -> object:
        data, kind = payload
        if not isinstance(kind, str):
            raise TypeError("its second part is the type to come back as")
        return tables.read(self.blob(data), kind)

    def _fraction(self, payload: Any) -> fractions.Fraction:
        numerator, denominator = payload
        if type(numerator) is not int or type(denominator) is not int:
            raise TypeError("its payload is two integers")
        return fractions.Fraction(numerator, denominator)

    def _uuid(self, payload: Any) -> uuid.UUID:
        if not isinstance(payload, str):
            raise TypeError("its payload is text")
        return uuid.UUID(payload)

    def _path(self, payload: Any) -> pathlib.PurePath:
        kind, text = payload
        if kind not in _PATHS.values() or not isinstance(text, str):
            raise TypeError("its payload is path, posix or windows, and a text")
        cls = next(cls for cls, name in _PATHS.items() if name == kind)
        made: pathlib.PurePath = cls(text)
        return made

    def _slice(self, payload: Any) -> slice:
        start, stop, step = payload
        return slice(start, stop, step)

    def _range(self, payload: Any) -> range:
        start, stop, step = payload
        return range(start, stop, step)

    def _dict(self, payload: Any) -> object:
        pairs: list[tuple[Hashable, object]] = [(key, value) for key, value in payload]
        return dict(pairs)

    def _items(self, payload: Any) -> list[object]:
        if not isinstance(payload, list):
            raise TypeError("its payload is a list")
        return payload

    def _complex(self, payload: Any) -> complex:
        real, imaginary = payload
        if not isinstance(real, (int, float)) or not isinstance(imaginary, (int, float)):
            raise TypeError("its payload is two numbers")
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
    "object": Reader._object,  # noqa: SLF001
    "tensor": Reader._tensor,  # noqa: SLF001
    "arrow": Reader._arrow,  # noqa: SLF001
    "bytearray": lambda reader, payload: bytearray(reader.raw(payload)),
    "fraction": Reader._fraction,  # noqa: SLF001
    "uuid": Reader._uuid,  # noqa: SLF001
    "path": Reader._path,  # noqa: SLF001
    "slice": Reader._slice,  # noqa: SLF001
    "range": Reader._range,  # noqa: SLF001
    "time": lambda _reader, payload: moments.read(payload),
}


def is_utf8(text: str) -> bool:
    """Whether a text has no lone surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _has_odd_key(value: Iterable[object]) -> bool:
    return any(type(key) is str and not is_utf8(key) for key in value)


def float_text(value: float) -> str | None:
    """The name of a float that JSON lacks. None: it has it."""
    if math.isfinite(value):
        return None
    return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
