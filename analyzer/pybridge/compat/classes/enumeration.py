"""Values of enumerations: what `auto()` gives, and which names are second names."""

from collections.abc import Mapping

import msgspec

from pybridge.model.classes import Class, EnumMember
from pybridge.model.types import LiteralKind, LiteralValue, Named

_AUTO = frozenset({"auto()", "enum.auto()"})
_LOWER = "enum:StrEnum"
_BITS = frozenset({"enum:Flag", "enum:IntFlag"})
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
    for member in one.enum_members:
        text = (member.value or "").strip()
        known = found.get(text)
        if known is not None:
            found[member.name] = msgspec.structs.replace(known, alias_of=known.alias_of or text)
            continue
        value = _value(one, member, text, found)
        first = next((name for name, other in found.items() if _is_equal(value, other)), None)
        found[member.name] = msgspec.structs.replace(value, alias_of=first)
    return found


def mixin_text(one: Class) -> str:
    """Name what an enumeration is besides one: its bases, ``str, enum.Enum``."""
    return ", ".join(base.path.replace(":", ".") for base in one.bases if isinstance(base, Named))


def _value(one: Class, member: EnumMember, text: str, before: Mapping[str, Value]) -> Value:
    if member.constant is not None:
        return Value(text=text, constant=member.constant)
    if text in _AUTO and not one.makes_values:
        made = _automatic(one, member.name, before)
        if made is not None:
            return Value(text=made.text if made.kind is LiteralKind.INT else repr(made.text), constant=made)
    return Value(text=text, constant=None)


def _automatic(one: Class, name: str, before: Mapping[str, Value]) -> LiteralValue | None:
    """What ``auto()`` gives; None where a class of the library or a mixin may make something else of it."""
    above = set(one.mro) - {one.path}
    if not above <= {*_KNOWN, "builtins:int"} and _LOWER not in above:
        return None
    if _LOWER in above:
        return LiteralValue(kind=LiteralKind.STR, text=name.lower())
    numbers = [_number(other) for other in before.values()]
    if None in numbers:
        return None
    highest = max((number for number in numbers if number is not None), default=0)
    following = 1 << highest.bit_length() if above & _BITS else highest + 1
    return LiteralValue(kind=LiteralKind.INT, text=str(following))


def _number(value: Value) -> int | None:
    if value.constant is None or value.constant.kind is not LiteralKind.INT:
        return None
    return int(value.constant.text) if len(value.constant.text) < _MOST_DIGITS else None


_MOST_DIGITS = 100


def _is_equal(one: Value, other: Value) -> bool:
    return one.constant is not None and one.constant == other.constant
