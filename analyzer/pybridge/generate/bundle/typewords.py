"""Types and constants in the words of ``pybridge.v1.TypeDescriptor`` and ``ConstantValue``."""

import base64
from typing import assert_never

from pybridge.model.evidence import Tier, TypeClaim
from pybridge.model.names import SourceText, dotted
from pybridge.model.types import (
    Alias,
    AnyType,
    Callable,
    CallableParameter,
    Literal,
    LiteralKind,
    LiteralValue,
    Named,
    Never,
    NoneType,
    SelfType,
    Tuple,
    TypeExpr,
    TypeVariable,
    TypeVariableKind,
    Union,
    Unknown,
    Unpack,
)

Words = dict[str, object]

_PRIMITIVES = frozenset({"int", "float", "str", "bytes", "bool", "complex", "object", "bytearray", "memoryview"})
_LISTS = {
    "builtins:list": "list",
    "builtins:set": "set",
    "builtins:frozenset": "frozenset",
    "typing:Iterator": "iterator",
    "typing:Generator": "iterator",
    "typing:AsyncIterator": "async_iterator",
    "typing:AsyncGenerator": "async_iterator",
    "typing:Awaitable": "awaitable",
    "typing:Coroutine": "awaitable",
    "builtins:type": "type",
}
_SOURCES = {
    Tier.ANNOTATION: "TYPE_SOURCE_ANNOTATION",
    Tier.STUB: "TYPE_SOURCE_STUB",
    Tier.OVERLAY: "TYPE_SOURCE_STUB",
    Tier.SYNTHESISED: "TYPE_SOURCE_ANNOTATION",
    Tier.INFERRED: "TYPE_SOURCE_INFERRED",
    Tier.DOCSTRING: "TYPE_SOURCE_DOCSTRING",
    Tier.DEFAULT: "TYPE_SOURCE_DEFAULT_VALUE",
}
_INT64 = 1 << 63


def type_words(claim: TypeClaim) -> Words:
    """Say a type with where it comes from."""
    words = expr_words(claim.expr)
    if claim.evidence.annotation:
        words["annotation"] = str(claim.evidence.annotation)
    if source := _SOURCES.get(claim.evidence.tier):
        words["source"] = source
    return words


def expr_words(expr: TypeExpr) -> Words:
    """Say a type alone."""
    match expr:
        case Named():
            return _named(expr)
        case Alias(path=path, arguments=arguments, target=target):
            return expr_words(target) if target else _class(dotted(path), arguments)
        case Union(members=members):
            return _union(members)
        case Tuple(items=items, is_variadic=is_variadic):
            return {"kind": "tuple", "tuple_types": [expr_words(one) for one in items], "variadic": is_variadic}
        case Callable(parameters=parameters, returns=returns):
            return {"kind": "callable", "callable": _callable(parameters, returns)}
        case Literal(values=values):
            return {"kind": "literal", "literal_values": [constant_words(one, None) for one in values]}
        case TypeVariable(name=name, kind=kind):
            word = "param_spec" if kind is TypeVariableKind.PARAMETERS else "type_var"
            return {"kind": word, "type_variable": {"name": name}}
        case Unpack(packed=packed):
            return {"kind": "unpack", "element_type": expr_words(packed)}
        case SelfType():
            return {"kind": "self"}
        case NoneType():
            return {"kind": "none"}
        case Never():
            return {"kind": "never"}
        case AnyType():
            return {"kind": "any"}
        case Unknown(text=text):
            return {"kind": "unknown", "annotation": str(text)} if text else {"kind": "unknown"}
        case _:
            assert_never(expr)


def constant_words(value: LiteralValue | None, text: SourceText | None) -> Words | None:
    """Say a constant; an expression that is none keeps its text; None for nothing at all."""
    if value is None:
        return {"expression": str(text)} if text is not None else None
    match value.kind:
        case LiteralKind.NONE:
            return {"none_value": None}
        case LiteralKind.BOOL:
            return {"bool_value": value.text == "true"}
        case LiteralKind.INT:
            is_small = len(value.text) < 20 and -_INT64 <= int(value.text) < _INT64
            return {"int_value" if is_small else "big_int_value": value.text}
        case LiteralKind.FLOAT:
            return {"float_value": float(value.text)}
        case LiteralKind.STR:
            return {"string_value": value.text}
        case LiteralKind.BYTES:
            return {"bytes_value": base64.b64encode(bytes.fromhex(value.text)).decode()}
        case LiteralKind.ENUM:
            return {"enum_member": value.text.replace(":", ".")}
        case _:
            assert_never(value.kind)


def _named(expr: Named) -> Words:
    module, _, name = expr.path.partition(":")
    arguments = expr.arguments
    if module == "builtins" and name in _PRIMITIVES and not arguments:
        return {"kind": "primitive", "primitive_type": name}
    if expr.path == "builtins:dict":
        key, value = arguments if len(arguments) == 2 else (None, None)
        return {"kind": "dict"} | (
            {"key_type": expr_words(key), "value_type": expr_words(value)} if key and value else {}
        )
    if word := _LISTS.get(expr.path):
        return {"kind": word} | ({"element_type": expr_words(arguments[0])} if arguments else {})
    return _class(dotted(expr.path), arguments)


def _class(path: str, arguments: tuple[TypeExpr, ...]) -> Words:
    words: Words = {"kind": "class", "class_path": path}
    if arguments:
        words["type_arguments"] = [expr_words(one) for one in arguments]
    return words


def _union(members: tuple[TypeExpr, ...]) -> Words:
    others = [one for one in members if not isinstance(one, NoneType)]
    if len(others) < len(members) and len(others) == 1:
        return {"kind": "optional", "element_type": expr_words(others[0])}
    return {"kind": "union", "union_types": [expr_words(one) for one in members]}


def _callable(parameters: tuple[CallableParameter, ...] | None, returns: TypeExpr) -> Words:
    words: Words = {"return_type": expr_words(returns)}
    if parameters is None:
        words["any_parameters"] = True
    else:
        words["parameters"] = [
            {"name": one.name or "", "type": expr_words(one.type), "required": one.is_required} for one in parameters
        ]
    return words
