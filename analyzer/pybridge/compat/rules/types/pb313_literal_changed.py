"""PB313: one of the constants that a type lists was added or removed."""

from collections.abc import Iterator

from pybridge.compat.pairs import Position, TypedPair
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.compat.rules.types.difference import Difference, difference, one_sided
from pybridge.compat.rules.types.telling import shown, subject, type_hit
from pybridge.model.finding import Bump
from pybridge.model.types import Literal, TypeExpr

_SAFE, _BREAKING = "-S-S", "-B-B"


def check(pair: TypedPair) -> Iterator[Hit]:
    """Find types whose listed constants are not the same on both sides."""
    if difference(pair) is not Difference.LITERALS:
        return
    old, new = one_sided(pair)
    words = _words(pair.position)
    parts = [f"{words[0]} {_listed(new)}"] if new else []
    parts += [f"{words[1]} {_listed(old)}"] if old else []
    is_safe = (
        (not old) if pair.position is Position.PARAMETER else (not new and pair.position is not Position.ATTRIBUTE)
    )
    yield type_hit(
        pair,
        f"{subject(pair)} {' and '.join(parts)}",
        letters=_SAFE if is_safe else _BREAKING,
        requires=Bump.MINOR if is_safe else None,
    )


def _words(position: Position) -> tuple[str, str]:
    if position is Position.PARAMETER:
        return "takes", "no longer takes"
    return "may be", "is no longer"


def _listed(constants: tuple[TypeExpr, ...]) -> str:
    return ", ".join(
        shown(one).removeprefix("Literal[").removesuffix("]") for one in constants if isinstance(one, Literal)
    )


RULE = Rule(
    id="PB313",
    name="literal-changed",
    title="A constant was added to or removed from those that a type lists.",
    why="A parameter that takes one less refuses calls under a type checker and in a generated wrapper; a result that may be "
    "one more is not handled by callers that look at each.",
    before="from typing import Literal\n\n\ndef open(mode: Literal['r', 'w']) -> None: ...",
    after="from typing import Literal\n\n\ndef open(mode: Literal['r']) -> None: ...",
    verdicts=verdicts("-B-B"),
    requires=Bump.MAJOR,
    on=TypedPair,
    check=check,
)
