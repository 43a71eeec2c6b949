"""Types of variables and attributes."""

from pybridge.model.evidence import Tier, TypeClaim
from pybridge.model.expressions import Expr
from pybridge.model.facts import Annotation
from pybridge.model.types import Unknown, UnknownReason
from pybridge.resolve.describe.claims import claim, is_silent, unknown
from pybridge.resolve.describe.scopes import LexicalScope
from pybridge.resolve.describe.world import World
from pybridge.resolve.evidence import infer_value
from pybridge.resolve.types.answers import Answer, PropertyAnswer, VariableAnswer


def value_claim(
    annotation: Annotation | None, value: Expr | None, answer: Answer | None, scope: LexicalScope, world: World
) -> TypeClaim:
    """Type a name by its annotation, by what the engine knows, or by its value."""
    if annotation is not None and not _is_bare(scope.read(annotation).expr):
        return scope.claimed(annotation, world.tier(scope.module))
    if isinstance(answer, VariableAnswer | PropertyAnswer) and not is_silent(answer.type):
        tier = world.engine_tier(scope.module) if answer.is_declared else Tier.INFERRED
        return claim(answer.type, tier)
    if value is not None:
        found = infer_value(value, scope, scope.known())
        if found is not None:
            return found
    return unknown(detail="nothing declares it, and its value does not tell")


def _is_bare(expr: object) -> bool:
    """True for ``Final`` and ``ClassVar`` without a type."""
    return isinstance(expr, Unknown) and expr.reason is UnknownReason.UNANNOTATED
