"""A guess at what the type variables of a callable stand for, when it is to fit another one."""

from collections.abc import Iterator, Mapping
from typing import Final

from pybridge.compat.types.classes.shapes import SignatureShape
from pybridge.compat.types.classes.world import World
from pybridge.compat.types.substitution import union_of
from pybridge.model.names import SymbolPath
from pybridge.model.types import (
    Callable,
    CallableParameter,
    Literal,
    Named,
    Never,
    NoneType,
    ParameterKind,
    Tuple,
    TypeExpr,
    TypeVariable,
    Union,
)

_MAX_DEPTH: Final = 8
_VARIADIC: Final = frozenset({ParameterKind.VAR_POSITIONAL, ParameterKind.VAR_KEYWORD})
_TUPLE: Final = SymbolPath("builtins:tuple")


def solved(world: World, left: SignatureShape, right: SignatureShape) -> Mapping[str, TypeExpr]:
    """Read the variables of the left signature off the right one, by what stands in the same places.

    What nothing tells is ``Never``.
    """
    names = frozenset(one.name for one in left.variables)
    found: dict[str, list[TypeExpr]] = {}
    matching = _Matching(world, names)
    for wanted, given in _same_places(left.parameters or (), right.parameters or ()):
        for name, expr in matching.found(wanted, given, _MAX_DEPTH):
            found.setdefault(name, []).append(expr)
    for name, expr in matching.found(left.returns, right.returns, _MAX_DEPTH):
        found.setdefault(name, [expr])
    return {name: union_of(found[name]) if name in found else Never() for name in names}


class _Matching:
    def __init__(self, world: World, names: frozenset[str]) -> None:
        self._world, self._names = world, names

    def found(self, pattern: TypeExpr, given: TypeExpr, depth: int) -> Iterator[tuple[str, TypeExpr]]:
        if depth == 0:
            return
        match pattern, given:
            case TypeVariable(name=name), _ if name in self._names:
                yield name, given
            case Named(), Named():
                key = self._world.key(pattern.path)
                above = given if self._world.key(given.path) == key else self._world.supertype(given, key)
                if isinstance(above, Named):
                    for one, other in zip(pattern.arguments, above.arguments, strict=False):
                        yield from self.found(one, other, depth - 1)
            case Named(), Tuple(items=items):
                yield from self.found(pattern, Named(path=_TUPLE, arguments=(union_of(items),)), depth - 1)
            case Tuple(items=items), Tuple(items=others) if len(items) == len(others):
                for one, other in zip(items, others, strict=True):
                    yield from self.found(one, other, depth - 1)
            case Callable(parameters=parameters, returns=returns), Callable():
                for wanted, other in _same_places(parameters or (), given.parameters or ()):
                    yield from self.found(wanted, other, depth - 1)
                yield from self.found(returns, given.returns, depth - 1)
            case Union(members=members), _:
                yield from self._in_union(members, given, depth)
            case _, _:
                pass

    def _in_union(self, members: tuple[TypeExpr, ...], given: TypeExpr, depth: int) -> Iterator[tuple[str, TypeExpr]]:
        others = given.members if isinstance(given, Union) else (given,)
        left = tuple(one for one in others if one not in members)
        variables = [one for one in members if isinstance(one, TypeVariable)]
        for one in members:
            if not isinstance(one, TypeVariable | NoneType | Literal):
                for other in left:
                    yield from self.found(one, other, depth - 1)
        for variable in variables:
            yield from self.found(variable, union_of(left or others), depth - 1)


def _same_places(
    left: tuple[CallableParameter, ...], right: tuple[CallableParameter, ...]
) -> Iterator[tuple[TypeExpr, TypeExpr]]:
    """Types of parameters of one name, else of one place."""
    names = {one.name: one for one in right if one.name is not None}
    for place, one in enumerate(left):
        other = names.get(one.name) if one.name is not None else None
        if other is None and place < len(right) and (right[place].kind in _VARIADIC) == (one.kind in _VARIADIC):
            other = right[place]
        if other is not None:
            yield one.type, other.type
