"""Annotations: their text becomes an `Expr`, with the expressions inside string annotations in their place."""

import ast
import keyword
import re
from functools import lru_cache

from pybridge.extract.constants import KEYWORD_CONSTANTS, MAX_DEFAULT_TEXT, opaque
from pybridge.extract.text import SourceLines
from pybridge.extract.with_ast.expressions import AstExpressions, parse_quietly
from pybridge.model.expressions import Attribute, Binary, Constant, Expr, Name, Sequence, Starred, Subscript
from pybridge.model.facts import Annotation
from pybridge.model.names import SourceText
from pybridge.model.types import LiteralKind

_DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*){0,20}")
_LITERAL_ALIAS = re.compile(r"\bLiteral[ \t]+as[ \t]+(\w+)")
_MAX_STRING_DEPTH = 3
"""Strings in strings in strings: deeper ones stay strings."""
_MAX_REMEMBERED = 200

LITERAL_NAMES = frozenset({"Literal"})


def literal_names(text: str) -> frozenset[str]:
    """Names under which a file knows ``typing.Literal``, whose strings are no annotations."""
    if "Literal as" not in text:
        return LITERAL_NAMES
    return LITERAL_NAMES.union(_LITERAL_ALIAS.findall(text))


def read_annotation(text: str, literals: frozenset[str] = LITERAL_NAMES) -> Annotation:
    """Read an annotation as written in the source.

    Strings are read as the expressions inside them, nested ones too, except in ``Literal[...]``, in the metadata of
    ``Annotated[...]`` and where they are no expression. Text that cannot be read at all is `Opaque`.
    """
    read = _read_once if len(text) <= _MAX_REMEMBERED else _read_whole
    return Annotation(expr=read(text, literals), text=SourceText(text))


@lru_cache(maxsize=16_384)
def _read_once(text: str, literals: frozenset[str]) -> Expr:
    # A library says `int` and `str | None` thousands of times: reading each text once is what makes this cheap.
    return _read_whole(text, literals)


def _read_whole(text: str, literals: frozenset[str]) -> Expr:
    return _read_text(text, literals, _MAX_STRING_DEPTH)


def _read_text(text: str, literals: frozenset[str], string_depth: int) -> Expr:
    if _DOTTED.fullmatch(text) and not keyword.iskeyword(text):
        first, *rest = text.split(".")
        expr: Expr = Name(first)
        for name in rest:
            expr = Attribute(expr, name)
        return expr
    if text in KEYWORD_CONSTANTS:
        return KEYWORD_CONSTANTS[text]
    found = parse_expression(text)
    return opaque("annotation", text) if found is None else _open_strings(found, literals, string_depth)


def parse_expression(text: str) -> Expr | None:
    """Read text as one expression; None when it is not one, or longer than facts keep."""
    stripped = text.strip()
    if len(text) > MAX_DEFAULT_TEXT:
        return None
    if stripped.startswith("*") and not stripped.startswith("**"):
        inner = parse_expression(stripped[1:])
        return None if inner is None else Starred(inner)
    # Parentheses let the text run over several lines, as it may inside the brackets it was cut from.
    source = f"({text}\n)"
    try:
        tree = parse_quietly(source, "eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return AstExpressions(SourceLines(source)).read(tree.body) if isinstance(tree, ast.Expression) else None


def _open_strings(expr: Expr, literals: frozenset[str], string_depth: int) -> Expr:
    """Replace strings by the expressions inside them, wherever a type may stand."""
    match expr:
        case Constant(value=value) if value.kind is LiteralKind.STR and string_depth > 0:
            inner = _read_text(value.text, literals, string_depth - 1)
            return expr if not value.text.strip() or _is_unreadable(inner) else inner
        case Subscript(value=value, index=index):
            match _last_name(value):
                case name if name in literals:
                    return expr
                case "Annotated" if isinstance(index, Sequence) and index.items:
                    first = _open_strings(index.items[0], literals, string_depth)
                    return Subscript(value, Sequence(index.kind, (first, *index.items[1:])))
                case _:
                    return Subscript(value, _open_strings(index, literals, string_depth))
        case Sequence(kind=kind, items=items):
            return Sequence(kind, tuple(_open_strings(one, literals, string_depth) for one in items))
        case Binary(operator=operator, left=left, right=right):
            opened = _open_strings(left, literals, string_depth)
            return Binary(operator, opened, _open_strings(right, literals, string_depth))
        case Starred(value=value):
            return Starred(_open_strings(value, literals, string_depth))
        case _:
            return expr


def _is_unreadable(expr: Expr) -> bool:
    return not isinstance(expr, Name | Attribute | Constant | Subscript | Sequence | Binary | Starred)


def _last_name(expr: Expr) -> str | None:
    match expr:
        case Name(id=name) | Attribute(name=name):
            return name
        case _:
            return None
