"""PB501: an enumeration lost a member."""

from collections.abc import Iterator

from pybridge.compat.classes.enumeration import values_of
from pybridge.compat.pairs import EnumMemberPair
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.model.finding import Bump
from pybridge.model.names import PublicPath, SymbolPath


def check(pair: EnumMemberPair) -> Iterator[Hit]:
    """Find members that the old side alone has."""
    if pair.old is None or pair.new is not None:
        return
    owner = pair.owner
    value = values_of(owner.old)[pair.name]
    after = values_of(owner.new)
    same = [name for name, one in after.items() if one.constant is not None and one.constant == value.constant]
    yield Hit(
        symbol=SymbolPath(f"{owner.old.path}.{pair.name}"),
        new_symbol=owner.new.path,
        path=PublicPath(f"{owner.path}.{pair.name}"),
        message=f"member {pair.name!r} was removed",
        old_text=f"{pair.name} = {value.text}",
        hint=f"{same[0]!r} has its value" if same else None,
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
    on=EnumMemberPair,
    check=check,
)
