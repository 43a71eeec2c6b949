"""PB206: parameters that calls give by position changed places."""

from collections.abc import Iterator, Sequence

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
    places = [one.new_position or 0 for one in kept]
    if places == sorted(places):
        return
    after = sorted(kept, key=lambda one: one.new_position or 0)
    stays = _longest_in_order(places)
    old_text, new_text = call_texts(pair)
    yield Hit(
        symbol=pair.old.path,
        new_symbol=pair.new.path,
        path=pair.path,
        message="; ".join(_moves(after, stays)),
        old_text=old_text,
        new_text=new_text,
        hint="calls by name are not hit",
    )


def _moves(after: Sequence[ParameterPair], stays: frozenset[int]) -> Iterator[str]:
    """Say of each parameter that moved what it stands before or behind."""
    for index, one in enumerate(after):
        if one.new_position in stays:
            continue
        following = next((other for other in after[index + 1 :] if other.new_position in stays), None)
        if following is not None:
            yield f"parameter {_name(one)!r} moved before {_name(following)!r}"
        else:
            yield f"parameter {_name(one)!r} moved behind {_name(after[index - 1])!r}"


def _longest_in_order(places: Sequence[int]) -> frozenset[int]:
    """A longest part whose places increase: what is not in it has moved."""
    best: list[list[int]] = []
    for place in places:
        shorter = [one for one in best if one[-1] < place]
        best.append([*_longest(shorter), place])
    return frozenset(_longest(best))


def _longest(parts: list[list[int]]) -> list[int]:
    return max(parts, key=len) if parts else []


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
