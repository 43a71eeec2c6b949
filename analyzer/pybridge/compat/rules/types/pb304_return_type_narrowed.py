"""PB304: a result is of a narrower type."""

from collections.abc import Iterator

from pybridge.compat.pairs import Position, TypedPair
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.compat.rules.types.difference import Difference, difference
from pybridge.compat.rules.types.telling import overriding, subject, through_any, type_hit
from pybridge.compat.types.relation import Relation
from pybridge.model.finding import Bump


def check(pair: TypedPair) -> Iterator[Hit]:
    """Find results that are some of what they were."""
    if pair.position is not Position.RETURN or pair.relation is not Relation.NARROWER:
        return
    if difference(pair) is Difference.TYPE:
        # What was Any could be used as anything; a type checker looks at it from now on.
        typing = "R" if through_any(pair, Relation.NARROWER) else "S"
        yield type_hit(pair, f"{subject(pair)} is of a narrower type", letters=f"S{typing}{overriding(pair, 'B')}S")


RULE = Rule(
    id="PB304",
    name="return-type-narrowed",
    title="A result is of a narrower type.",
    why="Callers get what they expect. An override in a subclass that promises the old type no longer fits the base's "
    "method. Where the old type was Any, uses of the result are checked now.",
    before="class Client:\n    def get(self) -> int | str: ...",
    after="class Client:\n    def get(self) -> int: ...",
    verdicts=verdicts("SSBS"),
    requires=Bump.MINOR,
    on=TypedPair,
    check=check,
)
