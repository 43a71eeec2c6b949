"""Types, parameters and signatures as a stub writes them."""

from collections.abc import Iterable, Sequence

from pybridge.annotate.spelling import Speller, Unwritable
from pybridge.annotate.stubs.names import StubNames, constant, is_writable, variable_names
from pybridge.model.callables import Parameter, Signature
from pybridge.model.types import (
    AnyType,
    LiteralKind,
    LiteralValue,
    Named,
    NoneType,
    ParameterKind,
    TypeExpr,
    TypeParameter,
    TypeVariable,
    TypeVariableKind,
    Union,
    Unknown,
)

_VARIADIC = {ParameterKind.VAR_POSITIONAL: ("*", "args"), ParameterKind.VAR_KEYWORD: ("**", "kwargs")}
_POSITIONAL = frozenset({ParameterKind.POSITIONAL_ONLY, ParameterKind.POSITIONAL_OR_KEYWORD})


class TypeWriter:
    """Writes types in one scope, whose type variables are known; what cannot be written is ``Incomplete``."""

    def __init__(self, names: StubNames, parameters: Iterable[TypeParameter] = (), *, has_self: bool = False) -> None:
        self.names = names
        self._parameters = {one.name: one for one in parameters}
        self._has_self = has_self
        self._speller = Speller(
            names.type_name,
            names.special,
            variables=self._variable,
            takes_arguments=names.takes_arguments,
            has_self=has_self,
            unknown=names.incomplete,
        )

    def inside(self, parameters: Iterable[TypeParameter], *, has_self: bool | None = None) -> "TypeWriter":
        """Return a writer for a scope within this one."""
        both = {**self._parameters, **{one.name: one for one in parameters}}
        return TypeWriter(self.names, both.values(), has_self=self._has_self if has_self is None else has_self)

    def write(self, expr: TypeExpr) -> str:
        """Write a type."""
        try:
            return self._speller.spell(expr)
        except Unwritable:
            return self.names.incomplete()

    def is_known(self, name: str) -> bool:
        """Tell whether a type variable of that name is in scope."""
        return name in self._parameters

    def _variable(self, name: str) -> str:
        if name not in self._parameters:
            raise Unwritable
        return self.names.variable(self._parameters[name])


def signature_text(
    signature: Signature, writer: TypeWriter, *, receiver: str | None, returns: str | None = None
) -> str:
    """Write ``(parameters) -> type``; ``receiver`` is ``self`` or ``cls``; ``returns`` replaces what it returns."""
    inner = writer.inside(signature.type_parameters)
    lone = _lone_variables(signature, writer)
    result = returns or (inner.names.incomplete() if lone else inner.write(signature.returns.expr))
    parts = _parameters(signature.parameters, inner, _specs(signature.parameters, writer))
    if receiver is not None:
        names = {one.name for one in signature.parameters}
        parts.insert(0, receiver if receiver not in names else f"_{receiver}")
    return f"({', '.join(parts)}) -> {result}"


def _lone_variables(signature: Signature, writer: TypeWriter) -> bool:
    """Tell whether it returns a type variable that nothing binds: neither a parameter nor what is around."""
    bound = {name for one in signature.parameters for name in variable_names(one.type.expr)}
    return any(name not in bound and not writer.is_known(name) for name in variable_names(signature.returns.expr))


def _parameters(parameters: Sequence[Parameter], writer: TypeWriter, specs: frozenset[str]) -> list[str]:
    parts: list[str] = []
    previous: ParameterKind | None = None
    is_optional = False
    for position, one in enumerate(parameters):
        if previous is ParameterKind.POSITIONAL_ONLY and one.kind is not ParameterKind.POSITIONAL_ONLY:
            parts.append("/")
        if one.kind is ParameterKind.KEYWORD_ONLY and previous not in {
            ParameterKind.KEYWORD_ONLY,
            ParameterKind.VAR_POSITIONAL,
        }:
            parts.append("*")
        is_optional = one.kind in _POSITIONAL and (is_optional or not one.is_required)
        parts.append(_parameter(one, writer, specs, position, needs_default=is_optional))
        previous = one.kind
    if previous is ParameterKind.POSITIONAL_ONLY:
        parts.append("/")
    return parts


def _specs(parameters: Sequence[Parameter], outer: TypeWriter) -> frozenset[str]:
    """Names of the parameter specifications that have both their halves, ``*args`` and ``**kwargs``, and are bound."""
    halves = [
        (one.kind, one.type.expr.name)
        for one in parameters
        if isinstance(one.type.expr, TypeVariable) and one.type.expr.kind is TypeVariableKind.PARAMETERS
    ]
    others = [one.type.expr for one in parameters if one.kind not in _VARIADIC]
    bound = {name for expr in others for name in variable_names(expr)}
    return frozenset(
        name
        for _, name in halves
        if all((kind, name) in halves for kind in _VARIADIC) and (name in bound or outer.is_known(name))
    )


def _parameter(one: Parameter, writer: TypeWriter, specs: frozenset[str], position: int, *, needs_default: bool) -> str:
    stars, half = _VARIADIC.get(one.kind, ("", ""))
    name = one.name if is_writable(one.name) else f"_{position}"
    expr = one.type.expr
    if isinstance(expr, TypeVariable) and expr.kind is TypeVariableKind.PARAMETERS:
        text = f"{writer.write(expr)}.{half}" if expr.name in specs and half else writer.names.incomplete()
    else:
        text = writer.write(expr)
    if stars or (one.is_required and not needs_default):
        return f"{stars}{name}: {text}"
    value = constant(one.default_value) if one.default_value is not None and _fits(one.default_value, expr) else None
    return f"{name}: {text} = {value or '...'}"


def _fits(value: LiteralValue, expr: TypeExpr) -> bool:
    """Tell whether a constant is plainly of a type, so that a checker takes it as its default."""
    match expr:
        case Unknown() | AnyType():
            return True
        case Union(members=members):
            return any(_fits(value, one) for one in members)
        case NoneType():
            return value.kind is LiteralKind.NONE
        case Named(path=path):
            return value.kind is not LiteralKind.NONE and path == f"builtins:{value.kind.value}"
        case _:
            return False
