"""PB501: an enumeration lost a member."""

from collections.abc import Iterator

from pybridge.compat.classes.enumeration import values_of
from pybridge.compat.pairs import ClassPair
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.model.classes import ClassKind
from pybridge.model.finding import Bump
from pybridge.model.names import PublicPath, SymbolPath


def check(pair: ClassPair) -> Iterator[Hit]:
    """Find members that the old side alone has."""
    if pair.old.kind is not ClassKind.ENUM or pair.new.kind is not ClassKind.ENUM:
        return
    before, now = values_of(pair.old), values_of(pair.new)
    same = {one.constant: name for name, one in now.items() if one.constant is not None and one.alias_of is None}
    for name, value in before.items():
        if name not in now:
            yield Hit(
                symbol=SymbolPath(f"{pair.old.path}.{name}"),
                new_symbol=pair.new.path,
                path=PublicPath(f"{pair.path}.{name}"),
                message=f"member {name!r} was removed",
                old_text=f"{name} = {value.text}",
                hint=f"{same[value.constant]!r} has its value" if value.constant in same else None,
            )


RULE = Rule(
    id="PB501",
    name="enum-member-removed",
    title="A member of an enumeration was removed.",
    why="Code that names it raises AttributeError, and its value can no longer be looked up in the enumeration.",
    before='from enum import Enum\n\n\nclass Mode(Enum):\n    FAST = "fast"\n    SAFE = "safe"',
    after='from enum import Enum\n\n\nclass Mode(Enum):\n    SAFE = "safe"',
    verdicts=verdicts("BB-B"),
    requires=Bump.MAJOR,
    on=ClassPair,
    check=check,
)
