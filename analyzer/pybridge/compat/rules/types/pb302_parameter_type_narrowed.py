"""PB302: a parameter takes fewer types."""

from collections.abc import Iterator

from pybridge.compat.pairs import Position, TypedPair
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.compat.rules.types.difference import Difference, difference
from pybridge.compat.rules.types.telling import overriding, subject, type_hit
from pybridge.compat.types.relation import Relation
from pybridge.model.finding import Bump


def check(pair: TypedPair) -> Iterator[Hit]:
    """Find parameters that take some of what they took."""
    if pair.position is not Position.PARAMETER or pair.relation is not Relation.NARROWER:
        return
    if difference(pair) is Difference.TYPE:
        is_constructor = pair.call is not None and pair.call.is_constructor
        letter = "B" if is_constructor else overriding(pair, "S")
        yield type_hit(pair, f"{subject(pair)} takes fewer types", letters=f"RB{letter}B")


RULE = Rule(
    id="PB302",
    name="parameter-type-narrowed",
    title="A parameter takes fewer types.",
    why="Calls that give a type of the old kind no longer pass a type checker, nor a generated wrapper, and may fail when "
    "they run. A parameter that took Any is checked now.",
    before="def get(timeout: float) -> None: ...",
    after="def get(timeout: int) -> None: ...",
    verdicts=verdicts("RBSB"),
    requires=Bump.MAJOR,
    on=TypedPair,
    check=check,
)
