"""PB502: an enumeration got another member."""

from collections.abc import Iterator

from pybridge.compat.classes.enumeration import values_of
from pybridge.compat.pairs import ClassPair
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.model.classes import ClassKind
from pybridge.model.finding import Bump
from pybridge.model.names import PublicPath, SymbolPath

_SECOND = verdicts("SS-S")


def check(pair: ClassPair) -> Iterator[Hit]:
    """Find members that the new side alone has."""
    if pair.old.kind is not ClassKind.ENUM or pair.new.kind is not ClassKind.ENUM:
        return
    before = {member.name for member in pair.old.enum_members}
    for name, value in values_of(pair.new).items():
        if name not in before:
            is_second = value.alias_of is not None
            yield Hit(
                symbol=SymbolPath(f"{pair.old.path}.{name}"),
                old_symbol=pair.old.path,
                new_symbol=SymbolPath(f"{pair.new.path}.{name}"),
                path=PublicPath(f"{pair.path}.{name}"),
                message=f"{name!r} is a second name of {value.alias_of!r}"
                if is_second
                else f"member {name!r} was added",
                new_text=f"{name} = {value.text}",
                verdicts=_SECOND if is_second else None,
            )


RULE = Rule(
    id="PB502",
    name="enum-member-added",
    title="A member was added to an enumeration.",
    why="A match statement or a table that covered every member no longer does; type checkers find it where "
    "assert_never is used.",
    before='from enum import Enum\n\n\nclass Mode(Enum):\n    FAST = "fast"',
    after='from enum import Enum\n\n\nclass Mode(Enum):\n    FAST = "fast"\n    SAFE = "safe"',
    verdicts=verdicts("SR-R"),
    requires=Bump.MINOR,
    on=ClassPair,
    check=check,
)
