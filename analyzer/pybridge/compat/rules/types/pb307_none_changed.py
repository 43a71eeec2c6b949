"""PB307: a result may be None now, or a parameter no longer takes it."""

from collections.abc import Iterator

from pybridge.compat.pairs import Position, TypedPair
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.compat.rules.types.difference import Difference, difference
from pybridge.compat.rules.types.telling import overriding, subject, type_hit
from pybridge.model.finding import Bump


def check(pair: TypedPair) -> Iterator[Hit]:
    """Find types that differ in nothing but None, to the loss of whoever calls."""
    if difference(pair) is not Difference.NONE:
        return
    message = "may be None now" if pair.position is Position.RETURN else "no longer takes None"
    yield type_hit(pair, f"{subject(pair)} {message}", letters=f"RB{overriding(pair, 'S')}B")


RULE = Rule(
    id="PB307",
    name="none-changed",
    title="A result may be None now, or a parameter no longer takes None.",
    why="Callers that use the result as before fail on None; calls that give None no longer fit. It is the most frequent "
    "way in which a result widens or a parameter narrows.",
    before="def find(name: str) -> int: ...",
    after="def find(name: str) -> int | None: ...",
    verdicts=verdicts("RBSB"),
    requires=Bump.MAJOR,
    on=TypedPair,
    check=check,
)
