"""Values of enumerations: what `auto()` gives, and which names are second names."""

import re
from collections.abc import Mapping

import msgspec

from pybridge.codec.python_text import literal_text
from pybridge.model.classes import Class
from pybridge.model.types import LiteralKind, LiteralValue, Named

_AUTO = frozenset({"auto()", "enum.auto()"})
_LOWER = "enum:StrEnum"
_BITS = frozenset({"enum:Flag", "enum:IntFlag"})
_NUMBER = re.compile(r"-?[0-9]{1,100}")
_KNOWN = frozenset({"enum:Enum", "enum:IntEnum", "enum:Flag", "enum:IntFlag", "enum:StrEnum", "enum:ReprEnum"})


class Value(msgspec.Struct, frozen=True, kw_only=True):
    """The value of a member."""

    text: str
    """As Python writes it, as far as it is known; else as it stands in the source."""
    constant: LiteralValue | None
    """None where it is not known, or none of the constants that a literal can be."""
    alias_of: str | None = None
    """The earlier member that it is a second name of."""


def values_of(one: Class) -> Mapping[str, Value]:
    """Work out the values of an enumeration by member, in the order of definition."""
    found: dict[str, Value] = {}
    first: dict[LiteralValue, str] = {}
    counter = _Counter(one)
    for member in one.enum_members:
        text = (member.value or "").strip()
        known = found.get(text)
        if known is not None:
            found[member.name] = msgspec.structs.replace(known, alias_of=known.alias_of or text)
            continue
        constant = member.constant or counter.next_value(member.name, text)
        counter.note(constant)
        alias_of = first.setdefault(constant, member.name) if constant is not None else member.name
        shown = literal_text(constant) if constant is not None and member.constant is None else text
        found[member.name] = Value(
            text=shown, constant=constant, alias_of=alias_of if alias_of != member.name else None
        )
    return found


def mixin_text(one: Class) -> str:
    """Name what an enumeration is besides one: its bases, ``str, enum.Enum``."""
    return ", ".join(base.path.replace(":", ".") for base in one.bases if isinstance(base, Named))


class _Counter:
    """Counts as ``auto()`` does."""

    def __init__(self, one: Class) -> None:
        above = set(one.mro) - {one.path}
        self._is_own = one.makes_values
        self._gives_names = _LOWER in above
        self._is_known = above <= {*_KNOWN, "builtins:int"}
        self._is_bits = bool(above & _BITS)
        self._highest: int | None = 0
        """None where a value before is no number, or too large to be one for long."""

    def next_value(self, name: str, text: str) -> LiteralValue | None:
        """What a member gets; None where a class of the library or a mixin may make something else of it."""
        if text not in _AUTO or self._is_own:
            return None
        if self._gives_names:
            return LiteralValue(kind=LiteralKind.STR, text=name.lower())
        if not self._is_known or self._highest is None:
            return None
        number = 1 << self._highest.bit_length() if self._is_bits else self._highest + 1
        return LiteralValue(kind=LiteralKind.INT, text=str(number))

    def note(self, value: LiteralValue | None) -> None:
        """Go on from a value."""
        number = _number(value)
        self._highest = None if number is None or self._highest is None else max(self._highest, number)


def _number(value: LiteralValue | None) -> int | None:
    """A whole number that is not too large to count on from; None for anything else."""
    if value is None or value.kind is not LiteralKind.INT or not _NUMBER.fullmatch(value.text):
        return None
    return int(value.text)
