"""Overlays applied: what a curated rule makes of a signature."""

import msgspec

from pybridge.model.callables import Parameter, Signature
from pybridge.model.evidence import Confidence, Evidence, Tier, TypeClaim
from pybridge.model.overlays import DecoratorEffect, DecoratorRule, OverlayParameter
from pybridge.model.types import ParameterKind
from pybridge.resolve.annotations import parse_expression, read_type
from pybridge.resolve.describe.claims import claim, unknown
from pybridge.resolve.describe.scopes import LexicalScope
from pybridge.resolve.describe.signatures import literal

_ORDER = {kind: place for place, kind in enumerate(ParameterKind)}


def apply_rule(signature: Signature, rule: DecoratorRule, scope: LexicalScope) -> Signature:
    """Change a signature as a decorator's rule says; ``scope`` is where the decorator is defined.

    A parameter that is added stands behind those of its kind; one of a name that is taken is left out.
    """
    names = {one.name for one in rule.parameters}
    match rule.effect:
        case DecoratorEffect.KEEPS:
            return signature
        case DecoratorEffect.REMOVES:
            kept = tuple(one for one in signature.parameters if one.name not in names)
        case DecoratorEffect.REPLACES:
            kept = tuple(_parameter(one, scope) for one in rule.parameters)
        case DecoratorEffect.ADDS:
            kept = _joined(signature.parameters, tuple(_parameter(one, scope) for one in rule.parameters))
    return msgspec.structs.replace(signature, parameters=kept)


def _joined(written: tuple[Parameter, ...], added: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
    """Put parameters behind those of their kind; a second ``**kwargs`` would be one too many."""
    names = {one.name for one in written}
    taken = {one.kind for one in written} & {ParameterKind.VAR_POSITIONAL, ParameterKind.VAR_KEYWORD}
    new = [one for one in added if one.name not in names and one.kind not in taken]
    return tuple(sorted((*written, *new), key=lambda one: _ORDER[one.kind]))


def _parameter(one: OverlayParameter, scope: LexicalScope) -> Parameter:
    default = parse_expression(one.default) if one.default is not None else None
    is_variadic = one.kind in {ParameterKind.VAR_POSITIONAL, ParameterKind.VAR_KEYWORD}
    return Parameter(
        name=one.name,
        kind=one.kind,
        type=_type(one, scope),
        is_required=one.default is None and not is_variadic,
        default=one.default,
        default_value=literal(default),
        description=one.description,
    )


def _type(one: OverlayParameter, scope: LexicalScope) -> TypeClaim:
    expr = parse_expression(one.type) if one.type is not None else None
    if expr is None:
        return unknown(detail="a decorator adds it, and its overlay gives no type")
    read = claim(read_type(expr, scope), Tier.OVERLAY, annotation=one.type)
    return TypeClaim(
        expr=read.expr,
        evidence=Evidence(
            tier=Tier.OVERLAY,
            confidence=Confidence.HIGH if read.evidence.confidence is Confidence.HIGH else Confidence.LOW,
            annotation=one.type,
            reason="a decorator adds it",
        ),
    )
