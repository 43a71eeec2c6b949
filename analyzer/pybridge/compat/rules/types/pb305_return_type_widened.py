"""PB305: a result is of a wider type."""

from collections.abc import Iterator

from pybridge.compat.pairs import Position, TypedPair
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.compat.rules.types.difference import Difference, difference
from pybridge.compat.rules.types.telling import overriding, subject, through_any, type_hit
from pybridge.compat.types.relation import Relation
from pybridge.model.finding import Bump


def check(pair: TypedPair) -> Iterator[Hit]:
    """Find results that may be what they were not."""
    if pair.position is not Position.RETURN or pair.relation is not Relation.WIDER:
        return
    if difference(pair) is Difference.TYPE:
        letter = overriding(pair, "S")
        is_any = through_any(pair, Relation.WIDER)
        yield type_hit(
            pair,
            f"{subject(pair)} is of a wider type",
            letters=f"-R{letter}R" if is_any else f"RB{letter}B",
            requires=Bump.MINOR if is_any else None,
        )


RULE = Rule(
    id="PB305",
    name="return-type-widened",
    title="A result is of a wider type.",
    why="Callers may get what they are not prepared for, and their type checker says so. Where the new type is Any, nothing "
    "is checked any more.",
    before="def get() -> int: ...",
    after="def get() -> int | str: ...",
    verdicts=verdicts("RBSB"),
    requires=Bump.MAJOR,
    on=TypedPair,
    check=check,
)
