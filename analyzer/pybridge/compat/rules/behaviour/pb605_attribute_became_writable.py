"""PB605: an attribute can be set now."""

from collections.abc import Iterator

from pybridge.compat.pairs import MemberPair
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.compat.symbol_texts import symbol_text
from pybridge.model.classes import Field, Property
from pybridge.model.finding import Bump
from pybridge.model.names import PublicPath


def check(pair: MemberPair) -> Iterator[Hit]:
    """Find properties that gained a setter or became plain attributes."""
    if pair.old is None or pair.new is None:
        return
    old, new = pair.old.definition, pair.new.definition
    if not isinstance(old, Property) or not isinstance(new, Field | Property):
        return
    is_plain = isinstance(new, Field)
    if new.is_readonly or (not is_plain and not old.is_readonly) or (isinstance(new, Property) and new.is_cached):
        return
    yield Hit(
        symbol=pair.old.path,
        new_symbol=pair.new.path,
        path=PublicPath(f"{pair.owner.path}.{pair.name}"),
        message=f"{pair.name!r} is a plain attribute now" if is_plain else f"{pair.name!r} can be set now",
        old_text=symbol_text(old),
        new_text=symbol_text(new),
    )


RULE = Rule(
    id="PB605",
    name="attribute-became-writable",
    title="A property can be set now, or became a plain attribute.",
    why=(
        "Whoever reads it goes on to. A subclass that overrides it with a property of its own lacks the setter that the"
        " class may use now."
    ),
    before="class Client:\n    @property\n    def timeout(self) -> int: ...",
    after="class Client:\n    def __init__(self) -> None:\n        self.timeout = 10",
    verdicts=verdicts("SSRS"),
    requires=Bump.MINOR,
    on=MemberPair,
    check=check,
)
