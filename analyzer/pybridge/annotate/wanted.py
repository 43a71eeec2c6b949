"""What a descriptor would write into a module's source: claims that are sure enough, by the ``def`` they are about."""

from collections.abc import Iterable, Iterator

import msgspec

from pybridge.annotate.job import WantedFunction, WantedParameter
from pybridge.model.callables import Binding, Function, Signature
from pybridge.model.classes import Class, ConstructorOrigin
from pybridge.model.evidence import Confidence, TypeClaim
from pybridge.model.library import Module
from pybridge.model.names import SymbolPath, split_symbol
from pybridge.model.types import Alias, AnyType, Named, NoneType, TypeExpr, Union, Unknown

_RANK = {Confidence.HIGH: 2, Confidence.MEDIUM: 1, Confidence.LOW: 0}
_INIT = {ConstructorOrigin.INIT: "__init__", ConstructorOrigin.NEW: "__new__"}


def wanted_functions(module: Module, least: Confidence) -> tuple[WantedFunction, ...]:
    """List every ``def`` of a module that a claim of at least ``least`` is about; overloads are annotated already."""
    found = [_of_function(one, least, has_receiver=False) for one in module.functions]
    found += [one for owner in module.classes for one in _of_class(owner, least)]
    return tuple(one for one in found if one is not None and _has_types(one))


def symbols_in(functions: Iterable[WantedFunction]) -> frozenset[SymbolPath]:
    """Every symbol that the types of some functions name."""
    waiting: list[object] = [one.returns for one in functions]
    waiting += [parameter.type for one in functions for parameter in one.parameters]
    found: set[SymbolPath] = set()
    while waiting:
        value = waiting.pop()
        if isinstance(value, Named | Alias):
            found.add(value.path)
        if isinstance(value, msgspec.Struct):
            waiting += [getattr(value, field) for field in value.__struct_fields__]
        elif isinstance(value, tuple):
            waiting += value
    return frozenset(found)


def _of_class(owner: Class, least: Confidence) -> Iterator[WantedFunction | None]:
    qualname = split_symbol(owner.path)[1]
    constructor = owner.constructor
    name = _INIT.get(constructor.origin)
    if name is not None and constructor.defined_by == owner.path and len(constructor.signatures) == 1:
        yield WantedFunction(
            qualname=f"{qualname}.{name}",
            has_receiver=True,
            parameters=_parameters(constructor.signatures[0], least),
            returns=NoneType() if name == "__init__" else None,
        )
    for method in owner.methods:
        yield _of_function(method, least, has_receiver=method.binding is not Binding.STATIC)
    for one in owner.properties:
        yield WantedFunction(
            qualname=f"{qualname}.{one.name}", has_receiver=True, is_property=True, returns=_sure(one.type, least)
        )
    for nested in owner.nested_classes:
        yield from _of_class(nested, least)


def _of_function(function: Function, least: Confidence, *, has_receiver: bool) -> WantedFunction | None:
    if len(function.signatures) != 1 or function.implementation is not None:
        return None
    signature = function.signatures[0]
    return WantedFunction(
        qualname=split_symbol(function.path)[1],
        has_receiver=has_receiver,
        parameters=_parameters(signature, least),
        returns=_sure(signature.returns, least),
    )


def _parameters(signature: Signature, least: Confidence) -> tuple[WantedParameter, ...]:
    return tuple(
        WantedParameter(name=one.name, kind=one.kind, type=_sure(one.type, least)) for one in signature.parameters
    )


def _sure(claim: TypeClaim, least: Confidence) -> TypeExpr | None:
    if _RANK[claim.evidence.confidence] < _RANK[least] or _is_silent(claim.expr):
        return None
    return claim.expr


def _is_silent(expr: TypeExpr) -> bool:
    """Tell whether a type says nothing, or would only say half of it."""
    if isinstance(expr, Union):
        return any(isinstance(one, Unknown | AnyType) for one in expr.members)
    return isinstance(expr, Unknown | AnyType)


def _has_types(wanted: WantedFunction) -> bool:
    return wanted.returns is not None or any(one.type is not None for one in wanted.parameters)
