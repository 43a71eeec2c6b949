"""Why a type is believed: where it came from, how sure that is, and what is missing when it is unknown."""

from enum import Enum

import msgspec

from pybridge.model.names import SourceText
from pybridge.model.types import TypeExpr


class Tier(Enum):
    """Source of a type, best first."""

    ANNOTATION = "annotation"
    """Written in the library's own source."""
    STUB = "stub"
    """Written in a ``.pyi`` beside the source, in a ``types-*`` or ``-stubs`` package, or in typeshed."""
    OVERLAY = "overlay"
    """Written in a curated overlay of ours."""
    SYNTHESISED = "synthesised"
    """Made by a construct whose rule is known (dataclass, NamedTuple, Enum, attrs, pydantic-like)."""
    INFERRED = "inferred"
    """Read off the code: returned values, assigned values."""
    DOCSTRING = "docstring"
    """Read off the documentation."""
    DEFAULT = "default"
    """Read off a default value."""
    NONE = "none"
    """No source says anything; the expression is `Unknown`."""


class Confidence(Enum):
    """How sure a claim is."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Evidence(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a type rests on."""

    tier: Tier
    confidence: Confidence
    annotation: SourceText | None = None
    """The annotation as written; None where the source has none (not the same as ``Any``)."""
    reason: str | None = None
    """Why the type is unknown or less than certain; None when there is nothing to explain."""


class TypeClaim(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A type together with its evidence."""

    expr: TypeExpr
    evidence: Evidence
