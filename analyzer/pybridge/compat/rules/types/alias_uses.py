"""Where a library's interface uses its aliases, which decides whom a change of one hits."""

import functools
from collections.abc import Iterator, Mapping

from pybridge.compat.library import Library
from pybridge.compat.pairs import Position
from pybridge.compat.types.substitution import parts
from pybridge.model.callables import Function, Signature
from pybridge.model.classes import Class, Field, Property
from pybridge.model.names import SymbolPath
from pybridge.model.types import Alias, TypeExpr


@functools.lru_cache(maxsize=2)
def alias_uses(library: Library) -> Mapping[SymbolPath, frozenset[Position]]:
    """Positions in which each alias stands, anywhere in a type; one that stands nowhere has no entry."""
    found: dict[SymbolPath, set[Position]] = {}
    for expr, position in _types(library):
        for one in parts(expr):
            if isinstance(one, Alias):
                found.setdefault(one.path, set()).add(position)
    return {path: frozenset(positions) for path, positions in found.items()}


def _types(library: Library) -> Iterator[tuple[TypeExpr, Position]]:
    for module in library.modules.values():
        for variable in module.variables:
            yield variable.type.expr, Position.READONLY
        for function in module.functions:
            yield from _of_function(function)
        waiting = list(module.classes)
        while waiting:
            one = waiting.pop()
            waiting.extend(one.nested_classes)
            yield from _of_class(one)


def _of_class(one: Class) -> Iterator[tuple[TypeExpr, Position]]:
    for method in one.methods:
        yield from _of_function(method)
    for signature in one.constructor.signatures:
        yield from _of_parameters(signature)
    attributes: tuple[Field | Property, ...] = (*one.fields, *one.properties)
    for attribute in attributes:
        yield attribute.type.expr, Position.READONLY if attribute.is_readonly else Position.ATTRIBUTE


def _of_function(function: Function) -> Iterator[tuple[TypeExpr, Position]]:
    for signature in function.signatures:
        yield from _of_parameters(signature)
        yield signature.returns.expr, Position.RETURN


def _of_parameters(signature: Signature) -> Iterator[tuple[TypeExpr, Position]]:
    for parameter in signature.parameters:
        yield parameter.type.expr, Position.PARAMETER
