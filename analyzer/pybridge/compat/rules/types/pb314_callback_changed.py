"""PB314: what a parameter calls, or what a protocol asks of it, changed."""

from collections.abc import Iterator

from pybridge.compat.pairs import TypedPair
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.compat.rules.types.difference import Difference, difference
from pybridge.compat.rules.types.telling import subject, type_hit
from pybridge.compat.types.relation import Relation
from pybridge.model.finding import Bump


def check(pair: TypedPair) -> Iterator[Hit]:
    """Find parameters that take a callable or a protocol on both sides, and not the same ones."""
    if difference(pair) is not Difference.CALLABLE:
        return
    if pair.relation is Relation.WIDER:
        yield type_hit(pair, f"{subject(pair)} asks for less", letters="-S--", requires=Bump.MINOR)
    else:
        message = "asks for more" if pair.relation is Relation.NARROWER else "asks for something else"
        yield type_hit(pair, f"{subject(pair)} {message}")


RULE = Rule(
    id="PB314",
    name="callback-changed",
    title="What a parameter is called with, or has to offer, changed.",
    why="A callable that users give is called in another way, or has to give something else. One that was prepared for the "
    "old calls may fail on the new ones.",
    before="from collections.abc import Callable\n\n\ndef watch(on_change: Callable[[str], None]) -> None: ...",
    after="from collections.abc import Callable\n\n\ndef watch(on_change: Callable[[str, int], None]) -> None: ...",
    verdicts=verdicts("RB-R"),
    requires=Bump.MAJOR,
    on=TypedPair,
    check=check,
)
