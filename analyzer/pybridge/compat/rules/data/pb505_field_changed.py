"""PB505: a field of a data class is gone, of another type, or elsewhere in the order."""

from collections.abc import Iterator

from pybridge.codec.python_text import type_text
from pybridge.compat.classes.fields import order_change
from pybridge.compat.pairs import ClassPair, MemberPair
from pybridge.compat.particular import is_data_class, is_data_field, is_made_of_fields, retyped
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.compat.symbol_texts import symbol_text
from pybridge.compat.types.relation import Relation
from pybridge.model.classes import ClassKind
from pybridge.model.finding import Bump
from pybridge.model.names import PublicPath

_WIDER = verdicts("RBBS")
_RETYPED = verdicts("RBBB")
_REORDERED = verdicts("BBBS")


def check(pair: MemberPair | ClassPair) -> Iterator[Hit]:
    """Find fields that only the old side has, that hold something else, and an order that differs."""
    if isinstance(pair, ClassPair):
        yield from _reordered(pair)
    elif pair.old is not None and is_data_field(pair.old) and is_made_of_fields(pair.owner):
        yield from _removed(pair) if pair.new is None else _retyped(pair)


def _removed(pair: MemberPair) -> Iterator[Hit]:
    # A named tuple is another tuple without it: PB508.
    if pair.old is None or pair.old.owner.kind is ClassKind.NAMED_TUPLE:
        return
    yield Hit(
        symbol=pair.old.path,
        new_symbol=pair.owner.new.path,
        path=PublicPath(f"{pair.owner.path}.{pair.name}"),
        message=f"field {pair.name!r} was removed",
        old_text=symbol_text(pair.old.definition),
    )


def _retyped(pair: MemberPair) -> Iterator[Hit]:
    typed = retyped(pair)
    if typed is None or pair.old is None or pair.new is None:
        return
    old, new = type_text(typed.old.expr), type_text(typed.new.expr)
    yield Hit(
        symbol=pair.old.path,
        new_symbol=pair.new.path,
        path=PublicPath(f"{pair.owner.path}.{pair.name}"),
        part="type",
        message=f"field {pair.name!r} became {new!r}, it was {old!r}",
        old_text=f"{pair.name}: {old}",
        new_text=f"{pair.name}: {new}",
        verdicts=_WIDER if typed.relation is Relation.WIDER else _RETYPED,
    )


def _reordered(pair: ClassPair) -> Iterator[Hit]:
    kinds = {pair.old.kind, pair.new.kind}
    if not is_made_of_fields(pair) or ClassKind.NAMED_TUPLE in kinds or not is_data_class(pair.old):
        return
    orders = order_change(pair)
    if orders is not None:
        yield Hit(
            symbol=pair.old.path,
            new_symbol=pair.new.path,
            path=pair.path,
            part="order",
            message="its fields come in another order",
            old_text=", ".join(orders[0]),
            new_text=", ".join(orders[1]),
            verdicts=_REORDERED,
        )


RULE = Rule(
    id="PB505",
    name="field-changed",
    title="A field of a data class was removed, moved, or got another type.",
    why="Fields are parameters of the constructor and attributes of instances. Their order decides what positional "
    "arguments, patterns and comparisons mean.",
    before="from dataclasses import dataclass\n\n\n@dataclass\nclass Point:\n    x: int\n    y: int",
    after="from dataclasses import dataclass\n\n\n@dataclass\nclass Point:\n    x: int",
    verdicts=verdicts("BBBB"),
    requires=Bump.MAJOR,
    on=(MemberPair, ClassPair),
    check=check,
)
