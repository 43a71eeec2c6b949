"""A symbol as the source has it and as a stub declares it, made one descriptor."""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeVar

import msgspec

from pybridge.model.callables import Binding, Function, Signature, StreamKind
from pybridge.model.classes import Class, Constructor, Field, Property
from pybridge.model.evidence import TypeClaim
from pybridge.model.library import TypeAlias, Variable
from pybridge.model.names import SymbolPath
from pybridge.model.types import AnyType, Named, TypeExpr
from pybridge.resolve.describe.stubs.run_time import member_names
from pybridge.resolve.describe.stubs.signatures import (
    Difference,
    better,
    joined,
    merge_signatures,
    overload_differences,
    with_defaults,
)

Symbol = Class | Function | Variable | TypeAlias
Report = Callable[[SymbolPath, Sequence[Difference]], None]
"""Tells of a symbol of the source in what a stub disagrees."""

_AWAITED = frozenset(
    {
        "typing:Coroutine",
        "collections.abc:Coroutine",
        "typing:Awaitable",
        "collections.abc:Awaitable",
        "types:CoroutineType",
    }
)
_INHERITED = frozenset({"__init__", "__new__", "__slots__", "__doc__", "__module__"})


class Made(Protocol):
    """Tells which members exist although no statement of the source makes them."""

    def __call__(self, owner: SymbolPath, name: str) -> bool:
        """True for a member that code makes at run time."""
        ...

    def is_inherited(self, owner: SymbolPath, name: str) -> bool:
        """True for a member that an ancestor has, or may have."""
        ...


_One = TypeVar("_One", bound=Function | Property | Field)
_Attribute = TypeVar("_Attribute", bound=Property | Field)


def merge_symbol(source: Symbol, stub: Symbol, *, report: Report, is_made: Made) -> Symbol:
    """Make one of both; the source where they are of different kinds, which is reported."""
    match source, stub:
        case Function(), Function():
            return merge_function(source, stub, report)
        case Class(), Class():
            return _merge_class(source, stub, report, is_made)
        case Variable(), Variable():
            return msgspec.structs.replace(
                source,
                type=better(stub.type, source.type),
                is_final=source.is_final or stub.is_final,
                docstring=source.docstring or stub.docstring,
            )
        case Variable(), _:
            # The source makes it of a value, and the stub says of what kind that is.
            return msgspec.structs.replace(
                stub,
                path=source.path,
                docstring=_first(source.docstring, stub.docstring),
                public_paths=source.public_paths,
            )
        case TypeAlias(), TypeAlias() | Variable():
            return source
        case Class(), Function():
            # Stubs write a class as a function where the type of an instance depends on the arguments.
            return msgspec.structs.replace(source, constructor=_constructor_of_function(source, stub, report))
        case Function(), Variable():
            return source
        case _:
            text = f"it is a {_kind(stub)} in the stub and a {_kind(source)} in the source"
            report(source.path, [Difference(text, is_breaking=True)])
            return source


def merge_function(source: Function, stub: Function, report: Report) -> Function:
    """Types and overloads from the stub; parameters, defaults, documentation and flags from the source."""
    declared = tuple(_as_called(one, source, stub) for one in stub.signatures)
    running = source.signatures[0] if len(source.signatures) == 1 else source.implementation or source.signatures[0]
    is_operator = source.name.startswith("__") and source.name.endswith("__") and source.name not in _INHERITED
    differences = list(_attachment(source, stub))
    implementation = source.implementation
    if len(declared) == 1:
        merged = merge_signatures(running, declared[0], is_operator=is_operator)
        differences.extend(merged.differences)
        signatures: tuple[Signature, ...] = (merged.signature,)
        if merged.is_narrowed:
            signatures = (with_defaults(declared[0], running),)
            implementation = implementation or merged.signature
    else:
        if not is_operator:
            differences.extend(overload_differences(running, declared))
        signatures = tuple(with_defaults(one, running) for one in declared)
        implementation = joined(implementation or running, declared)
    if differences:
        report(source.path, differences)
    return msgspec.structs.replace(
        source,
        signatures=signatures,
        implementation=implementation,
        is_signature_hidden=False,
        yields=_yields(source, signatures),
        is_final=source.is_final or stub.is_final,
        deprecated=_first(source.deprecated, stub.deprecated),
        docstring=_first(source.docstring, stub.docstring),
    )


def _merge_class(source: Class, stub: Class, report: Report, is_made: Made) -> Class:
    declared: dict[str, Function | Property | Field] = {}
    declared.update((one.name, one) for one in stub.fields)
    declared.update((one.name, one) for one in stub.properties)
    declared.update((one.name, one) for one in stub.methods)
    methods = [_merge_method(one, declared.get(one.name), report) for one in source.methods]
    properties = [_merge_attribute(one, declared.get(one.name)) for one in source.properties]
    fields = [_merge_attribute(one, declared.get(one.name)) for one in source.fields]
    nested = _merge_nested(source, stub, report, is_made)
    known = member_names(source)
    made = {name for name in declared if name not in known and is_made(source.path, name)}
    added = [_moved(declared[name], source.path) for name in sorted(made)]
    _report_members(source, known, {*declared, *member_names(stub)} - made, report, is_made)
    return msgspec.structs.replace(
        source,
        bases=_merge_bases(source.bases, stub.bases),
        type_parameters=stub.type_parameters or source.type_parameters,
        constructor=_merge_constructor(source, stub, report),
        methods=_sorted(methods, (one for one in added if isinstance(one, Function))),
        properties=_sorted(properties, (one for one in added if isinstance(one, Property))),
        fields=(*fields, *(one for one in added if isinstance(one, Field))),
        nested_classes=nested,
        is_final=source.is_final or stub.is_final,
        deprecated=_first(source.deprecated, stub.deprecated),
        docstring=_first(source.docstring, stub.docstring),
    )


def _merge_method(source: Function, stub: Function | Property | Field | None, report: Report) -> Function:
    match stub:
        case Function():
            return merge_function(source, stub, report)
        case Property():
            text = "it is a property in the stub and a method in the source"
            report(source.path, [Difference(text, is_breaking=True)])
            return source
        case _:
            return source


def _merge_attribute(source: _Attribute, stub: Function | Property | Field | None) -> _Attribute:
    """Type from the stub, the rest from the source; many a stub writes a property as a plain attribute."""
    if not isinstance(stub, Property | Field):
        return source
    typed = msgspec.structs.replace(
        source, type=better(stub.type, source.type), docstring=_first(source.docstring, stub.docstring)
    )
    if isinstance(typed, Property) and isinstance(stub, Property):
        return msgspec.structs.replace(typed, deprecated=_first(typed.deprecated, stub.deprecated))
    return typed


def _first(source: str | None, stub: str | None) -> str | None:
    return source if source is not None else stub


def _merge_nested(source: Class, stub: Class, report: Report, is_made: Made) -> tuple[Class, ...]:
    declared = {one.name: one for one in stub.nested_classes}
    return tuple(
        _merge_class(one, declared[one.name], report, is_made) if one.name in declared else one
        for one in source.nested_classes
    )


def _merge_bases(source: tuple[TypeExpr, ...], stub: tuple[TypeExpr, ...]) -> tuple[TypeExpr, ...]:
    """The classes that the source derives from, with the type arguments that the stub gives them."""
    known = {one.path: one for one in stub if isinstance(one, Named) and one.arguments}
    return tuple(
        known[one.path] if isinstance(one, Named) and not one.arguments and one.path in known else one for one in source
    )


def _merge_constructor(source: Class, stub: Class, report: Report) -> Constructor:
    """Type the constructor where both have it from the same class, or the stub declares one for what code makes."""
    old, declared = source.constructor, stub.constructor
    if not old.signatures:
        return declared if declared.signatures and declared.defined_by == source.path else old
    if not declared.signatures or declared.defined_by != old.defined_by or old.defined_by is None:
        return old
    as_function = _as_function(source.path, old)
    merged = merge_function(as_function, _as_function(source.path, declared), report)
    return msgspec.structs.replace(
        old,
        signatures=merged.signatures,
        implementation=merged.implementation,
        is_signature_hidden=False,
        docstring=merged.docstring,
    )


def _constructor_of_function(source: Class, stub: Function, report: Report) -> Constructor:
    if not source.constructor.signatures:
        return source.constructor
    declared = msgspec.structs.replace(stub, name="__init__", binding=Binding.INSTANCE)
    merged = merge_function(_as_function(source.path, source.constructor), declared, report)
    returns = source.constructor.signatures[0].returns
    return msgspec.structs.replace(
        source.constructor,
        signatures=tuple(msgspec.structs.replace(one, returns=returns) for one in merged.signatures),
        implementation=merged.implementation and msgspec.structs.replace(merged.implementation, returns=returns),
        is_signature_hidden=False,
    )


def _as_function(path: SymbolPath, one: Constructor) -> Function:
    return Function(
        path=SymbolPath(f"{path}.__init__"),
        name="__init__",
        binding=Binding.INSTANCE,
        signatures=one.signatures,
        implementation=one.implementation,
        docstring=one.docstring,
    )


def _attachment(source: Function, stub: Function) -> Iterator[Difference]:
    if source.binding is not stub.binding and source.name not in _INHERITED:
        text = f"it is a {stub.binding.value} method in the stub and a {source.binding.value} method in the source"
        yield Difference(text, is_breaking=True)


def _as_called(signature: Signature, source: Function, stub: Function) -> Signature:
    """Say what a call gives in the source's terms: what awaiting gives where the source says ``async``."""
    expr = signature.returns.expr
    is_awaited = source.is_async and not stub.is_async and isinstance(expr, Named) and expr.path in _AWAITED
    if is_awaited and isinstance(expr, Named) and expr.arguments:
        return msgspec.structs.replace(signature, returns=_retyped(signature.returns, expr.arguments[-1]))
    if stub.is_async and not source.is_async:
        given = Named(path=SymbolPath("collections.abc:Coroutine"), arguments=(AnyType(), AnyType(), expr))
        return msgspec.structs.replace(signature, returns=_retyped(signature.returns, given))
    return signature


def _retyped(claim: TypeClaim, expr: TypeExpr) -> TypeClaim:
    return TypeClaim(expr=expr, evidence=claim.evidence)


def _yields(source: Function, signatures: Sequence[Signature]) -> TypeClaim | None:
    returns = signatures[0].returns
    if source.stream is not StreamKind.NONE and isinstance(returns.expr, Named) and returns.expr.arguments:
        return _retyped(returns, returns.expr.arguments[0])
    return source.yields


def _report_members(
    source: Class, known: frozenset[str], declared: frozenset[str] | set[str], report: Report, is_made: Made
) -> None:
    """Tell of public members that only one of both has."""
    only_stub = sorted(
        name for name in declared - known if not name.startswith("_") and not is_made.is_inherited(source.path, name)
    )
    only_source = sorted(name for name in known - declared if not name.startswith("_"))
    differences = []
    if only_stub:
        differences.append(Difference(f"only the stub has {listed(only_stub)}"))
    if only_source:
        differences.append(Difference(f"only the source has {listed(only_source)}"))
    if differences:
        report(source.path, differences)


def _moved(one: Function | Property | Field, owner: SymbolPath) -> Function | Property | Field:
    return msgspec.structs.replace(one, path=SymbolPath(f"{owner}.{one.name}"))


def _sorted(known: Sequence[_One], added: Iterator[_One]) -> tuple[_One, ...]:
    return tuple(sorted((*known, *added), key=lambda one: one.name))


def listed(names: Sequence[str], shown: int = 8) -> str:
    """Write names for people, the first of many only."""
    written = ", ".join(f"`{one}`" for one in names[:shown])
    return f"{written} and {len(names) - shown} more" if len(names) > shown else written


def _kind(one: Symbol) -> str:
    match one:
        case Class():
            return "class"
        case Function():
            return "function"
        case Variable():
            return "variable"
        case TypeAlias():
            return "type alias"
