"""PB502: an enumeration got another member."""

from collections.abc import Iterator

from pybridge.compat.classes.enumeration import values_of
from pybridge.compat.pairs import EnumMemberPair
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.model.finding import Bump
from pybridge.model.names import PublicPath, SymbolPath


def check(pair: EnumMemberPair) -> Iterator[Hit]:
    """Find members that the new side alone has."""
    if pair.new is None or pair.old is not None:
        return
    owner = pair.owner
    value = values_of(owner.new)[pair.name]
    is_second_name = value.alias_of is not None
    yield Hit(
        symbol=SymbolPath(f"{owner.new.path}.{pair.name}"),
        old_symbol=owner.old.path,
        path=PublicPath(f"{owner.path}.{pair.name}"),
        message=f"{pair.name!r} is a second name of {value.alias_of!r}"
        if is_second_name
        else f"member {pair.name!r} was added",
        new_text=f"{pair.name} = {value.text}",
        verdicts=verdicts("SS-S") if is_second_name else None,
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
    on=EnumMemberPair,
    check=check,
)
