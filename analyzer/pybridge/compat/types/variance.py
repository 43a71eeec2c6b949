"""Variance of type parameters: as declared, or read off the members of a class (PEP 695)."""

from typing import Final

from pybridge.compat.types.classes.shapes import ClassShape, SignatureShape
from pybridge.compat.types.classes.world import World
from pybridge.compat.types.substitution import direct_parts
from pybridge.model.names import SymbolPath
from pybridge.model.types import Callable, Named, TypeExpr, TypeVariable, TypeVariableKind

INFERRED: Final = "inferred"
_UP, _DOWN = 1, 2
_BOTH = _UP | _DOWN
_MAX_DEPTH: Final = 12


class Variances:
    """Finds out how the arguments of a class decide which of its instances fit others."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._known: dict[tuple[SymbolPath, int], str] = {}
        self._depth = 0

    def of(self, shape: ClassShape, index: int) -> str:
        """Return ``covariant``, ``contravariant`` or ``invariant`` for a parameter by its place.

        Nothing that uses it makes it covariant. What stands in private members is not described and does not count.
        """
        parameter = shape.parameters[index]
        if parameter.kind is not TypeVariableKind.TYPE:
            return "covariant"
        if parameter.variance != INFERRED:
            return parameter.variance
        key = (shape.path, index)
        if key not in self._known:
            # A class that holds itself is asked again while it is read: what it would be otherwise stays possible.
            self._known[key] = "covariant"
            self._depth += 1
            uses = _Uses(self, self._world, shape, parameter.name).of_class() if self._depth < _MAX_DEPTH else _BOTH
            self._depth -= 1
            self._known[key] = "covariant" if not uses & _DOWN else "invariant" if uses & _UP else "contravariant"
        return self._known[key]


class _Uses:
    """Where a variable stands in a class: as something it gives (up) or takes (down)."""

    def __init__(self, variances: Variances, world: World, shape: ClassShape, name: str) -> None:
        self._variances, self._world, self._shape, self._name = variances, world, shape, name
        variables = tuple(TypeVariable(name=one.name, kind=one.kind) for one in shape.parameters)
        self._itself = Named(path=shape.path, arguments=variables)

    def of_class(self) -> int:
        uses = 0
        for base in self._shape.bases:
            uses |= self._in(base, _UP, _MAX_DEPTH)
        for member in (self._shape.members or {}).values():
            for signature in member.signatures:
                uses |= self._in_signature(signature)
            if member.type is not None:
                uses |= self._in(member.type, _BOTH if member.is_settable else _UP, _MAX_DEPTH)
        return uses

    def _in_signature(self, signature: SignatureShape) -> int:
        uses = 0
        for one in signature.parameters or ():
            uses |= self._in(one.type, _DOWN, _MAX_DEPTH)
        return uses if signature.returns == self._itself else uses | self._in(signature.returns, _UP, _MAX_DEPTH)

    def _in(self, expr: TypeExpr, direction: int, depth: int) -> int:
        if depth == 0:
            return _BOTH
        match expr:
            case TypeVariable(name=name):
                return direction if name == self._name else 0
            case Named(path=path, arguments=arguments):
                shape = self._world.shape(path)
                uses = 0
                for index, one in enumerate(arguments):
                    variance = (
                        self._variances.of(shape, index)
                        if shape is not None and index < len(shape.parameters)
                        else "invariant"
                    )
                    uses |= self._in(one, _turned(direction, variance), depth - 1)
                return uses
            case Callable(parameters=parameters, returns=returns):
                uses = self._in(returns, direction, depth - 1)
                for each in parameters or ():
                    uses |= self._in(each.type, _turned(direction, "contravariant"), depth - 1)
                return uses
            case _:
                uses = 0
                for one in direct_parts(expr):
                    uses |= self._in(one, direction, depth - 1)
                return uses


def _turned(direction: int, variance: str) -> int:
    if variance == "covariant":
        return direction
    if variance == "invariant":
        return _BOTH
    return {_UP: _DOWN, _DOWN: _UP}.get(direction, direction)
