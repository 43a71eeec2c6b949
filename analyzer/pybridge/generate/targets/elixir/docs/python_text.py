"""Python as documentation shows it: types and signatures on one line, cut where they are long."""

from typing import assert_never

from pybridge.generate.targets.elixir.escape import one_line
from pybridge.model.callables import Parameter, Signature
from pybridge.model.evidence import TypeClaim
from pybridge.model.types import (
    Alias,
    AnyType,
    Callable,
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
    Union,
    Unknown,
    Unpack,
)

TYPE_LIMIT = 120
SIGNATURE_LIMIT = 600
_DEPTH_LIMIT = 8


def claim_text(claim: TypeClaim) -> str:
    """Write a type, as the source does where it says one; an unknown type is empty."""
    written = claim.evidence.annotation
    text = one_line(written) if written else type_text(claim.expr)
    return cut(text, TYPE_LIMIT)


def signature_text(name: str, signature: Signature, *, limit: int = SIGNATURE_LIMIT) -> str:
    """Write ``name(parameters) -> result``."""
    parts: list[str] = []
    is_after_star = False
    kinds = [parameter.kind for parameter in signature.parameters]
    for index, parameter in enumerate(signature.parameters):
        if parameter.kind is ParameterKind.KEYWORD_ONLY and not is_after_star:
            parts.append("*")
        is_after_star = is_after_star or parameter.kind in _STARRING
        parts.append(_parameter_text(parameter))
        if parameter.kind is ParameterKind.POSITIONAL_ONLY and kinds[index + 1 : index + 2] != [parameter.kind]:
            parts.append("/")
    returns = claim_text(signature.returns)
    result = f" -> {returns}" if returns else ""
    return cut(f"{one_line(name)}({', '.join(parts)}){result}", limit)


_STARRING = frozenset({ParameterKind.KEYWORD_ONLY, ParameterKind.VAR_POSITIONAL})
_STARS = {ParameterKind.VAR_POSITIONAL: "*", ParameterKind.VAR_KEYWORD: "**"}


def _parameter_text(parameter: Parameter) -> str:
    annotation = claim_text(parameter.type)
    text = f"{_STARS.get(parameter.kind, '')}{one_line(parameter.name)}"
    default = default_text(parameter)
    if annotation:
        return f"{text}: {annotation}" + (f" = {default}" if default else "")
    return text + (f"={default}" if default else "")


def default_text(parameter: Parameter) -> str:
    """Text of the default, cut; empty where there is none."""
    return cut(one_line(parameter.default), 60) if parameter.default else ""


def code_span(text: str) -> str:
    """Write text as Markdown code, whatever backquotes it holds."""
    plain = one_line(text)
    if "`" not in plain:
        return f"`{plain}`"
    longest = max(len(run) for run in "".join(c if c == "`" else " " for c in plain).split())
    fence = "`" * (longest + 1)
    return f"{fence} {plain} {fence}"


def cut(text: str, limit: int) -> str:
    """Shorten text to `limit` characters, an ellipsis at its end."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def type_text(expr: TypeExpr, depth: int = 0) -> str:
    """Write a type the way annotations do, module names left out; an unknown type is empty."""
    if depth >= _DEPTH_LIMIT:
        return "…"
    match expr:
        case Named(path=path, arguments=arguments) | Alias(path=path, arguments=arguments):
            return _short(path) + _arguments(arguments, depth)
        case Union(members=members):
            return " | ".join(type_text(member, depth + 1) or "Any" for member in members)
        case Tuple(items=items, is_variadic=is_variadic):
            inner = ", ".join(type_text(item, depth + 1) or "Any" for item in items) or "()"
            return f"tuple[{inner}, ...]" if is_variadic else f"tuple[{inner}]"
        case Callable(parameters=parameters, returns=returns):
            inner = "..." if parameters is None else _callable_parameters(expr, depth)
            return f"Callable[{inner}, {type_text(returns, depth + 1) or 'Any'}]"
        case Literal(values=values):
            return f"Literal[{', '.join(_literal_text(value) for value in values)}]"
        case TypeVariable(name=name):
            return name
        case Unpack(packed=packed):
            return f"*{type_text(packed, depth + 1)}"
        case SelfType():
            return "Self"
        case NoneType():
            return "None"
        case Never():
            return "Never"
        case AnyType():
            return "Any"
        case Unknown(text=text):
            return one_line(text) if text else ""
        case _:
            assert_never(expr)


def _callable_parameters(expr: Callable, depth: int) -> str:
    return f"[{', '.join(type_text(one.type, depth + 1) or 'Any' for one in expr.parameters or ())}]"


def _arguments(arguments: tuple[TypeExpr, ...], depth: int) -> str:
    if not arguments:
        return ""
    return f"[{', '.join(type_text(argument, depth + 1) or 'Any' for argument in arguments)}]"


def _short(path: str) -> str:
    return path.rpartition(":")[2].rpartition(".")[2] or path


def _literal_text(value: LiteralValue) -> str:
    match value.kind:
        case LiteralKind.STR:
            return f'"{one_line(value.text)}"'
        case LiteralKind.BYTES:
            return f"bytes.fromhex({value.text!r})"
        case LiteralKind.NONE:
            return "None"
        case LiteralKind.BOOL:
            return value.text.capitalize()
        case LiteralKind.ENUM:
            return ".".join(value.text.rpartition(":")[2].split(".")[-2:])
        case LiteralKind.INT | LiteralKind.FLOAT:
            return value.text
        case _:
            assert_never(value.kind)
