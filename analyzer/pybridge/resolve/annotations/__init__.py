"""Annotations, as facts hold them, become `TypeExpr`s.

In: `Expr` and a `Scope`. Out: `ReadAnnotation`, `TypeExpr`, `TypeParameter`, `Declared`. Pure; never raises on hostile input.
"""

from pybridge.resolve.annotations.declarations import (
    Declared,
    declared_by,
    read_type_parameter,
    read_type_parameters,
)
from pybridge.resolve.annotations.headers import Header, read_header
from pybridge.resolve.annotations.reader import Qualifier, ReadAnnotation, read_annotation, read_type
from pybridge.resolve.annotations.scope import Scope
from pybridge.resolve.annotations.substitution import (
    apply_arguments,
    parts_of,
    replace_variable,
    without_any,
    without_loose_variables,
)
from pybridge.resolve.annotations.text import parse_expression, text_of

__all__ = [
    "Declared",
    "Header",
    "Qualifier",
    "ReadAnnotation",
    "Scope",
    "apply_arguments",
    "declared_by",
    "parse_expression",
    "parts_of",
    "read_annotation",
    "read_header",
    "read_type",
    "read_type_parameter",
    "read_type_parameters",
    "replace_variable",
    "text_of",
    "without_any",
    "without_loose_variables",
]
