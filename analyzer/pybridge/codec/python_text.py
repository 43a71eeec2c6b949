"""Types and signatures as a Python author would write them, for people to read."""

from typing import assert_never

from pybridge.model.callables import Binding, Function, Parameter, Signature, StreamKind
from pybridge.model.names import SymbolPath, dotted
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
    ParameterKind,
    SelfType,
    Tuple,
    TypeExpr,
    TypeVariable,
    TypeVariableKind,
    Union,
    Unknown,
    Unpack,
)

_SHORT = frozenset({"builtins", "typing"})


def type_text(expr: TypeExpr) -> str:
    """Write a type with full paths, builtins and ``typing`` left short; what is not known is ``?``."""
    match expr:
        case Named(path=path, arguments=arguments) | Alias(path=path, arguments=arguments):
            return _name(path) + _arguments(arguments)
        case Union(members=members):
            return " | ".join(type_text(one) for one in members)
        case Tuple(items=items, is_variadic=is_variadic):
            inner = ", ".join(type_text(one) for one in items) or "()"
            return f"tuple[{inner}, ...]" if is_variadic else f"tuple[{inner}]"
        case Callable(parameters=parameters, returns=returns):
            return f"Callable[{_callable_parameters(parameters)}, {type_text(returns)}]"
        case Literal(values=values):
            return f"Literal[{', '.join(literal_text(one) for one in values)}]"
        case TypeVariable(name=name):
            return name
        case Unpack(packed=packed):
            return f"*{type_text(packed)}"
        case SelfType():
            return "Self"
        case NoneType():
            return "None"
        case Never():
            return "Never"
        case AnyType():
            return "Any"
        case Unknown():
            return "?"
        case _:
            assert_never(expr)


def literal_text(value: LiteralValue) -> str:
    """Write a constant as its expression."""
    match value.kind:
        case LiteralKind.NONE:
            return "None"
        case LiteralKind.BOOL:
            return value.text.capitalize()
        case LiteralKind.INT | LiteralKind.FLOAT:
            return value.text
        case LiteralKind.STR:
            return repr(value.text)
        case LiteralKind.BYTES:
            return _bytes_text(value.text)
        case LiteralKind.ENUM:
            return value.text.rpartition(":")[2]
        case _:
            assert_never(value.kind)


def _bytes_text(digits: str) -> str:
    try:
        return repr(bytes.fromhex(digits))
    except ValueError:
        return f"bytes.fromhex({digits!r})"  # of a descriptor that nobody checked


def signature_text(signature: Signature) -> str:
    """Write a signature, ``(name: str, *, flag: bool = False) -> int``."""
    return f"({_parameters(signature.parameters)}) -> {type_text(signature.returns.expr)}"


def function_lines(function: Function) -> tuple[str, ...]:
    """Write a function as ``def`` lines, one a signature, with what its calls need to be told."""
    word = "async def" if function.is_async or function.stream is StreamKind.ASYNC_GENERATOR else "def"
    binding = {Binding.CLASS: "@classmethod ", Binding.STATIC: "@staticmethod "}.get(function.binding, "")
    return tuple(f"{binding}{word} {function.name}{signature_text(one)}" for one in function.signatures)


def _parameters(parameters: tuple[Parameter, ...]) -> str:
    parts: list[str] = []
    previous: ParameterKind | None = None
    for one in parameters:
        if previous is ParameterKind.POSITIONAL_ONLY and one.kind is not ParameterKind.POSITIONAL_ONLY:
            parts.append("/")
        if one.kind is ParameterKind.KEYWORD_ONLY and previous not in {
            ParameterKind.KEYWORD_ONLY,
            ParameterKind.VAR_POSITIONAL,
        }:
            parts.append("*")
        parts.append(_parameter(one))
        previous = one.kind
    if previous is ParameterKind.POSITIONAL_ONLY:
        parts.append("/")
    return ", ".join(parts)


def _parameter(one: Parameter) -> str:
    stars = {ParameterKind.VAR_POSITIONAL: "*", ParameterKind.VAR_KEYWORD: "**"}.get(one.kind, "")
    known = "" if isinstance(one.type.expr, Unknown) else f": {type_text(one.type.expr)}"
    if one.default is None:
        default = "" if one.is_required or stars else " = ..."
    else:
        default = f" = {one.default}" if known else f"={one.default}"
    return f"{stars}{one.name}{known}{default}"


def _name(path: SymbolPath) -> str:
    module, _, name = path.partition(":")
    return name if module in _SHORT else dotted(path)


def _arguments(arguments: tuple[TypeExpr, ...]) -> str:
    return f"[{', '.join(type_text(one) for one in arguments)}]" if arguments else ""


def _callable_parameters(parameters: tuple[CallableParameter, ...] | None) -> str:
    if parameters is None:
        return "..."
    first = parameters[-1].type if parameters else None
    if isinstance(first, TypeVariable) and first.kind is TypeVariableKind.PARAMETERS:
        fixed = [type_text(one.type) for one in parameters if one.kind is ParameterKind.POSITIONAL_ONLY]
        return f"Concatenate[{', '.join((*fixed, first.name))}]" if fixed else first.name
    return f"[{', '.join(type_text(one.type) for one in parameters)}]"
