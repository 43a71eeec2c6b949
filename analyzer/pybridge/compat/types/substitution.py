"""Types put in the place of type variables, and every part of a type changed alike."""

from collections.abc import Callable as Function
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Final, assert_never

import msgspec

from pybridge.model.types import (
    Alias,
    AnyType,
    Callable,
    CallableParameter,
    Literal,
    Named,
    Never,
    NoneType,
    ParameterKind,
    SelfType,
    Tuple,
    TypeExpr,
    TypeVariable,
    TypeVariableKind,
    Union,
    Unknown,
    UnknownReason,
    Unpack,
)

MAX_PARTS: Final = 300
"""Parts of a type that is put in the place of a variable."""
_TOO_LARGE: Final = Unknown(reason=UnknownReason.RECURSIVE)
SELF = "Self"
"""Key under which `SelfType` is replaced; no type variable may have the name of a keyword-like form."""


def union_of(members: Iterable[TypeExpr]) -> TypeExpr:
    """Join types: flat and without duplicates, in order of appearance; one type is itself, none at all is `Never`."""
    flat: dict[TypeExpr, None] = {}
    for one in members:
        flat.update(dict.fromkeys(one.members if isinstance(one, Union) else (one,)))
    flat.pop(Never(), None)
    only = next(iter(flat), None)
    if only is None:
        return Never()
    return only if len(flat) == 1 else Union(members=tuple(flat))


def mapped(expr: TypeExpr, change: Function[[TypeExpr], TypeExpr]) -> TypeExpr:
    """Apply a change to the parts directly inside a type; a type without parts is itself."""
    match expr:
        case Named(arguments=()) | Alias(arguments=(), target=None):
            return expr
        case Named(path=path, arguments=arguments):
            return Named(path=path, arguments=tuple(map(change, arguments)))
        case Alias(path=path, arguments=arguments, target=target):
            inner = None if target is None else change(target)
            return Alias(path=path, arguments=tuple(map(change, arguments)), target=inner)
        case Union(members=members):
            return union_of(map(change, members))
        case Tuple(items=items, is_variadic=is_variadic):
            return Tuple(items=tuple(map(change, items)), is_variadic=is_variadic)
        case Callable(parameters=parameters, returns=returns):
            inside = None if parameters is None else tuple(_parameter(one, change) for one in parameters)
            return Callable(parameters=inside, returns=change(returns))
        case Unpack(packed=packed):
            return Unpack(packed=change(packed))
        case Literal() | TypeVariable() | SelfType() | NoneType() | Never() | AnyType() | Unknown():
            return expr
        case _:
            assert_never(expr)


def substituted(expr: TypeExpr, values: Mapping[str, TypeExpr]) -> TypeExpr:
    """Replace type variables by name, all at once; those that ``values`` does not name stay."""
    if not values:
        return expr
    match expr:
        case TypeVariable(name=name):
            return values.get(name, expr)
        case SelfType():
            return values.get(SELF, expr)
        case Callable(parameters=parameters, returns=returns) if parameters is not None:
            return Callable(parameters=substituted_parameters(parameters, values), returns=substituted(returns, values))
        case _:
            return mapped(expr, lambda one: substituted(one, values))


def substituted_parameters(
    parameters: tuple[CallableParameter, ...] | None, values: Mapping[str, TypeExpr]
) -> tuple[CallableParameter, ...] | None:
    """Replace type variables in parameters; those of a ``ParamSpec`` are replaced as the list that they are.

    None, anything at all, where a ``ParamSpec`` stands for that and nothing stands before it.
    """
    replaced: list[CallableParameter] = []
    for one in parameters or ():
        if not isinstance(one.type, TypeVariable) or one.type.kind is not TypeVariableKind.PARAMETERS:
            replaced.append(_parameter(one, lambda inner: substituted(inner, values)))
            continue
        value = values.get(one.type.name, one.type)
        if not isinstance(value, Callable):
            replaced.append(msgspec.structs.replace(one, type=value))
        elif value.parameters is None:
            replaced.append(msgspec.structs.replace(one, type=AnyType()))
        elif one.kind is ParameterKind.VAR_POSITIONAL:
            # ``**kwargs``, which follows, stands for the same list.
            replaced.extend(value.parameters)
    return None if parameters is None else tuple(replaced)


def _parameter(one: CallableParameter, change: Function[[TypeExpr], TypeExpr]) -> CallableParameter:
    return CallableParameter(type=change(one.type), kind=one.kind, name=one.name, is_required=one.is_required)


def bounded(expr: TypeExpr) -> TypeExpr:
    """A type as it is, or `Unknown` where it has too many parts: put into itself again and again it would never end."""
    return expr if next(islice(parts(expr), MAX_PARTS, None), None) is None else _TOO_LARGE


def direct_parts(expr: TypeExpr) -> tuple[TypeExpr, ...]:
    """The types directly inside a type; of an alias its arguments, and its target where it has one of its own."""
    match expr:
        case Named(arguments=inside) | Union(members=inside) | Tuple(items=inside):
            return inside
        case Alias(arguments=arguments, target=target):
            return arguments if target is None else (*arguments, target)
        case Callable(parameters=parameters, returns=returns):
            return (*(one.type for one in parameters or ()), returns)
        case Unpack(packed=packed):
            return (packed,)
        case Literal() | TypeVariable() | SelfType() | NoneType() | Never() | AnyType() | Unknown():
            return ()
        case _:
            assert_never(expr)


def parts(expr: TypeExpr) -> Iterator[TypeExpr]:
    """A type and everything inside it, without what aliases of the library stand for."""
    waiting = [expr]
    while waiting:
        one = waiting.pop()
        yield one
        waiting.extend(direct_parts(one))
