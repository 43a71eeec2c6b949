"""What a worker may check of arguments before a call: names and kinds of parameters, and types that are declared.

A type is told only where the library itself (or a stub) declares it, and only as far as a value without Python's own classes can
contradict it. Whatever else there is to say about a type is null: anything goes.
"""

from collections.abc import Iterable

import msgspec

from pybridge.model.callables import Function, Parameter, Signature
from pybridge.model.classes import Class, ClassKind, Constructor
from pybridge.model.evidence import Confidence, Tier
from pybridge.model.names import SymbolPath, dotted
from pybridge.model.types import (
    Alias,
    Literal,
    LiteralKind,
    LiteralValue,
    Named,
    NoneType,
    ParameterKind,
    Tuple,
    TypeExpr,
    Union,
)

CheckedType = str | list[object] | None
"""A name (``int``, ``None``, ``pandas.DataFrame``); a list of a form and its parts: ``["list", "str"]``, ``["literal", 1, "a"]``; None: anything."""

_KINDS = {
    ParameterKind.POSITIONAL_ONLY: "/",
    ParameterKind.POSITIONAL_OR_KEYWORD: "",
    ParameterKind.VAR_POSITIONAL: "*",
    ParameterKind.KEYWORD_ONLY: "=",
    ParameterKind.VAR_KEYWORD: "**",
}
_DECLARED = frozenset({Tier.ANNOTATION, Tier.STUB, Tier.OVERLAY})
_PLAIN = frozenset({"int", "float", "complex", "str", "bytes", "bool"})
_OF_ITEMS = frozenset({"list", "set", "frozenset"})
_TABLES = frozenset({"pandas", "polars"})
"""A table is made into one of theirs where it is declared; as a check it is anything."""
_VALUE_BASES = frozenset({"builtins:int", "builtins:str", "builtins:float", "builtins:bytes", "builtins:tuple"})
_GREATEST = 1 << 63
_LITERALS = frozenset({LiteralKind.NONE, LiteralKind.BOOL, LiteralKind.INT, LiteralKind.STR})


class ParameterTool(msgspec.Struct, frozen=True, array_like=True):
    """One parameter, ``self`` and ``cls`` left out."""

    name: str
    kind: str
    """``/`` by position only, empty by either, ``=`` by name only; ``*`` and ``**`` take the rest."""
    is_required: bool
    type: CheckedType


class Enumerations:
    """The enumerations of a library whose members are nothing else: no text or number stands for one."""

    def __init__(self, classes: Iterable[Class]) -> None:
        self.paths = frozenset(
            one.path
            for one in classes
            if one.kind is ClassKind.ENUM and one.mro and not _VALUE_BASES.intersection(one.mro)
        )


def of_function(function: Function, enumerations: Enumerations) -> tuple[ParameterTool, ...] | None:
    """The parameters of a function or method. None: what a decorator takes in its place is not known."""
    if function.is_signature_hidden:
        return None
    return _of(function.signatures, function.implementation, enumerations)


def of_constructor(one: Class, enumerations: Enumerations) -> tuple[ParameterTool, ...] | None:
    """The parameters that make an instance. None: they are not known, or values for them are converted first."""
    constructor: Constructor = one.constructor
    if constructor.is_signature_hidden or one.kind in {ClassKind.MODEL, ClassKind.ENUM, ClassKind.TYPED_DICT}:
        return None
    return _of(constructor.signatures, constructor.implementation, enumerations)


def _of(
    signatures: tuple[Signature, ...], implementation: Signature | None, enumerations: Enumerations
) -> tuple[ParameterTool, ...] | None:
    """One signature's parameters; of overloads those of the implementation, each with all types that some overload takes."""
    if len(signatures) == 1:
        return tuple(_parameter(one, _claimed(one, enumerations)) for one in signatures[0].parameters)
    if implementation is None:
        return None
    return tuple(_parameter(one, _overloaded(one.name, signatures, enumerations)) for one in implementation.parameters)


def _parameter(parameter: Parameter, checked: CheckedType) -> ParameterTool:
    if parameter.default == "None" and checked is not None:
        checked = _any_of([checked, "None"])  # PEP 484 once allowed `x: int = None`; overloads may not tell it
    return ParameterTool(parameter.name, _KINDS[parameter.kind], parameter.is_required, checked)


def _overloaded(name: str, signatures: tuple[Signature, ...], enumerations: Enumerations) -> CheckedType:
    claims = [one for signature in signatures for one in signature.parameters if one.name == name]
    return _any_of([_claimed(one, enumerations) for one in claims]) if len(claims) == len(signatures) else None


def _claimed(parameter: Parameter, enumerations: Enumerations) -> CheckedType:
    evidence = parameter.type.evidence
    if evidence.tier not in _DECLARED or evidence.confidence is not Confidence.HIGH:
        return None
    return _checked(parameter.type.expr, enumerations)


def _checked(expr: TypeExpr, enumerations: Enumerations) -> CheckedType:
    match expr:
        case NoneType():
            return "None"
        case Alias(target=target) if target is not None:
            return _checked(target, enumerations)
        case Union(members=members):
            return _any_of([_checked(one, enumerations) for one in members])
        case Tuple(items=items, is_variadic=is_variadic):
            inner: list[object] = [_checked(one, enumerations) for one in items]
            return ["tuple*" if is_variadic else "tuple", *inner]
        case Literal(values=values) if all(map(_is_plain, values)):
            return ["literal", *map(_constant, values)]
        case Named():
            return _named(expr, enumerations)
        case _:
            return None


def _named(expr: Named, enumerations: Enumerations) -> CheckedType:
    module, _, name = expr.path.partition(":")
    parts: list[object] = [_checked(one, enumerations) for one in expr.arguments]
    if name == "DataFrame" and module.partition(".")[0] in _TABLES:
        return f"{module.partition('.')[0]}.{name}"
    if module != "builtins":
        return ["enum", dotted(SymbolPath(expr.path))] if expr.path in enumerations.paths else None
    if name in _PLAIN and not parts:
        return name
    if name in _OF_ITEMS and len(parts) <= 1:
        return [name, *parts]
    if name == "dict" and len(parts) in (0, 2):
        return [name, *parts]
    return ["tuple*", None] if name == "tuple" and not parts else None


def _any_of(members: list[CheckedType]) -> CheckedType:
    flat: list[object] = []
    for one in members:
        if one is None:
            return None
        flat += one[1:] if isinstance(one, list) and one[0] == "|" else [one]
    unique = [one for index, one in enumerate(flat) if one not in flat[:index]]
    if len(unique) == 1:
        (only,) = unique
        return only if isinstance(only, (str, list)) else None
    return ["|", *unique]


def _is_plain(value: LiteralValue) -> bool:
    return value.kind in _LITERALS and (value.kind is not LiteralKind.INT or abs(int(value.text)) < _GREATEST)


def _constant(value: LiteralValue) -> object:
    match value.kind:
        case LiteralKind.BOOL:
            return value.text == "true"
        case LiteralKind.INT:
            return int(value.text)
        case LiteralKind.STR:
            return value.text
        case _:
            return None
