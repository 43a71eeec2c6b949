"""Evidence where nothing declares a type: returned values, assigned values, defaults, documentation.

In: `FunctionFacts`, `Expr`, docstrings, a `Scope`, and what is `Known`. Out: `TypeClaim`s and `DocFacts`. Pure; never
raises on hostile input.
"""

from pybridge.resolve.evidence.documentation import (
    DocFacts,
    DocParameter,
    DocStyle,
    DocValue,
    clean_docstring,
    documented_parameter,
    documented_value,
    read_doc_type,
    read_docstring,
)
from pybridge.resolve.evidence.found import Known, NothingKnown, Place, place_of
from pybridge.resolve.evidence.parameters import unannotated_parameter
from pybridge.resolve.evidence.returns import infer_return, infer_yield
from pybridge.resolve.evidence.values import infer_default, infer_value

__all__ = [
    "DocFacts",
    "DocParameter",
    "DocStyle",
    "DocValue",
    "Known",
    "NothingKnown",
    "Place",
    "clean_docstring",
    "documented_parameter",
    "documented_value",
    "infer_default",
    "infer_return",
    "infer_value",
    "infer_yield",
    "place_of",
    "read_doc_type",
    "read_docstring",
    "unannotated_parameter",
]
