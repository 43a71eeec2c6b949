"""Where the arguments of old calls land on the new side."""

from collections.abc import Sequence

from pybridge.compat.matching.parameters import POSITIONAL, VARIADIC, parameter_pairs
from pybridge.compat.matching.taken import taken_parameters, unpacked
from pybridge.compat.pairs import CallablePair, ParameterPair
from pybridge.model.callables import Parameter
from pybridge.model.types import ParameterKind, Unpack

BY_KEYWORD = frozenset({ParameterKind.POSITIONAL_OR_KEYWORD, ParameterKind.KEYWORD_ONLY})


def is_variadic(parameter: Parameter) -> bool:
    """Tell ``*args`` and ``**kwargs``."""
    return parameter.kind in VARIADIC


def is_positional(parameter: Parameter | None) -> bool:
    """Whether a call can give it by position."""
    return parameter is not None and parameter.kind in POSITIONAL


def is_by_keyword(parameter: Parameter | None) -> bool:
    """Whether a call can give it by name."""
    return parameter is not None and parameter.kind in BY_KEYWORD


def has_kind(parameters: Sequence[Parameter], kind: ParameterKind) -> bool:
    """Whether one of the parameters is of a kind."""
    return any(one.kind is kind for one in parameters)


def is_swallowed(pair: ParameterPair) -> bool:
    """Whether no way to give an old parameter fails: ``*args`` and ``**kwargs`` take what nothing else does now.

    What its new counterpart still takes, where it has one, is not looked at. A parameter that has become or stayed
    required is not swallowed: what takes its argument does not give it to the parameter.
    """
    if pair.old is None or (pair.new is not None and pair.new.is_required):
        return False
    by_place = not _loses(pair, POSITIONAL) or is_swallowed_by_place(pair)
    by_keyword = not _loses(pair, BY_KEYWORD) or is_swallowed_by_keyword(pair)
    return by_place and by_keyword


def is_swallowed_by_place(pair: ParameterPair) -> bool:
    """Whether an argument at the old position goes to ``*args``, because no other parameter comes up to there."""
    new = taken_parameters(pair.call)[1]
    count = sum(one.kind in POSITIONAL for one in new)
    is_there = pair.old_position is not None and count <= pair.old_position
    return is_there and has_kind(new, ParameterKind.VAR_POSITIONAL)


def is_swallowed_by_keyword(pair: ParameterPair) -> bool:
    """Whether an argument of the old name goes to ``**kwargs``."""
    return has_kind(taken_parameters(pair.call)[1], ParameterKind.VAR_KEYWORD)


def is_maybe_key(pair: ParameterPair) -> bool:
    """Whether a keyword that goes to ``**kwargs`` may be one of a typed dict that the library does not describe."""
    new = taken_parameters(pair.call)[1]
    taker = new[-1].type.expr if is_swallowed(pair) and is_swallowed_by_keyword(pair) else None
    return isinstance(taker, Unpack) and unpacked(taker, pair.call.libraries.new) is None


def took_any_keyword(pair: ParameterPair) -> bool:
    """Whether old calls may give keywords of any name."""
    return has_kind(taken_parameters(pair.call)[0], ParameterKind.VAR_KEYWORD)


def forwards(call: CallablePair) -> bool:
    """Whether the old side takes arguments of any number and name, and so says nothing of which it has a use for."""
    old = taken_parameters(call)[0]
    return has_kind(old, ParameterKind.VAR_POSITIONAL) and has_kind(old, ParameterKind.VAR_KEYWORD)


def is_spelled_out(pair: ParameterPair) -> bool:
    """Whether parameters of the new side stand where the old one took anything.

    Of keywords, those that were meant for ``**kwargs`` have names now. ``*args`` may have been as many of one thing,
    which no parameters stand for, unless the old side had both, and passed them on.
    """
    if pair.old is None or pair.new is not None or not is_variadic(pair.old):
        return False
    added = [one.new for one in parameter_pairs(pair.call) if one.old is None]
    if pair.old.kind is ParameterKind.VAR_KEYWORD:
        return any(map(is_by_keyword, added))
    return forwards(pair.call) and any(map(is_positional, added))


def displaced(pair: ParameterPair) -> str | None:
    """Name the first parameter whose arguments by position a new one takes; None where it comes after them all."""
    position = pair.new_position
    is_new = pair.old is None or not is_positional(pair.old)
    if position is None or pair.new is None or not is_positional(pair.new) or not is_new:
        return None
    for other in parameter_pairs(pair.call):
        if other.old is None or other.new is None or other.old_position is None or other.new_position is None:
            continue
        if is_positional(other.old) and is_positional(other.new):
            if position < other.new_position and other.old_position < other.new_position:
                return other.old.name
        elif other.old.kind is ParameterKind.VAR_POSITIONAL and _positions(pair.call, 0) < _positions(pair.call, 1):
            return f"*{other.old.name}"
    return None


def _positions(call: CallablePair, side: int) -> int:
    return sum(one.kind in POSITIONAL for one in taken_parameters(call)[side])


def _loses(pair: ParameterPair, kinds: frozenset[ParameterKind]) -> bool:
    """Whether the old side can be given in a way that the new one, if there is one, cannot."""
    had = pair.old is not None and pair.old.kind in kinds
    return had and not (pair.new is not None and pair.new.kind in kinds)
