"""PB316: whether a type still fits cannot be told."""

from collections.abc import Iterator

from pybridge.compat.pairs import TypedPair
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.compat.rules.types.difference import Difference, difference
from pybridge.compat.rules.types.telling import subject, type_hit
from pybridge.compat.types.substitution import parts
from pybridge.model.finding import Bump
from pybridge.model.types import TypeExpr, Unknown


def check(pair: TypedPair) -> Iterator[Hit]:
    """Find types that differ where a name leads nowhere, or to a class that is not read."""
    if difference(pair) is not Difference.UNKNOWN:
        return
    was_unknown, is_unknown = (_has_unknown(one.expr) for one in (pair.old, pair.new))
    if was_unknown is not is_unknown:
        side = "was" if was_unknown else "is"
        yield type_hit(pair, f"the type of {subject(pair)} {side} not known")
    else:
        yield type_hit(pair, f"whether the type of {subject(pair)} still fits is not known")


def _has_unknown(expr: TypeExpr) -> bool:
    return any(isinstance(one, Unknown) for one in parts(expr))


RULE = Rule(
    id="PB316",
    name="type-unknown",
    title="Whether a type still fits cannot be told.",
    why="A name in the annotation leads nowhere, or the types are classes of other packages whose bases are not read. "
    "What is not known is never counted as breaking.",
    before="def get(timeout: int) -> None: ...",
    after="import vendor\n\n\ndef get(timeout: vendor.Timeout) -> None: ...",
    verdicts=verdicts("UUUU"),
    requires=Bump.NONE,
    on=TypedPair,
    check=check,
)
