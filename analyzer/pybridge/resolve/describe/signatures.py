"""Signatures: what the source writes, completed by what the engine, the documentation and defaults say."""

from collections.abc import Mapping, Sequence

import msgspec

from pybridge.model.callables import Parameter, Signature
from pybridge.model.evidence import Confidence, Tier, TypeClaim
from pybridge.model.expressions import Constant, Expr, Unary
from pybridge.model.facts import Decorator, FunctionFacts, Guard, ParameterFacts
from pybridge.model.names import split_symbol
from pybridge.model.types import (
    LiteralKind,
    LiteralValue,
    NoneType,
    ParameterKind,
    TypeExpr,
    TypeParameter,
    Unknown,
    UnknownReason,
)
from pybridge.resolve.algebra import union_of
from pybridge.resolve.annotations import parse_expression, read_type_parameters
from pybridge.resolve.describe.claims import claim, is_silent, type_variables, unknown
from pybridge.resolve.describe.scopes import LexicalScope
from pybridge.resolve.evidence import (
    DocFacts,
    DocParameter,
    DocValue,
    documented_value,
    infer_return,
    unannotated_parameter,
)
from pybridge.resolve.types.answers import ParameterAnswer, SignatureAnswer

_VARIADIC = (ParameterKind.VAR_POSITIONAL, ParameterKind.VAR_KEYWORD)
_POSITIONAL = (ParameterKind.POSITIONAL_ONLY, ParameterKind.POSITIONAL_OR_KEYWORD)
_DECLARING = frozenset({"abstractmethod", "abstractproperty", "overload", "property", "hybrid_property"})


class Sources(msgspec.Struct, frozen=True, kw_only=True):
    """What a signature may be read from besides its own text."""

    tier: Tier
    """Of annotations in the file that defines it."""
    engine_tier: Tier
    """Of declared types that only the engine knows."""
    answer: SignatureAnswer | None = None
    doc: DocFacts | None = None
    has_receiver: bool = False
    """True when the first parameter is ``self`` or ``cls``."""


def read_signature(facts: FunctionFacts, scope: LexicalScope, sources: Sources) -> Signature:
    """Describe one ``def``: its parameters without the receiver, and what it returns."""
    inner = scope.under(facts.type_parameters)
    written = without_receiver(facts.parameters) if sources.has_receiver else facts.parameters
    parameters = tuple(_parameter(one, inner, sources, position) for position, one in enumerate(written))
    returns = _returns(facts, inner, sources)
    return Signature(
        parameters=parameters,
        returns=returns,
        type_parameters=_type_parameters(facts, inner, [*(one.type.expr for one in parameters), returns.expr]),
        return_description=(sources.doc.returns.description or None) if sources.doc and sources.doc.returns else None,
    )


def without_receiver(parameters: Sequence[ParameterFacts]) -> tuple[ParameterFacts, ...]:
    """Leave out ``self`` or ``cls``; a ``*args`` that takes the receiver stays."""
    if parameters and parameters[0].kind in _POSITIONAL:
        return tuple(parameters[1:])
    return tuple(parameters)


def answered_signature(
    answer: SignatureAnswer, tier: Tier, defaults: Mapping[str, ParameterFacts] | None = None, reason: str | None = None
) -> Signature:
    """Describe a signature that the engine made, with the default texts of parameters that the source writes."""
    known = defaults or {}
    return Signature(
        parameters=tuple(
            _answered(one, position, tier, known, reason) for position, one in enumerate(answer.parameters)
        ),
        returns=claim(answer.returns, tier, reason=reason),
        type_parameters=answer.type_parameters,
    )


def mangled(name: str, scope: LexicalScope) -> str:
    """The name that Python gives ``__private`` in the body of a class: ``_Class__private``."""
    if not name.startswith("__") or name.endswith("__") or scope.current_class is None:
        return name
    owner = split_symbol(scope.current_class)[1].rpartition(".")[2].lstrip("_")
    return f"_{owner}{name}" if owner else name


def literal(expr: Expr | None) -> LiteralValue | None:
    """Read a constant, also a negative number; None for anything else."""
    match expr:
        case Constant(value=value):
            return value
        case Unary(
            operator="-", operand=Constant(value=LiteralValue(kind=LiteralKind.INT | LiteralKind.FLOAT) as value)
        ):
            return LiteralValue(kind=value.kind, text=f"-{value.text}")
        case _:
            return None


def _parameter(facts: ParameterFacts, scope: LexicalScope, sources: Sources, position: int) -> Parameter:
    described = sources.doc.parameter(facts.name) if sources.doc is not None else None
    return Parameter(
        name=mangled(facts.name, scope),
        kind=facts.kind,
        type=_parameter_type(facts, scope, sources, position, described),
        is_required=facts.default is None and facts.default_text is None and facts.kind not in _VARIADIC,
        default=facts.default_text,
        default_value=literal(facts.default),
        description=(described.description or None) if described else None,
    )


def _parameter_type(
    facts: ParameterFacts, scope: LexicalScope, sources: Sources, position: int, described: DocParameter | None
) -> TypeClaim:
    if facts.annotation is not None:
        return scope.claimed(facts.annotation, sources.tier)
    answered = _matching(sources.answer, facts, position)
    if answered is not None and not is_silent(answered.type):
        return claim(answered.type, sources.engine_tier)
    phrased = _phrased(described, scope, facts.default)
    return phrased or unannotated_parameter(described, facts.default, scope) or unknown()


def _matching(answer: SignatureAnswer | None, facts: ParameterFacts, position: int) -> ParameterAnswer | None:
    if answer is None:
        return None
    named = next((one for one in answer.parameters if one.name == facts.name), None)
    if named is not None or position >= len(answer.parameters):
        return named
    at_place = answer.parameters[position]
    return at_place if at_place.name is None and at_place.kind is facts.kind else None


def _returns(facts: FunctionFacts, scope: LexicalScope, sources: Sources) -> TypeClaim:
    if facts.returns is not None:
        return scope.claimed(facts.returns, sources.tier)
    if sources.answer is not None and not is_silent(sources.answer.returns):
        return claim(sources.answer.returns, sources.engine_tier)
    inferred = infer_return(facts, scope, scope.known())
    if inferred is not None:
        return inferred
    value = sources.doc.returns if sources.doc else None
    documented = _phrased(value, scope) or documented_value(value, scope)
    return documented or _of_empty_body(facts, scope, sources) or unknown()


def _phrased(
    documented: DocParameter | DocValue | None, scope: LexicalScope, default: Expr | None = None
) -> TypeClaim | None:
    """What an overlay says that the documentation's words for a type mean; a default of None belongs to it."""
    text = documented.type_text if documented is not None else None
    expr = scope.phrase(text)
    if expr is None or is_silent(expr):
        return None
    if isinstance(default, Constant) and default.value.kind is LiteralKind.NONE:
        expr = union_of((expr, NoneType()))
    return claim(expr, Tier.DOCSTRING, Confidence.MEDIUM, reason=f"documented as {text!r}")


def _of_empty_body(facts: FunctionFacts, scope: LexicalScope, sources: Sources) -> TypeClaim | None:
    """What a body gives that does nothing: a hook, unless something says that it only declares."""
    says_more = sources.doc is not None and sources.doc.returns is not None
    is_declaration = scope.is_declarative or any(_declares(one) for one in facts.decorators)
    if not facts.is_stub_body or not facts.can_fall_through or says_more or is_declaration or facts.is_generator:
        return None
    if sources.tier is Tier.STUB or any(_is_type_checking(one) for one in facts.guards):
        return None
    return claim(NoneType(), Tier.INFERRED, Confidence.LOW, reason="its body does nothing; an override may")


def _declares(decorator: Decorator) -> bool:
    return decorator.text.rpartition(".")[2] in _DECLARING


def _is_type_checking(guard: Guard) -> bool:
    return guard.text is not None and "TYPE_CHECKING" in guard.text


def _type_parameters(facts: FunctionFacts, scope: LexicalScope, exprs: Sequence[TypeExpr]) -> tuple[TypeParameter, ...]:
    if facts.type_parameters:
        return read_type_parameters(facts.type_parameters, scope)
    return scope.declarations_of(type_variables(*exprs))


def _answered(
    answer: ParameterAnswer, position: int, tier: Tier, known: Mapping[str, ParameterFacts], reason: str | None
) -> Parameter:
    name = answer.name or f"arg{position}"
    written = known.get(name)
    return Parameter(
        name=name,
        kind=answer.kind,
        type=claim(answer.type, tier, reason=reason)
        if not isinstance(answer.type, Unknown)
        else unknown(UnknownReason.UNANNOTATED, reason),
        is_required=answer.is_required and answer.kind not in _VARIADIC,
        default=written.default_text if written else answer.default,
        default_value=literal(written.default if written else parse_expression(answer.default or "")),
    )
