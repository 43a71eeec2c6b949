"""PB503: members of an enumeration have other values, another order, or are of another kind."""

from collections.abc import Iterator, Mapping

from pybridge.compat.classes.enumeration import Value, mixin_text, values_of
from pybridge.compat.defaults import Difference, value_difference
from pybridge.compat.pairs import ClassPair
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.model.classes import Class, ClassKind
from pybridge.model.finding import Bump
from pybridge.model.names import PublicPath, SymbolPath

_ORDER = verdicts("R--R")
_UNKNOWN = verdicts("UUUU")


def check(pair: ClassPair) -> Iterator[Hit]:
    """Find values, second names, an order and bases that changed."""
    if pair.old.kind is not ClassKind.ENUM or pair.new.kind is not ClassKind.ENUM:
        return
    if mixin_text(pair.old) != mixin_text(pair.new):
        yield _base(pair)
    before, now = values_of(pair.old), values_of(pair.new)
    names = [name for name in before if name in now]
    hits = [hit for name in names for hit in _member(pair, name, before[name], now[name])]
    yield from hits
    if not hits and _order(before, now) != _order(now, before):
        yield Hit(
            symbol=pair.old.path,
            new_symbol=pair.new.path,
            path=pair.path,
            part="order",
            message="its members come in another order",
            old_text=", ".join(_order(before, now)),
            new_text=", ".join(_order(now, before)),
            verdicts=_ORDER,
            requires=Bump.MINOR,
        )


def _base(pair: ClassPair) -> Hit:
    return Hit(
        symbol=pair.old.path,
        new_symbol=pair.new.path,
        path=pair.path,
        part="base",
        message=f"its base became {mixin_text(pair.new)!r}, it was {mixin_text(pair.old)!r}",
        old_text=_class_text(pair.old),
        new_text=_class_text(pair.new),
    )


def _member(pair: ClassPair, name: str, old: Value, new: Value) -> Iterator[Hit]:
    found = value_difference(old.text, new.text, old.constant, new.constant)
    is_second = new.alias_of is not None and old.alias_of is None
    if found is Difference.NONE and (old.alias_of is None) is (new.alias_of is None):
        return
    if found is Difference.NONE:
        message = (
            f"{name!r} became a second name of {new.alias_of!r}" if is_second else f"{name!r} is a member of its own"
        )
    elif found is Difference.VALUE:
        message = f"the value of {name!r} became {new.text}, it was {old.text}"
    else:
        message = f"the value of {name!r} may be another one"
    yield Hit(
        symbol=SymbolPath(f"{pair.old.path}.{name}"),
        new_symbol=SymbolPath(f"{pair.new.path}.{name}"),
        path=PublicPath(f"{pair.path}.{name}"),
        message=message,
        old_text=f"{name} = {old.text}",
        new_text=f"{name} = {new.text}",
        verdicts=_UNKNOWN if found is Difference.TEXT else None,
        requires=Bump.NONE if found is Difference.TEXT else None,
    )


def _order(one: Mapping[str, Value], other: Mapping[str, Value]) -> list[str]:
    return [name for name, value in one.items() if name in other and value.alias_of is None]


def _class_text(one: Class) -> str:
    return f"class {one.name}({mixin_text(one)})"


RULE = Rule(
    id="PB503",
    name="enum-value-changed",
    title="A value, the order or the base of an enumeration changed.",
    why="Values that were stored or sent mean another member, or none. Order decides iteration and sorting, the base "
    "decides what members can be used for.",
    before='from enum import Enum\n\n\nclass Mode(Enum):\n    FAST = "fast"',
    after='from enum import Enum\n\n\nclass Mode(Enum):\n    FAST = "quick"',
    verdicts=verdicts("RR-B"),
    requires=Bump.MAJOR,
    on=ClassPair,
    check=check,
)
