"""Types of the bundle as checks of values: what a plain value contradicts is refused, everything else passes.

An object of a class of its own (a held one, an array, a subclass of a built-in type) passes any check but that of a literal: whether
the library takes it is the library's to say.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple, Protocol

from pybridge_worker.validation.bulk import MIN_ITEMS, Bulk, bulk_of

_NOTHING, _TRUTH, _TEXT = type(None), bool, str
_SCALARS = frozenset({_NOTHING, bool, int, float, complex})
_BINARY = frozenset({bytes, bytearray})
_ITEMS = frozenset({list, tuple, set, frozenset})
_ALL = _SCALARS | _BINARY | _ITEMS | {_TEXT, dict}
_TAKEN: Mapping[str, frozenset[type]] = {
    "None": frozenset({_NOTHING}),
    "bool": frozenset({bool}),
    "int": frozenset({int, bool}),
    "float": frozenset({float, int, bool}),
    "complex": frozenset({complex, float, int, bool}),
    "str": frozenset({str}),
    "bytes": _BINARY,
}
_SHOWN_LITERALS = 12
_SHOWN_CHARACTERS = 40


class Mismatch(NamedTuple):
    """Where in a value it is not what it should be (``[3]``, empty: as a whole), what was expected there, and what came."""

    place: str
    expected: str
    got: str


class Check(Protocol):
    """One type."""

    text: str
    """As Python writes it."""
    sure: frozenset[type]
    """Types whose values pass whatever they are."""

    def accepts(self, value: object) -> bool:
        """Whether a value passes."""
        ...

    def mismatch(self, value: object) -> Mismatch:
        """Say what is wrong with a value that does not pass."""
        ...


class Plain:
    """A built-in type without parts."""

    def __init__(self, text: str, taken: frozenset[type]) -> None:
        self.text = text
        self.sure = taken
        self._refused = _ALL - taken

    def accepts(self, value: object) -> bool:
        """Whether it is of one of the types, or of none that is built in."""
        return type(value) not in self._refused

    def mismatch(self, value: object) -> Mismatch:
        """Say its type."""
        return Mismatch("", self.text, kind_of(value))


class OneOf:
    """A literal."""

    sure: frozenset[type] = frozenset()

    def __init__(self, values: Iterable[object]) -> None:
        self._values = tuple(values)
        self.text = f"Literal[{', '.join(map(repr, self._values[:_SHOWN_LITERALS]))}{', ...' * (len(self._values) > _SHOWN_LITERALS)}]"

    def accepts(self, value: object) -> bool:
        """Whether it is one of the values; True is 1, as in Python. A text's own subclass counts as the text."""
        if type(value) not in _ALL:
            return True
        return isinstance(value, (str, int, _NOTHING)) and value in self._values

    def mismatch(self, value: object) -> Mismatch:
        """Say the value, where it is short."""
        shown = repr(value) if isinstance(value, (str, int)) else ""
        return Mismatch("", self.text, shown if 0 < len(shown) <= _SHOWN_CHARACTERS else kind_of(value))


class Items:
    """A container of items of one type: any container that Python could go through in its place passes."""

    sure: frozenset[type] = frozenset()

    def __init__(self, name: str, item: Check | None, shown: str, bulk: Bulk | None) -> None:
        self._bulk = bulk
        self.text = f"{name}[{shown}]" if shown else name
        self._item = item
        self._refused = _ALL - _ITEMS
        self._sure = None if item is None else item.sure

    def accepts(self, value: object) -> bool:
        """Whether it is a container, and all its items pass."""
        if type(value) in self._refused:
            return False
        item = self._item
        if item is None or not isinstance(value, (list, tuple, set, frozenset)):
            return True
        if len(value) >= MIN_ITEMS and self._bulk is not None and self._bulk.passes(value):
            return True
        if self._sure and self._sure.issuperset(map(type, value)):
            return True
        return all(map(item.accepts, value))

    def mismatch(self, value: object) -> Mismatch:
        """Say which item is not what it should be."""
        item = self._item
        if item is None or not isinstance(value, (list, tuple)):
            return Mismatch("", self.text, kind_of(value))
        index, wrong = next((index, one) for index, one in enumerate(value) if not item.accepts(one))
        return _within(f"[{index}]", item.mismatch(wrong))


class Fields:
    """A tuple of as many items as there are types."""

    sure: frozenset[type] = frozenset()

    def __init__(self, items: tuple[Check | None, ...], shown: Iterable[str]) -> None:
        self.text = f"tuple[{', '.join(shown)}]" if items else "tuple[()]"
        self._items = items
        self._refused = _ALL - {list, tuple}

    def accepts(self, value: object) -> bool:
        """Whether it has so many items, and each passes."""
        if type(value) in self._refused:
            return False
        if type(value) not in {list, tuple} or not isinstance(value, (list, tuple)):
            return True
        pairs = zip(self._items, value, strict=False)
        return len(value) == len(self._items) and all(item is None or item.accepts(one) for item, one in pairs)

    def mismatch(self, value: object) -> Mismatch:
        """Say its size, or which item is not what it should be."""
        if not isinstance(value, (list, tuple)):
            return Mismatch("", self.text, kind_of(value))
        if len(value) != len(self._items):
            return Mismatch("", self.text, f"{kind_of(value)} of {len(value)} items")
        pairs = enumerate(zip(self._items, value, strict=True))
        return next(
            _within(f"[{index}]", item.mismatch(one))
            for index, (item, one) in pairs
            if item is not None and not item.accepts(one)
        )


class Pairs:
    """A dictionary."""

    sure: frozenset[type] = frozenset()

    def __init__(self, key: Check | None, item: Check | None, shown: str, bulk: Bulk | None) -> None:
        self._bulk = bulk
        self.text = f"dict[{shown}]" if shown else "dict"
        self._key, self._item = key, item
        self._refused = _ALL - {dict}

    def accepts(self, value: object) -> bool:
        """Whether it is a dictionary whose keys and values pass."""
        if type(value) in self._refused:
            return False
        if not isinstance(value, dict):
            return True
        if len(value) >= MIN_ITEMS and self._bulk is not None and self._bulk.passes(value):
            return True
        if self._key is not None and not all(map(self._key.accepts, value)):
            return False
        return self._item is None or all(map(self._item.accepts, value.values()))

    def mismatch(self, value: object) -> Mismatch:
        """Say which key or value is not what it should be."""
        if not isinstance(value, dict):
            return Mismatch("", self.text, kind_of(value))
        for key, one in value.items():
            if self._key is not None and not self._key.accepts(key):
                return _within(" (a key)", self._key.mismatch(key))
            if self._item is not None and not self._item.accepts(one):
                shown = repr(key) if isinstance(key, (str, int)) and len(str(key)) <= _SHOWN_CHARACTERS else "..."
                return _within(f"[{shown}]", self._item.mismatch(one))
        return Mismatch("", self.text, kind_of(value))


class Either:
    """A union."""

    def __init__(self, members: tuple[Check, ...]) -> None:
        self.text = " | ".join(one.text for one in members)
        self.sure = frozenset().union(*(one.sure for one in members))
        self._members = members

    def accepts(self, value: object) -> bool:
        """Whether one of the types takes it."""
        if type(value) in self.sure:
            return True
        for one in self._members:  # noqa: SIM110 - a generator would cost more than the checks
            if one.accepts(value):
                return True
        return False

    def mismatch(self, value: object) -> Mismatch:
        """Say its type; what is wrong inside of it would be wrong for one of the types only."""
        return Mismatch("", self.text, kind_of(value))


def check_of(described: object) -> Check | None:
    """Make the check of a type as the bundle has it. None: anything passes, also where the form is not known here."""
    match described:
        case str(name) if name in _TAKEN:
            return Plain(name, _TAKEN[name])
        case ["|", *members]:
            return _union(members)
        case ["literal", *values]:
            return OneOf(values)
        case ["enum", str(path)]:
            return Plain(path, frozenset())
        case [("list" | "set" | "frozenset" | "tuple*") as name, *parts] if len(parts) <= 1:
            return _items(name, parts, bulk_of(described) if name == "list" else None)
        case ["tuple", *parts]:
            return Fields(tuple(map(check_of, parts)), map(_shown, parts))
        case ["dict"]:
            return Pairs(None, None, "", None)
        case ["dict", key, item]:
            return Pairs(check_of(key), check_of(item), f"{_shown(key)}, {_shown(item)}", bulk_of(described))
        case _:
            return None


def kind_of(value: object) -> str:
    """The name of a value's type."""
    return "None" if value is None else type(value).__name__


def _union(members: list[object]) -> Check | None:
    checks = [check_of(one) for one in members]
    known = tuple(one for one in checks if one is not None)
    return Either(known) if known and len(known) == len(checks) else None


def _items(name: str, parts: list[object], bulk: Bulk | None) -> Check:
    shown = _shown(parts[0]) if parts else ""
    if name == "tuple*":
        name, shown = "tuple", f"{shown}, ..." if parts and parts[0] is not None else ""
    return Items(name, check_of(parts[0]) if parts else None, shown, bulk)


def _shown(described: object) -> str:
    check = check_of(described)
    return "Any" if check is None else check.text


def _within(place: str, mismatch: Mismatch) -> Mismatch:
    return mismatch._replace(place=f"{place}{mismatch.place}")
