"""Parameters against each other: by name, by position, or as a guessed rename."""

from collections.abc import Iterator

from pybridge.compat.matching.taken import taken_parameters
from pybridge.compat.pairs import CallablePair, ParameterMatch, ParameterPair
from pybridge.model.callables import Parameter
from pybridge.model.types import ParameterKind

VARIADIC = frozenset({ParameterKind.VAR_POSITIONAL, ParameterKind.VAR_KEYWORD})
POSITIONAL = frozenset({ParameterKind.POSITIONAL_ONLY, ParameterKind.POSITIONAL_OR_KEYWORD})


def parameter_pairs(pair: CallablePair) -> Iterator[ParameterPair]:
    """Pair the parameters of the runtime signatures: the old side's in order, then those that are new."""
    old, new = taken_parameters(pair)
    matched = _by_name(old, new)
    matched |= _by_place(old, new, matched)
    renamed = _renamed(old, new, matched)
    for index, one in enumerate(old):
        position = matched.get(index, renamed.get(index))
        other = new[position] if position is not None else None
        match = ParameterMatch.ALONE
        if other is not None:
            is_renamed = index in renamed
            by_name = one.name == other.name
            match = (
                ParameterMatch.RENAMED if is_renamed else ParameterMatch.NAME if by_name else ParameterMatch.POSITION
            )
        yield ParameterPair(call=pair, match=match, old=one, new=other, old_position=index, new_position=position)
    known = {*matched.values(), *renamed.values()}
    for position, one in enumerate(new):
        if position not in known:
            yield ParameterPair(
                call=pair, match=ParameterMatch.ALONE, old=None, new=one, old_position=None, new_position=position
            )


def _by_name(old: tuple[Parameter, ...], new: tuple[Parameter, ...]) -> dict[int, int]:
    places = {one.name: index for index, one in enumerate(new)}
    found: dict[int, int] = {}
    for index, one in enumerate(old):
        position = places.get(one.name)
        if position is None:
            continue
        is_alike = one.kind is new[position].kind or not VARIADIC.intersection((one.kind, new[position].kind))
        if is_alike:
            found[index] = position
    return found


def _by_place(old: tuple[Parameter, ...], new: tuple[Parameter, ...], matched: dict[int, int]) -> dict[int, int]:
    """Pair what no keyword reaches on a side: ``*args``, ``**kwargs``, and what stands at one position."""
    found: dict[int, int] = {}
    taken = set(matched.values())
    for index, one in enumerate(old):
        if index in matched:
            continue
        for position, other in enumerate(new):
            if position in taken:
                continue
            if other.kind is one.kind if one.kind in VARIADIC else position == index and _is_by_place(one, other):
                found[index] = position
                taken.add(position)
                break
    return found


def _is_by_place(old: Parameter, new: Parameter) -> bool:
    kinds = {old.kind, new.kind}
    return ParameterKind.POSITIONAL_ONLY in kinds and kinds <= POSITIONAL


def _renamed(old: tuple[Parameter, ...], new: tuple[Parameter, ...], matched: dict[int, int]) -> dict[int, int]:
    """Guess renames: same position and kind, the same type, and both names are gone from the other side."""
    taken = set(matched.values())
    found: dict[int, int] = {}
    for index, one in enumerate(old):
        if index in matched or index in taken or index >= len(new):
            continue
        other = new[index]
        is_alike = (one.kind, one.is_required, one.type.expr) == (other.kind, other.is_required, other.type.expr)
        if is_alike and one.kind not in VARIADIC:
            found[index] = index
    return found
