"""What documentation says: docstrings cleaned, read as `DocFacts`, and their words for types as `TypeClaim`s."""

from pybridge.resolve.evidence.documentation.cleaning import clean_docstring
from pybridge.resolve.evidence.documentation.doc_type import documented_parameter, documented_value, read_doc_type
from pybridge.resolve.evidence.documentation.facts import DocFacts, DocParameter, DocStyle, DocValue
from pybridge.resolve.evidence.documentation.reader import read_docstring

__all__ = [
    "DocFacts",
    "DocParameter",
    "DocStyle",
    "DocValue",
    "clean_docstring",
    "documented_parameter",
    "documented_value",
    "read_doc_type",
    "read_docstring",
]
