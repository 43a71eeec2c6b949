"""PB303: a parameter takes other types."""

from collections.abc import Iterator

from pybridge.compat.pairs import Position, TypedPair
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.compat.rules.types.difference import Difference, difference
from pybridge.compat.rules.types.telling import overriding, subject, type_hit
from pybridge.compat.types.relation import Relation
from pybridge.model.finding import Bump


def check(pair: TypedPair) -> Iterator[Hit]:
    """Find parameters of which neither type is part of the other."""
    if pair.position is not Position.PARAMETER or pair.relation is not Relation.OTHER:
        return
    if difference(pair) is Difference.TYPE:
        yield type_hit(pair, f"{subject(pair)} takes other types", letters=f"RB{overriding(pair, 'B')}B")


RULE = Rule(
    id="PB303",
    name="parameter-type-replaced",
    title="A parameter takes other types.",
    why="Calls that give the old type no longer pass a type checker, nor a generated wrapper, and may fail when they run. "
    "Overrides in subclasses no longer fit.",
    before="def get(timeout: int) -> None: ...",
    after="def get(timeout: str) -> None: ...",
    verdicts=verdicts("RBBB"),
    requires=Bump.MAJOR,
    on=TypedPair,
    check=check,
)
