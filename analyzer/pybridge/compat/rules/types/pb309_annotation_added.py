"""PB309: an annotation was added."""

from collections.abc import Iterator

from pybridge.compat.pairs import CallablePair, TypedPair
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.compat.rules.types.annotations import annotations_hit
from pybridge.compat.rules.types.difference import Difference, difference
from pybridge.compat.rules.types.telling import overriding, subject, type_hit
from pybridge.model.finding import Bump


def check(pair: TypedPair | CallablePair) -> Iterator[Hit]:
    """Find types that nobody declared and somebody does now: of an attribute, or of what a callable takes and gives, all in one."""
    if isinstance(pair, CallablePair):
        yield from annotations_hit(pair, Difference.ANNOTATION_ADDED, "got")
    elif pair.call is None and difference(pair) is Difference.ANNOTATION_ADDED:
        letters = f"-R{overriding(pair, 'R')}R"
        yield type_hit(pair, f"{subject(pair)} has an annotation now", letters=letters)


RULE = Rule(
    id="PB309",
    name="annotation-added",
    title="An annotation was added.",
    why="A type checker looks at uses that it let pass, and at overrides. A generated wrapper knows what it had to guess, "
    "and may have guessed otherwise.",
    before="def get(timeout) -> None: ...",
    after="def get(timeout: int) -> None: ...",
    verdicts=verdicts("-RRR"),
    requires=Bump.MINOR,
    on=(TypedPair, CallablePair),
    check=check,
)
