"""Types, signatures and answers as one line of text each, so that a test can say exactly what it expects."""

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
    TypeParameter,
    TypeVariable,
    Union,
    Unknown,
    Unpack,
)
from pybridge.resolve.types.answers import (
    AliasAnswer,
    Answer,
    CallableAnswer,
    ClassAnswer,
    ParameterAnswer,
    PropertyAnswer,
    SignatureAnswer,
    TypeVariableAnswer,
    VariableAnswer,
)

_STARS = {ParameterKind.VAR_POSITIONAL: "*", ParameterKind.VAR_KEYWORD: "**"}


def spell(expr: TypeExpr) -> str:
    """``builtins:list['T] | None``: quotes before type variables, ``?reason`` for what is not known."""
    match expr:
        case Named(path=path, arguments=arguments):
            return path.removeprefix("builtins:") + _bracketed(arguments)
        case Alias(path=path, arguments=arguments, target=target):
            return f"alias {path}{_bracketed(arguments)}" + (f" = {spell(target)}" if target else "")
        case Union(members=members):
            return " | ".join(spell(member) for member in members)
        case Tuple(items=items, is_variadic=is_variadic):
            return f"({', '.join(spell(item) for item in items)}{', ...' if is_variadic else ''})"
        case Callable(parameters=None, returns=returns):
            return f"(...) -> {spell(returns)}"
        case Callable(parameters=parameters, returns=returns):
            return f"{_listed(parameters or ())} -> {spell(returns)}"
        case Literal(values=values):
            return f"Literal[{', '.join(f'{value.kind.value} {value.text}' for value in values)}]"
        case TypeVariable(name=name):
            return f"'{name}"
        case Unpack(packed=packed):
            return f"*{spell(packed)}"
        case SelfType():
            return "Self"
        case NoneType():
            return "None"
        case Never():
            return "Never"
        case AnyType():
            return "Any"
        case Unknown(reason=reason):
            return f"?{reason.value}"
        case _:
            assert_never(expr)


def spell_signature(signature: SignatureAnswer) -> str:
    """``<T: int> (a: int, /, b: str = ...) -> None``; a positional-only parameter has no name: ``_: int``."""
    variables = ", ".join(spell_parameter(one) for one in signature.type_parameters)
    return f"{f'<{variables}> ' if variables else ''}{_listed(signature.parameters)} -> {spell(signature.returns)}"


def spell_parameter(parameter: TypeParameter) -> str:
    """``T: bound``, ``T in int, str``, ``T = default``, then its variance unless it is none to speak of."""
    text = parameter.name
    if parameter.bound is not None:
        text += f": {spell(parameter.bound)}"
    if parameter.constraints:
        text += f" in {' '.join(spell(one) for one in parameter.constraints)}"
    if parameter.default is not None:
        text += f" = {spell(parameter.default)}"
    return text if parameter.variance == "invariant" else f"{text} {parameter.variance}"


def spell_answer(answer: Answer) -> list[str]:
    """Signatures of what can be called (``def`` before the hidden definition's), or the one type; then the claims."""
    match answer:
        case CallableAnswer():
            lines = [spell_signature(one) for one in answer.signatures]
            lines += [f"def {spell_signature(one)}" for one in answer.definition]
        case PropertyAnswer(type=expr) | VariableAnswer(type=expr) | AliasAnswer(target=expr):
            lines = [spell(expr)]
        case TypeVariableAnswer(parameter=parameter):
            lines = [spell_parameter(parameter)]
        case ClassAnswer():
            lines = [spell_signature(one) for one in answer.constructor]
        case _:
            assert_never(answer)
    return [*lines, *claims(answer)]


def claims(answer: Answer) -> list[str]:
    """Names of the flags that differ from what is usual, sorted by their order of declaration."""
    usual = {"is_declared": isinstance(answer, CallableAnswer | PropertyAnswer)}
    flags = [name for name in answer.__struct_fields__ if isinstance(getattr(answer, name), bool)]
    return [
        name if getattr(answer, name) else f"not {name}"
        for name in flags
        if getattr(answer, name) != usual.get(name, False)
    ]


def _bracketed(arguments: tuple[TypeExpr, ...]) -> str:
    return f"[{', '.join(spell(one) for one in arguments)}]" if arguments else ""


def _listed(parameters: tuple[CallableParameter, ...] | tuple[ParameterAnswer, ...]) -> str:
    texts: list[str] = []
    has_star = False
    for one in parameters:
        kind, name, is_required = one.kind, one.name, one.is_required
        if kind is ParameterKind.KEYWORD_ONLY and not has_star:
            texts.append("*")
        has_star = has_star or kind in (ParameterKind.KEYWORD_ONLY, ParameterKind.VAR_POSITIONAL)
        star = _STARS.get(kind, "")
        shown = "_" if kind is ParameterKind.POSITIONAL_ONLY else name or ""
        texts.append(f"{star}{shown}: {spell(one.type)}{'' if is_required or star else ' = ...'}")
    return f"({', '.join(texts)})"
