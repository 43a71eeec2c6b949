"""Overloads of both sides against each other: which of the old ones the new side still keeps."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, product

import msgspec

from pybridge.compat.matching.taken import as_called
from pybridge.compat.pairs import CallablePair, Callee
from pybridge.compat.types.relation import Answer, Relation
from pybridge.compat.types.substitution import substituted
from pybridge.model.callables import Parameter, Signature
from pybridge.model.evidence import Confidence, TypeClaim
from pybridge.model.types import (
    AnyType,
    Callable,
    CallableParameter,
    NoneType,
    ParameterKind,
    TypeExpr,
    Union,
    Unknown,
    UnknownReason,
)

_MOST_EXPANDED = 64
"""Kinds of calls that are tried: combinations of members of unions and of optional parameters."""
_VARIADIC = frozenset({ParameterKind.VAR_POSITIONAL, ParameterKind.VAR_KEYWORD})
_POSITIONAL = frozenset({ParameterKind.POSITIONAL_ONLY, ParameterKind.POSITIONAL_OR_KEYWORD})


class Overloads(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the overloads."""

    same: tuple[tuple[int, int], ...]
    """Places of those that both sides have, in the order of the old side."""
    replaced: tuple[tuple[int, int, Answer], ...]
    """Places of an old one that takes the same parameters by other types, and whether its calls still fit."""
    removed: tuple[tuple[int, Answer], ...]
    """Places of old ones that have no counterpart, and whether some other one takes their calls."""
    added: tuple[int, ...]
    """Places of new ones that nothing above names."""


def compare(pair: CallablePair) -> Overloads:
    """Match overloads: alike, then those of the same parameters; the rest came or went."""
    old, new = pair.old.signatures, pair.new.signatures
    same = _same(pair)
    kept, known = {one for one, _ in same}, {other for _, other in same}
    replaced: list[tuple[int, int, Answer]] = []
    removed: list[tuple[int, Answer]] = []
    for place, one in enumerate(old):
        if place in kept:
            continue
        answer = is_taken(pair, one, new)
        free = [other for other in range(len(new)) if other not in known]
        other = next((each for each in free if _shape(new[each]) == _shape(one)), None)
        if other is None and answer is Answer.YES:
            other = next((each for each in free if fits(pair, one, new[each]) is Answer.YES), None)
        if other is None:
            removed.append((place, answer))
        else:
            known.add(other)
            replaced.append((place, other, answer))
    return Overloads(
        same=tuple(same),
        replaced=tuple(replaced),
        removed=tuple(removed),
        added=tuple(other for other in range(len(new)) if other not in known),
    )


def swapped(pair: CallablePair, same: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Pairs of overloads that changed order where a call may fit both and gets another result.

    Each is the old place of the one that stood first, and the new place of the one that does now.
    """
    types = pair.libraries.types
    for index, (before, before_now) in enumerate(same):
        for _, after_now in same[index + 1 :]:
            if after_now > before_now:
                continue
            one, other = pair.old.signatures[before], pair.new.signatures[after_now]
            is_told_apart = types.relate(one.returns.expr, other.returns.expr) in _DIFFERENT
            if is_told_apart and _may_fit_both(pair, one, other):
                yield before, after_now


def is_taken(pair: CallablePair, old: Signature, new: Sequence[Signature]) -> Answer:
    """Whether calls of an old signature fit new ones: one of them all, or each kind of call some."""
    whole = max((fits(pair, old, one) for one in new), default=Answer.NO)
    if whole is Answer.YES or len(new) < 2:
        return whole
    parts = list(islice(_expanded(old), _MOST_EXPANDED + 1))
    if not 1 < len(parts) <= _MOST_EXPANDED:
        return whole
    return max(whole, min(max(fits(pair, part, one) for one in new) for part in parts))


def fits(pair: CallablePair, old: Signature, new: Signature) -> Answer:
    """Whether every call of an old signature fits a new one and gets what it got."""
    types = pair.libraries.types
    scope = types.scope(
        old.type_parameters, new.type_parameters, pair.owner.new.path if pair.owner is not None else None
    )
    ours, theirs = types.placed(_as_type(old, pair), _as_type(new, pair), scope)
    return types.fits(theirs, ours, scope)


def is_implemented(callee: Callee, pair: CallablePair) -> bool:
    """Whether the implementation takes the parameters that overloads promise, types left aside."""
    if callee.implementation is None or len(callee.signatures) == 1:
        return True
    return all(takes(callee, one, pair) for one in callee.signatures)


def takes(callee: Callee, signature: Signature, pair: CallablePair) -> bool:
    """Whether what runs takes the parameters of a signature, types left aside: else rules of parameters tell it."""
    runs, promised = (_without_types(one, pair) for one in (callee.runtime, signature))
    return pair.libraries.types.fits(runs, promised) is not Answer.NO


_DIFFERENT = frozenset({Relation.NARROWER, Relation.WIDER, Relation.OTHER})
_OVERLAPPING = frozenset({Relation.SAME, Relation.NARROWER, Relation.WIDER})


def _same(pair: CallablePair) -> list[tuple[int, int]]:
    old, new = ([_as_type(one, pair) for one in side.signatures] for side in (pair.old, pair.new))
    types, known = pair.libraries.types, set[int]()
    found: list[tuple[int, int]] = []
    for place, one in enumerate(old):
        free = [other for other in range(len(new)) if other not in known]
        match = next((other for other in free if new[other] == one), None)
        if match is None:
            match = next((other for other in free if types.relate(one, new[other]) is Relation.SAME), None)
        if match is not None:
            known.add(match)
            found.append((place, match))
    return found


def _shape(signature: Signature) -> tuple[tuple[object, ...], ...]:
    return tuple((one.name, one.kind, one.is_required) for one in signature.parameters)


def _expanded(signature: Signature) -> Iterator[Signature]:
    """One signature for each choice of types that a variable may be, of optional parameters, of members of unions."""
    constrained = {one.name: one.constraints for one in signature.type_parameters if one.constraints}
    for chosen in product(*constrained.values()):
        for given in _of_calls(_with_types(signature, dict(zip(constrained, chosen, strict=True)))):
            yield from _of_members(given)


def _of_calls(signature: Signature) -> Iterator[Signature]:
    """One signature for each choice of optional parameters: they are given, or are not there."""
    optional = [one.name for one in signature.parameters if not one.is_required and one.kind not in _VARIADIC]
    for chosen in product((True, False), repeat=len(optional)):
        is_given = dict(zip(optional, chosen, strict=True))
        parameters: list[Parameter] = []
        has_gap = False
        for one in signature.parameters:
            if not is_given.get(one.name, True):
                has_gap = has_gap or one.kind in _POSITIONAL
            elif has_gap and one.kind is ParameterKind.POSITIONAL_ONLY:
                break
            else:
                kind = ParameterKind.KEYWORD_ONLY if has_gap and one.kind in _POSITIONAL else one.kind
                is_required = one.kind not in _VARIADIC
                parameters.append(msgspec.structs.replace(one, kind=kind, is_required=is_required))
        else:
            yield msgspec.structs.replace(signature, parameters=tuple(parameters))


def _with_types(signature: Signature, values: Mapping[str, TypeExpr]) -> Signature:
    return msgspec.structs.replace(
        signature,
        parameters=tuple(
            msgspec.structs.replace(one, type=_with_type(one.type, values)) for one in signature.parameters
        ),
        returns=_with_type(signature.returns, values),
        type_parameters=tuple(one for one in signature.type_parameters if one.name not in values),
    )


def _with_type(claim: TypeClaim, values: Mapping[str, TypeExpr]) -> TypeClaim:
    return msgspec.structs.replace(claim, expr=substituted(claim.expr, values)) if values else claim


def _of_members(signature: Signature) -> Iterator[Signature]:
    choices = [
        one.type.expr.members if isinstance(one.type.expr, Union) else (one.type.expr,) for one in signature.parameters
    ]
    for chosen in product(*choices):
        parameters = tuple(
            msgspec.structs.replace(one, type=msgspec.structs.replace(one.type, expr=expr))
            for one, expr in zip(signature.parameters, chosen, strict=True)
        )
        yield msgspec.structs.replace(signature, parameters=parameters)


def _may_fit_both(pair: CallablePair, old: Signature, new: Signature) -> bool:
    """Whether some call fits both: no more required of one than the other takes, and no types apart."""
    sides = [[one for one in side.parameters if one.kind in _POSITIONAL] for side in (old, new)]
    longest = min(len(sides[0]), len(sides[1]))
    if any(one.is_required for side in sides for one in side[longest:]):
        return False
    names = [{one.name for one in side.parameters} for side in (old, new)]
    for side, others in ((old, names[1]), (new, names[0])):
        if any(
            one.is_required and one.kind is ParameterKind.KEYWORD_ONLY and one.name not in others
            for one in side.parameters
        ):
            return False
    common = [
        *zip(sides[0], sides[1], strict=False),
        *(
            (one, other)
            for one in old.parameters
            for other in new.parameters
            if one.kind is other.kind is ParameterKind.KEYWORD_ONLY and one.name == other.name
        ),
    ]
    types = pair.libraries.types
    return all(types.relate(one.type.expr, other.type.expr) in _OVERLAPPING for one, other in common)


def _as_type(signature: Signature, pair: CallablePair) -> Callable:
    """Write a signature as the type of what can be called by it; what a constructor returns is its instance."""
    return Callable(
        parameters=tuple(
            CallableParameter(
                type=_known(one.type),
                kind=one.kind,
                name=None if one.kind is ParameterKind.POSITIONAL_ONLY else one.name,
                is_required=one.is_required,
            )
            for one in as_called(signature.parameters, pair.old.path)
        ),
        returns=NoneType() if pair.is_constructor else _known(signature.returns),
    )


def _known(claim: TypeClaim) -> TypeExpr:
    """The type, unless it is hardly more than a guess."""
    if claim.evidence.confidence is Confidence.LOW and not isinstance(claim.expr, Unknown):
        return Unknown(reason=UnknownReason.UNANNOTATED)
    return claim.expr


def _without_types(signature: Signature, pair: CallablePair) -> Callable:
    parameters = (
        CallableParameter(
            type=AnyType(),
            kind=one.kind,
            name=None if one.kind is ParameterKind.POSITIONAL_ONLY else one.name,
            is_required=one.is_required,
        )
        for one in as_called(signature.parameters, pair.old.path)
    )
    return Callable(parameters=tuple(parameters), returns=AnyType())
