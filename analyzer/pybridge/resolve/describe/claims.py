"""Types with their evidence: which source is believed for a parameter, a return or an attribute."""

from collections.abc import Iterator
from functools import lru_cache

from pybridge.model.evidence import Confidence, Evidence, Tier, TypeClaim
from pybridge.model.names import SourceText
from pybridge.model.types import (
    Alias,
    AnyType,
    Callable,
    Literal,
    Named,
    Never,
    NoneType,
    SelfType,
    Tuple,
    TypeExpr,
    TypeVariable,
    Union,
    Unknown,
    UnknownReason,
    Unpack,
)

_REASONS = {
    UnknownReason.UNANNOTATED: "nothing declares it",
    UnknownReason.UNRESOLVED_NAME: "a name in the annotation is not defined in the library's text",
    UnknownReason.UNSUPPORTED: "the annotation is not a type expression",
    UnknownReason.UNTYPED_DECORATOR: "a decorator without types hides it",
    UnknownReason.RECURSIVE: "the definition leads back to itself",
    UnknownReason.ENGINE: "the type engine could not read the module",
}


def claim(
    expr: TypeExpr,
    tier: Tier,
    confidence: Confidence = Confidence.HIGH,
    *,
    annotation: SourceText | None = None,
    reason: str | None = None,
) -> TypeClaim:
    """Make a claim; one whose type has unknown parts is less sure and says why."""
    if isinstance(expr, Unknown):
        return TypeClaim(
            expr=expr,
            evidence=Evidence(
                tier=tier if annotation is not None else Tier.NONE,
                confidence=Confidence.LOW,
                annotation=annotation,
                reason=reason or _REASONS[expr.reason],
            ),
        )
    unknown = next(unknown_parts(expr), None) if parts(expr) else None
    if unknown is not None and confidence is Confidence.HIGH:
        confidence, reason = Confidence.MEDIUM, reason or f"a part is unknown: {_REASONS[unknown.reason]}"
    return TypeClaim(
        expr=expr, evidence=Evidence(tier=tier, confidence=confidence, annotation=annotation, reason=reason)
    )


@lru_cache(maxsize=256)
def unknown(reason: UnknownReason = UnknownReason.UNANNOTATED, detail: str | None = None) -> TypeClaim:
    """Claim nothing, and say why."""
    return claim(Unknown(reason=reason), Tier.NONE, reason=detail)


def is_silent(expr: TypeExpr) -> bool:
    """True for a type that says nothing a reader could use, by whatever name (``Incomplete`` of typeshed)."""
    if isinstance(expr, Alias):
        return isinstance(expr.target, Unknown | AnyType)
    return isinstance(expr, Unknown | AnyType)


def unknown_parts(expr: TypeExpr) -> Iterator[Unknown]:
    """Every `Unknown` inside a type, itself included."""
    if isinstance(expr, Unknown):
        yield expr
        return
    for part in parts(expr):
        yield from unknown_parts(part)


def parts(expr: TypeExpr) -> tuple[TypeExpr, ...]:
    """The types directly inside a type."""
    match expr:
        case Named(arguments=arguments) | Alias(arguments=arguments):
            return arguments
        case Union(members=members):
            return members
        case Tuple(items=items):
            return items
        case Callable(parameters=parameters, returns=returns):
            return (*(one.type for one in parameters or ()), returns)
        case Unpack(packed=packed):
            return (packed,)
        case Literal() | TypeVariable() | SelfType() | NoneType() | Never() | AnyType() | Unknown():
            return ()


def _is_plain(expr: TypeExpr) -> bool:
    """True for what most types are, with nothing inside and no variable."""
    return not expr.arguments if isinstance(expr, Named) else isinstance(expr, Unknown | NoneType)


def type_variables(*exprs: TypeExpr) -> tuple[TypeVariable, ...]:
    """Type variables inside types, in order of appearance, each once."""
    pending = [one for one in reversed(exprs) if not _is_plain(one)]
    if not pending:
        return ()
    found: dict[str, TypeVariable] = {}
    while pending:
        expr = pending.pop()
        if isinstance(expr, TypeVariable):
            found.setdefault(expr.name, expr)
        elif inside := parts(expr):
            pending.extend(reversed(inside))
    return tuple(found.values())
