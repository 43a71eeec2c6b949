"""PB206: parameters that calls give by position changed places."""

from collections.abc import Iterator

from pybridge.compat.arguments import is_positional
from pybridge.compat.matching.callables import is_comparable
from pybridge.compat.matching.parameters import parameter_pairs
from pybridge.compat.pairs import CallablePair, ParameterPair
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.compat.texts import call_texts
from pybridge.model.finding import Bump


def check(pair: CallablePair) -> Iterator[Hit]:
    """Find pairs of parameters that stand the other way round; what is inserted or removed between them is no matter."""
    if not is_comparable(pair) or pair.old.runtime.parameters == pair.new.runtime.parameters:
        return
    kept = [one for one in parameter_pairs(pair) if is_positional(one.old) and is_positional(one.new)]
    before = [_name(one) for one in kept]
    after = [_name(one) for one in sorted(kept, key=lambda one: one.new_position or 0)]
    if before == after:
        return
    old_text, new_text = call_texts(pair)
    yield Hit(
        symbol=pair.old.path,
        new_symbol=pair.new.path,
        path=pair.path,
        message=f"parameters changed places: {', '.join(before)} became {', '.join(after)}",
        old_text=old_text,
        new_text=new_text,
        hint="calls by name are not hit",
    )


def _name(pair: ParameterPair) -> str:
    return pair.old.name if pair.old is not None else ""


RULE = Rule(
    id="PB206",
    name="positional-order-changed",
    title="Parameters that calls give by position changed places.",
    why="Calls by position still succeed, but each argument goes to another parameter than before, and nothing says so.",
    before="def copy(source, target): ...",
    after="def copy(target, source): ...",
    verdicts=verdicts("BRBS"),
    requires=Bump.MAJOR,
    on=CallablePair,
    check=check,
)
