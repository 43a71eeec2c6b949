"""PB306: a result is of another type."""

from collections.abc import Iterator

from pybridge.compat.pairs import Position, TypedPair
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.compat.rules.types.difference import Difference, difference
from pybridge.compat.rules.types.telling import overriding, subject, type_hit
from pybridge.compat.types.relation import Relation
from pybridge.model.finding import Bump


def check(pair: TypedPair) -> Iterator[Hit]:
    """Find results of which neither type is part of the other."""
    if pair.position is not Position.RETURN or pair.relation is not Relation.OTHER:
        return
    if difference(pair) is Difference.TYPE:
        yield type_hit(pair, f"{subject(pair)} is of another type", letters=f"RB{overriding(pair, 'B')}B")


RULE = Rule(
    id="PB306",
    name="return-type-replaced",
    title="A result is of another type.",
    why="Callers get what they are not prepared for, their type checker says so, and overrides in subclasses no longer fit.",
    before="def get() -> int: ...",
    after="def get() -> str: ...",
    verdicts=verdicts("RBBB"),
    requires=Bump.MAJOR,
    on=TypedPair,
    check=check,
)
