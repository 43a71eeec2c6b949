"""PB308: an annotation was removed."""

from collections.abc import Iterator

from pybridge.compat.pairs import CallablePair, TypedPair
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.compat.rules.types.annotations import annotations_hit
from pybridge.compat.rules.types.difference import Difference, difference
from pybridge.compat.rules.types.telling import overriding, subject, type_hit
from pybridge.model.finding import Bump


def check(pair: TypedPair | CallablePair) -> Iterator[Hit]:
    """Find types that somebody declared and nobody does any more: of an attribute, or of what a callable takes and gives, all in one."""
    if isinstance(pair, CallablePair):
        yield from annotations_hit(pair, Difference.ANNOTATION_REMOVED, "lost")
    elif pair.call is None and difference(pair) is Difference.ANNOTATION_REMOVED:
        letters = f"-R{overriding(pair, 'R')}R"
        yield type_hit(pair, f"the annotation of {subject(pair)} was removed", letters=letters)


RULE = Rule(
    id="PB308",
    name="annotation-removed",
    title="An annotation was removed.",
    why="A type checker takes for Any what had a type, so that wrong uses are no longer found. A generated wrapper has to "
    "guess what it could know.",
    before="def get(timeout: int) -> None: ...",
    after="def get(timeout) -> None: ...",
    verdicts=verdicts("-RRR"),
    requires=Bump.MINOR,
    on=(TypedPair, CallablePair),
    check=check,
)
