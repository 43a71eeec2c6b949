"""Types put in the place of type variables: the arguments of an alias, the ``Self`` of an old idiom."""

from collections.abc import Collection, Iterator, Mapping
from typing import assert_never

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
from pybridge.resolve.algebra import union_of


def apply_arguments(target: TypeExpr, arguments: tuple[TypeExpr, ...]) -> TypeExpr:
    """Put type arguments into what an alias stands for, in the order in which its variables appear.

    A variable without an argument is `Unknown` (UNANNOTATED), so that none is left. Several variables under a union,
    whose order of writing is lost, are all unknown.
    """
    names = tuple(dict.fromkeys(one.name for one in parts_of(target) if isinstance(one, TypeVariable)))
    if not names:
        return target
    is_ordered = len(names) == 1 or not any(isinstance(one, Union) for one in parts_of(target))
    values = dict(zip(names, arguments, strict=False)) if is_ordered and len(arguments) <= len(names) else {}
    return _substituted(target, values)


def replace_variable(expr: TypeExpr, name: str, by: TypeExpr) -> TypeExpr:
    """Put a type in the place of one type variable, and leave the others.

    With `SelfType` this reads ``def copy(self: T) -> T`` as what it means.
    """
    variables = {one.name: one for one in parts_of(expr) if isinstance(one, TypeVariable)}
    return _substituted(expr, {**variables, name: by}) if name in variables else expr


def without_loose_variables(expr: TypeExpr, own: Collection[str]) -> TypeExpr:
    """Make unknown what stands for nothing: a variable that neither the class declares nor a parameter inside binds.

    ``keys = dict.keys`` in a class without type parameters gives a ``dict_keys`` of nobody knows what.
    """
    found = tuple(dict.fromkeys(one.name for one in parts_of(expr) if isinstance(one, TypeVariable)))
    if not found:
        return expr
    kept = set(own)
    for one in parts_of(expr):
        if isinstance(one, Callable):
            inside = (part for parameter in one.parameters or () for part in parts_of(parameter.type))
            kept.update(part.name for part in inside if isinstance(part, TypeVariable))
    if kept.issuperset(found):
        return expr
    variables = {one.name: one for one in parts_of(expr) if isinstance(one, TypeVariable) and one.name in kept}
    return _substituted(expr, variables)


def without_any(expr: TypeExpr) -> TypeExpr:
    """Make unknown every ``Any`` of a type that nobody wrote.

    What an engine infers may hold the ``Any`` of some other declaration, or of none, by the order in which it joined.
    """
    match expr:
        case AnyType():
            return Unknown(reason=UnknownReason.UNANNOTATED)
        case Named(path=path, arguments=arguments) if arguments:
            return Named(path=path, arguments=tuple(map(without_any, arguments)))
        case Union(members=members):
            return union_of(map(without_any, members))
        case Tuple(items=items, is_variadic=is_variadic):
            return Tuple(items=tuple(map(without_any, items)), is_variadic=is_variadic)
        case Callable(parameters=parameters, returns=returns):
            inner = None if parameters is None else tuple(map(_parameter_without_any, parameters))
            return Callable(parameters=inner, returns=without_any(returns))
        case _:
            return expr


def _parameter_without_any(one: CallableParameter) -> CallableParameter:
    return CallableParameter(type=without_any(one.type), kind=one.kind, name=one.name, is_required=one.is_required)


def parts_of(expr: TypeExpr) -> Iterator[TypeExpr]:
    """A type and everything inside it, in order."""
    waiting = [expr]
    while waiting:
        one = waiting.pop()
        yield one
        waiting.extend(reversed(_inside(one)))


def _inside(expr: TypeExpr) -> tuple[TypeExpr, ...]:
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


def _substituted(expr: TypeExpr, values: Mapping[str, TypeExpr]) -> TypeExpr:
    match expr:
        case TypeVariable(name=name):
            return values.get(name, Unknown(reason=UnknownReason.UNANNOTATED))
        case Named(path=path, arguments=arguments):
            return Named(path=path, arguments=_all(arguments, values)) if arguments else expr
        case Alias(path=path, arguments=arguments, target=target):
            inner = None if target is None else _substituted(target, values)
            return Alias(path=path, arguments=_all(arguments, values), target=inner)
        case Union(members=members):
            return union_of(_all(members, values))
        case Tuple(items=items, is_variadic=is_variadic):
            return Tuple(items=_all(items, values), is_variadic=is_variadic)
        case Callable(parameters=parameters, returns=returns):
            inner_parameters = None if parameters is None else _parameters(parameters, values)
            return Callable(parameters=inner_parameters, returns=_substituted(returns, values))
        case Unpack(packed=packed):
            return Unpack(packed=_substituted(packed, values))
        case Literal() | SelfType() | NoneType() | Never() | AnyType() | Unknown():
            return expr
        case _:
            assert_never(expr)


def _all(exprs: tuple[TypeExpr, ...], values: Mapping[str, TypeExpr]) -> tuple[TypeExpr, ...]:
    return tuple(_substituted(one, values) for one in exprs)


def _parameters(
    parameters: tuple[CallableParameter, ...], values: Mapping[str, TypeExpr]
) -> tuple[CallableParameter, ...] | None:
    """Parameters with those of a ``ParamSpec`` in its place; None when nobody tells them."""
    replaced: list[CallableParameter] = []
    for one in parameters:
        if not isinstance(one.type, TypeVariable) or one.type.kind is not TypeVariableKind.PARAMETERS:
            replaced.append(
                CallableParameter(
                    type=_substituted(one.type, values), kind=one.kind, name=one.name, is_required=one.is_required
                )
            )
            continue
        value = values.get(one.type.name)
        if value == one.type:
            replaced.append(one)
            continue
        if not isinstance(value, Callable) or value.parameters is None:
            return None
        if one.kind is ParameterKind.VAR_POSITIONAL:
            # ``**kwargs``, which follows, stands for the same list.
            replaced.extend(value.parameters)
    return tuple(replaced)
