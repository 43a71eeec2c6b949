"""Callables: one fits another if every call that fits the other fits it, and gives what the other promises."""

from collections.abc import Iterator, Mapping
from typing import Final

import msgspec

from pybridge.compat.types.ask import Mode, Question
from pybridge.compat.types.classes.shapes import SignatureShape
from pybridge.compat.types.relation import Answer
from pybridge.compat.types.solving import solved
from pybridge.compat.types.substitution import substituted, substituted_parameters
from pybridge.model.types import (
    AnyType,
    CallableParameter,
    Named,
    ParameterKind,
    TypeExpr,
    TypeVariable,
    Unpack,
)

_BY_PLACE: Final = frozenset({ParameterKind.POSITIONAL_ONLY, ParameterKind.POSITIONAL_OR_KEYWORD})
_ANYTHING: Final = (
    CallableParameter(type=AnyType(), kind=ParameterKind.VAR_POSITIONAL, is_required=False),
    CallableParameter(type=AnyType(), kind=ParameterKind.VAR_KEYWORD, is_required=False),
)


class _Argument(msgspec.Struct, frozen=True):
    """A parameter as a call can reach it."""

    type: TypeExpr
    name: str | None
    """None where no call may name it."""
    place: int | None
    """None where a call has to name it."""
    is_required: bool


class _Arguments:
    """The parameters of one callable."""

    def __init__(self, parameters: tuple[CallableParameter, ...]) -> None:
        self.plain: tuple[_Argument, ...] = tuple(_plain(parameters))
        self.rest = next((one.type for one in parameters if one.kind is ParameterKind.VAR_POSITIONAL), None)
        self.options = next((one.type for one in parameters if one.kind is ParameterKind.VAR_KEYWORD), None)
        self._names = {one.name: one for one in self.plain if one.name is not None}
        self._places = {one.place: one for one in self.plain if one.place is not None}

    @property
    def takes_anything(self) -> bool:
        """Whether it ends in ``*args: Any, **kwargs: Any``."""
        return isinstance(self.rest, AnyType) and isinstance(self.options, AnyType)

    def named(self, name: str | None) -> _Argument | None:
        """What a keyword argument reaches."""
        if name is None:
            return None
        found = self._names.get(name)
        if found is None and self.options is not None:
            return _Argument(self.options, name, None, is_required=False)
        return found

    def at(self, place: int | None) -> _Argument | None:
        """What a positional argument reaches."""
        if place is None:
            return None
        found = self._places.get(place)
        if found is None and self.rest is not None:
            return _Argument(self.rest, None, place, is_required=False)
        return found


def call_fits(
    question: Question, left: SignatureShape, right: SignatureShape, *, ignores_names: bool = False
) -> Answer:
    """Compare two callables; ``ignores_names`` where nobody is expected to pass by name what can be passed by place.

    A generic one on the left fits if some choice of its variables does. Which one is guessed; a wrong guess is `MAYBE`.
    """
    if left.variables:
        values = solved(question.world, left, right)
        tried = SignatureShape(
            parameters=substituted_parameters(left.parameters, values), returns=substituted(left.returns, values)
        )
        return max(Answer.MAYBE, call_fits(question, tried, right, ignores_names=ignores_names))
    returns = question.fits(left.returns, right.returns)
    if returns is Answer.NO:
        return returns
    return min(returns, parameters_fit(question, left.parameters, right.parameters, ignores_names=ignores_names))


def parameters_fit(
    question: Question,
    left: tuple[CallableParameter, ...] | None,
    right: tuple[CallableParameter, ...] | None,
    *,
    ignores_names: bool = False,
) -> Answer:
    """Whether every call that fits the parameters on the right fits those on the left. None takes anything."""
    if right in {None, _ANYTHING} or left == right:
        return Answer.YES
    if left in {None, _ANYTHING} and question.mode is Mode.STRICT:
        return Answer.NO
    inner, outer = (_unpacked(question, _ANYTHING if one is None else one) for one in (left, right))
    if inner is None or outer is None:
        return Answer.MAYBE
    found = Answer.YES
    for answer in _Comparison(question, inner, outer, ignores_names=ignores_names).answers():
        found = min(found, answer)
        if found is Answer.NO:
            break
    return found


class _Comparison:
    """Each call that the right side takes, against the left side."""

    def __init__(self, question: Question, left: _Arguments, right: _Arguments, *, ignores_names: bool) -> None:
        self._question, self._left, self._right, self._ignores_names = question, left, right, ignores_names

    def answers(self) -> Iterator[Answer]:
        left, right = self._left, self._right
        is_gradual = self._question.mode is Mode.GRADUAL
        if right.takes_anything and not right.plain and is_gradual:
            return
        # ``*args: Any`` alone, and at the end, asks for nothing more of what is called by place.
        any_rest = is_gradual and isinstance(right.rest, AnyType) and right.options is None and not left.options
        any_rest = any_rest and all(one.place is not None for one in left.plain)
        any_suffix = is_gradual and right.takes_anything
        if right.rest is not None and not any_rest:
            yield self._variadic(left.rest, right.rest, is_lenient=any_suffix)
        if right.options is not None:
            yield self._variadic(left.options, right.options, is_lenient=any_suffix)
        for one in right.plain:
            yield self._taken(one)
        if any_suffix:
            return
        if right.rest is not None and not any_rest:
            yield from self._by_place_beyond(right.rest)
        if right.options is not None:
            yield from self._by_name_beyond(right.options)
        for one in left.plain:
            yield self._asked(one)

    def _variadic(self, left: TypeExpr | None, right: TypeExpr, *, is_lenient: bool) -> Answer:
        if left is None:
            return Answer.YES if is_lenient else Answer.NO
        return self._question.fits(right, left)

    def _taken(self, one: _Argument) -> Answer:
        """Whether the left side takes an argument that the right side takes."""
        by_name, by_place = self._left.named(one.name), self._left.at(one.place)
        found = by_name or by_place
        if by_name is not None and by_place is not None and by_name != by_place:
            is_one = not by_name.is_required and not by_place.is_required
            if is_one and by_place.name is None and by_name.place is None:
                # Either of ``*args`` and ``**kwargs`` may get it.
                return min(self._question.fits(one.type, each.type) for each in (by_name, by_place))
        return Answer.NO if found is None else self._reached(found, one)

    def _reached(self, left: _Argument, right: _Argument) -> Answer:
        is_renamed = right.name is not None and left.name != right.name
        if is_renamed and (not self._ignores_names or right.place is None):
            return Answer.NO
        if right.place is not None and left.place != right.place:
            return Answer.NO
        if left.is_required and not right.is_required:
            return Answer.NO
        return self._question.fits(right.type, left.type)

    def _by_place_beyond(self, rest: TypeExpr) -> Iterator[Answer]:
        """What ``*args`` on the right may reach on the left: every place that the right side does not name."""
        start = sum(one.place is not None for one in self._right.plain)
        for one in self._left.plain:
            if one.place is not None and one.place >= start:
                yield Answer.NO if one.is_required else self._question.fits(rest, one.type)

    def _by_name_beyond(self, options: TypeExpr) -> Iterator[Answer]:
        """What ``**kwargs`` on the right may reach on the left: every name that the right side does not have."""
        known = {one.name for one in self._right.plain}
        for one in self._left.plain:
            if one.name is not None and one.name not in known:
                yield Answer.NO if one.is_required else self._question.fits(options, one.type)

    def _asked(self, one: _Argument) -> Answer:
        """Whether the right side gives an argument that the left side asks for, and only once."""
        by_name, by_place = self._right.named(one.name), self._right.at(one.place)
        if by_name is not None and by_place is not None and by_name != by_place:
            return Answer.NO if by_name.is_required or by_place.is_required else Answer.YES
        return Answer.NO if one.is_required and by_name is None and by_place is None else Answer.YES


def _plain(parameters: tuple[CallableParameter, ...]) -> Iterator[_Argument]:
    place = 0
    for one in parameters:
        if one.kind in _BY_PLACE:
            name = one.name if one.kind is ParameterKind.POSITIONAL_OR_KEYWORD else None
            yield _Argument(one.type, name, place, one.is_required)
            place += 1
        elif one.kind is ParameterKind.KEYWORD_ONLY and one.name is not None:
            yield _Argument(one.type, one.name, None, one.is_required)


def _unpacked(question: Question, parameters: tuple[CallableParameter, ...]) -> _Arguments | None:
    """Parameters with ``**kwargs: Unpack[Options]`` as the options themselves; None for ``*args: *Ts``."""
    found: list[CallableParameter] = []
    for one in parameters:
        if not isinstance(one.type, Unpack):
            found.append(one)
            continue
        packed = one.type.packed
        shape = question.world.shape(packed.path) if isinstance(packed, Named) else None
        if one.kind is not ParameterKind.VAR_KEYWORD or shape is None or shape.keys is None:
            return None
        found.extend(
            CallableParameter(type=key.type, kind=ParameterKind.KEYWORD_ONLY, name=name, is_required=key.is_required)
            for name, key in shape.keys.items()
        )
    return _Arguments(tuple(found))


def renamed(signature: SignatureShape, mark: str) -> SignatureShape:
    """Give a signature's own variables names that no other type has."""
    if not signature.variables:
        return signature
    values: Mapping[str, TypeExpr] = {
        one.name: TypeVariable(name=f"{one.name}{mark}", kind=one.kind) for one in signature.variables
    }
    return SignatureShape(
        parameters=substituted_parameters(signature.parameters, values), returns=substituted(signature.returns, values)
    )
