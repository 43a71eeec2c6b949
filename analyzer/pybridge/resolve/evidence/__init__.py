"""Evidence where nothing declares a type: returned values, assigned values, defaults, documentation.

In: `FunctionFacts`, `Expr`, docstrings, a `Scope`, and what is `Known`. Out: `TypeClaim`s and `DocFacts`. Pure; never
raises on hostile input.
"""

from pybridge.resolve.evidence.found import Known, NothingKnown, Place, place_of
from pybridge.resolve.evidence.returns import infer_return, infer_yield
from pybridge.resolve.evidence.values import infer_default, infer_value

__all__ = [
    "Known",
    "NothingKnown",
    "Place",
    "infer_default",
    "infer_return",
    "infer_value",
    "infer_yield",
    "place_of",
]
