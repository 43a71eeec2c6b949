"""Types and paths of one side, marked as its own, so that both sides can be looked at in one world."""

from collections.abc import Collection

import msgspec

from pybridge.compat.types.substitution import mapped, union_of
from pybridge.model.names import SymbolPath
from pybridge.model.types import (
    Alias,
    AnyType,
    Callable,
    Literal,
    LiteralKind,
    LiteralValue,
    Named,
    NoneType,
    Tuple,
    TypeExpr,
    TypeParameter,
    Union,
    Unknown,
    UnknownReason,
)

_MARKS = ("0!", "1!")
ANY_TUPLE = Tuple(items=(AnyType(),), is_variadic=True)
_FACES = {
    SymbolPath("contextlib:_GeneratorContextManager"): SymbolPath("contextlib:AbstractContextManager"),
    SymbolPath("contextlib:_AsyncGeneratorContextManager"): SymbolPath("contextlib:AbstractAsyncContextManager"),
}
_TUPLE = SymbolPath("builtins:tuple")
_TYPE = SymbolPath("builtins:type")
_UNTOLD = Unknown(reason=UnknownReason.UNANNOTATED)


class Placing:
    """Marks what belongs to a library: ``1!requests:Session`` is that class of the new side."""

    def __init__(self, roots: Collection[str], side: int) -> None:
        self._roots = frozenset(roots)
        self._side = side

    def path(self, path: SymbolPath) -> SymbolPath:
        """Mark a path of the library; one of another package is the same on both sides."""
        root = path.partition(":")[0].partition(".")[0]
        if root in self._roots:
            return SymbolPath(f"{self._side}!{path}")
        # No name has the mark in it, but a descriptor may come from anywhere.
        return SymbolPath(path.replace("!", "?")) if path.startswith(_MARKS) else path

    def type(self, expr: TypeExpr) -> TypeExpr:
        """Mark every path in a type; what a bare ``tuple``, ``type`` or ``Callable`` leaves out is ``Any``."""
        match expr:
            case Named(path=path, arguments=()) if path == _TUPLE:
                return ANY_TUPLE
            case Named(path=path, arguments=(only,)) if path == _TUPLE:
                return Tuple(items=(self.type(only),), is_variadic=True)
            case Named(path=path, arguments=()) if path == _TYPE:
                return Named(path=_TYPE, arguments=(AnyType(),))
            case Named(path=path, arguments=(Union(members=members),)) if path == _TYPE:
                return union_of(Named(path=_TYPE, arguments=(self.type(one),)) for one in members)
            case Named(path=path, arguments=arguments) if path in _FACES:
                # What the decorators of ``contextlib`` make is known by what users do with it.
                return Named(path=_FACES[path], arguments=tuple(map(self.type, arguments[:1])))
            case Named(path=path, arguments=arguments):
                return Named(path=self.path(path), arguments=tuple(map(self.type, arguments)))
            case Alias(path=path, arguments=arguments, target=target):
                inner = None if target is None else self.type(target)
                return Alias(path=self.path(path), arguments=tuple(map(self.type, arguments)), target=inner)
            case Tuple(items=items, is_variadic=True) if len(items) != 1:
                # No reader of ours writes it; any number of any of them, or none at all.
                return Tuple(items=(union_of(map(self.type, items)),), is_variadic=True)
            case Callable(parameters=None, returns=returns) if returns == _UNTOLD:
                return Callable(parameters=None, returns=AnyType())
            case Literal(values=values):
                return union_of(self._constant(one) for one in values)
            case _:
                return mapped(expr, self.type)

    def parameter(self, one: TypeParameter) -> TypeParameter:
        """Mark every path in the declaration of a type variable."""
        if one.bound is None and one.default is None and not one.constraints:
            return one
        return msgspec.structs.replace(
            one,
            bound=None if one.bound is None else self.type(one.bound),
            constraints=tuple(map(self.type, one.constraints)),
            default=None if one.default is None else self.type(one.default),
        )

    def _constant(self, value: LiteralValue) -> TypeExpr:
        if value.kind is LiteralKind.NONE:
            return NoneType()
        if value.kind is LiteralKind.ENUM:
            value = LiteralValue(kind=value.kind, text=self.path(SymbolPath(value.text)))
        return Literal(values=(value,))


def placed_in(path: SymbolPath) -> tuple[int, SymbolPath] | None:
    """Undo `Placing.path`; None for a path of neither library."""
    return (int(path[0]), SymbolPath(path[2:])) if path.startswith(_MARKS) else None
