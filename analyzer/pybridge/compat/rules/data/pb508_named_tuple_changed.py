"""PB508: a named tuple has other items, or the same in another order."""

from collections.abc import Iterator

from pybridge.compat.pairs import ClassPair
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.compat.symbol_texts import symbol_text
from pybridge.model.classes import Class, ClassKind, Field
from pybridge.model.finding import Bump
from pybridge.model.names import PublicPath, SymbolPath


def check(pair: ClassPair) -> Iterator[Hit]:
    """Find items that one side alone has, and an order of the common ones that differs."""
    if pair.old.kind is not ClassKind.NAMED_TUPLE or pair.new.kind is not ClassKind.NAMED_TUPLE:
        return
    before, now = _items(pair.old), _items(pair.new)
    for name in (*before, *(name for name in now if name not in before)):
        if name not in now or name not in before:
            yield _length(pair, name, before.get(name), now.get(name))
    kept = [name for name in before if name in now], [name for name in now if name in before]
    if kept[0] != kept[1]:
        yield Hit(
            symbol=pair.old.path,
            new_symbol=pair.new.path,
            path=pair.path,
            part="order",
            message="its items come in another order",
            old_text=f"({', '.join(before)})",
            new_text=f"({', '.join(now)})",
        )


def _length(pair: ClassPair, name: str, old: Field | None, new: Field | None) -> Hit:
    path = SymbolPath(f"{pair.old.path}.{name}")
    return Hit(
        symbol=path,
        old_symbol=path if old is not None else pair.old.path,
        new_symbol=SymbolPath(f"{pair.new.path}.{name}") if new is not None else pair.new.path,
        path=PublicPath(f"{pair.path}.{name}"),
        message=f"item {name!r} was {'added' if old is None else 'removed'}",
        old_text=symbol_text(old) if old is not None else None,
        new_text=symbol_text(new) if new is not None else None,
        hint="unpacking takes exactly as many names as there are items",
    )


def _items(one: Class) -> dict[str, Field]:
    return {field.name: field for field in one.fields if not field.is_class_variable}


RULE = Rule(
    id="PB508",
    name="named-tuple-changed",
    title="Items of a named tuple were added, removed or reordered.",
    why="Unpacking, indexing and positional arguments go by the number and the order of items.",
    before="from typing import NamedTuple\n\n\nclass Point(NamedTuple):\n    x: int\n    y: int",
    after="from typing import NamedTuple\n\n\nclass Point(NamedTuple):\n    y: int\n    x: int",
    verdicts=verdicts("BBBB"),
    requires=Bump.MAJOR,
    on=ClassPair,
    check=check,
)
