"""PB310: the type of an attribute changed."""

from collections.abc import Iterator

from pybridge.compat.pairs import Position, TypedPair
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.compat.rules.types.above import is_told_above
from pybridge.compat.rules.types.difference import Difference, difference
from pybridge.compat.rules.types.telling import overriding, subject, through_any, type_hit
from pybridge.compat.types.relation import Relation
from pybridge.model.finding import Bump

_WORDS = {Relation.NARROWER: "a narrower", Relation.WIDER: "a wider", Relation.OTHER: "another"}


def check(pair: TypedPair) -> Iterator[Hit]:
    """Find attributes, properties and module-level names of another type; what can only be read may be narrower."""
    if pair.position not in {Position.ATTRIBUTE, Position.READONLY} or difference(pair) is not Difference.TYPE:
        return
    if _is_told_above(pair):
        return
    letters = _letters(pair)
    is_breaking = "B" in f"{letters[:2]}{letters[3]}"
    yield type_hit(
        pair,
        f"{subject(pair)} is of {_WORDS[pair.relation]} type",
        letters=letters,
        requires=None if is_breaking else Bump.MINOR,
    )


def _is_told_above(pair: TypedPair) -> bool:
    name = pair.old_symbol.rpartition(".")[2]
    return pair.owner is not None and is_told_above(
        pair.owner, name, lambda old, new: (old.type.expr, new.type.expr) == (pair.old.expr, pair.new.expr)
    )


def _letters(pair: TypedPair) -> str:
    if through_any(pair, pair.relation):
        return f"-R{overriding(pair, 'R')}R"
    if pair.position is Position.READONLY and pair.relation is Relation.NARROWER:
        return f"SS{overriding(pair, 'B')}S"
    if pair.position is Position.READONLY and pair.relation is Relation.WIDER:
        return f"RB{overriding(pair, 'S')}B"
    return f"RB{overriding(pair, 'B')}B"


RULE = Rule(
    id="PB310",
    name="attribute-type-changed",
    title="The type of an attribute changed.",
    why="What is both read and set fits nobody but with exactly its type: a wider one breaks readers, a narrower one whoever "
    "sets it. What can only be read breaks nobody by a narrower type, except a subclass that overrides it.",
    before="class Client:\n    timeout: int = 10",
    after="class Client:\n    timeout: float | None = 10",
    verdicts=verdicts("RBBB"),
    requires=Bump.MAJOR,
    on=TypedPair,
    check=check,
)
