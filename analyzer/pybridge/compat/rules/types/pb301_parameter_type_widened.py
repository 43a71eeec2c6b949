"""PB301: a parameter takes more types."""

from collections.abc import Iterator

from pybridge.compat.pairs import Position, TypedPair
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.compat.rules.types.difference import Difference, difference
from pybridge.compat.rules.types.telling import overriding, subject, through_any, type_hit
from pybridge.compat.types.relation import Relation
from pybridge.model.finding import Bump


def check(pair: TypedPair) -> Iterator[Hit]:
    """Find parameters that take what they took, and more."""
    if pair.position is not Position.PARAMETER or pair.relation is not Relation.WIDER:
        return
    if difference(pair) is Difference.TYPE:
        is_constructor = pair.call is not None and pair.call.is_constructor
        is_free = is_constructor or through_any(pair, Relation.WIDER)
        letter = "-" if is_constructor else overriding(pair, "S" if is_free else "B")
        yield type_hit(pair, f"{subject(pair)} takes more types", letters=f"SS{letter}S")


RULE = Rule(
    id="PB301",
    name="parameter-type-widened",
    title="A parameter takes more types.",
    why="Every call goes on. An override in a subclass that takes only the old type no longer fits the base's method.",
    before="class Client:\n    def get(self, timeout: int) -> None: ...",
    after="class Client:\n    def get(self, timeout: float) -> None: ...",
    verdicts=verdicts("SSBS"),
    requires=Bump.MINOR,
    on=TypedPair,
    check=check,
)
