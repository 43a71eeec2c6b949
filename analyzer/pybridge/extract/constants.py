"""Constants of the source as `Expr`, with the caps that keep facts small whatever a file holds."""

from pybridge.model.expressions import Constant, Expr, Opaque
from pybridge.model.names import SourceText
from pybridge.model.types import LiteralKind, LiteralValue

MAX_DEPTH = 60
"""Expressions nested deeper are `Opaque` from there on."""
MAX_BODY_DEPTH = 12
"""The same for what functions return, yield and assign: inference looks no deeper."""
MAX_ITEMS = 20_000
"""A display or call with more items is `Opaque`; so is everything after that many nodes of one expression, times 5."""
MAX_NODES = 5 * MAX_ITEMS
MAX_STRING_BYTES = 65_536
MAX_INTEGER_BITS = 14_000
"""About 4,200 digits: CPython refuses to write longer ones in decimal."""
MAX_OPAQUE_TEXT = 200
MAX_VALUE_TEXT = 1_000
MAX_DEFAULT_TEXT = 4_000
MAX_GUARDS = 100
"""Beyond that many, the negated tests of further ``elif``s are not repeated on the later branches."""
MAX_VALUES = 32
"""Returned and yielded values kept a function."""

NONE = Constant(LiteralValue(kind=LiteralKind.NONE))
TRUE = Constant(LiteralValue(kind=LiteralKind.BOOL, text="true"))
FALSE = Constant(LiteralValue(kind=LiteralKind.BOOL, text="false"))
KEYWORD_CONSTANTS = {"None": NONE, "True": TRUE, "False": FALSE}


def opaque(what: str, text: str) -> Opaque:
    """Stand for an expression that is not read, with the beginning of its text."""
    return Opaque(what, SourceText(text[:MAX_OPAQUE_TEXT]))


def constant(value: object, text: str) -> Expr:
    """Make a `Constant` of what a literal evaluates to; too large or unsupported ones are `Opaque` with ``text``."""
    match value:
        case None:
            return NONE
        case bool():
            return TRUE if value else FALSE
        case int() if value.bit_length() <= MAX_INTEGER_BITS:
            return Constant(LiteralValue(kind=LiteralKind.INT, text=str(value)))
        case float():
            return Constant(LiteralValue(kind=LiteralKind.FLOAT, text=repr(value)))
        case str():
            return string(value, text)
        case bytes() if len(value) <= MAX_STRING_BYTES:
            return Constant(LiteralValue(kind=LiteralKind.BYTES, text=value.hex()))
        case _:
            return opaque(type(value).__name__, text)


def string(value: str, text: str) -> Expr:
    """Make a text `Constant`; one over `MAX_STRING_BYTES` is `Opaque`."""
    # A character takes at most four bytes.
    is_sure = 4 * len(value) <= MAX_STRING_BYTES
    if not is_sure and len(value.encode("utf-8", "surrogatepass")) > MAX_STRING_BYTES:
        return opaque("str", text)
    return Constant(LiteralValue(kind=LiteralKind.STR, text=encodable(value)))


def encodable(value: str) -> str:
    r"""Write lone surrogates as ``\udxxx``, which UTF-8 cannot hold."""
    if value.isascii():
        return value
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    return value


def shorten(text: str) -> SourceText:
    """Cut the text of an assigned value at `MAX_VALUE_TEXT` characters."""
    return SourceText(text[:MAX_VALUE_TEXT])


def default_of(expr: Expr, text: SourceText) -> tuple[Expr, SourceText]:
    """Keep a parameter's default exactly up to `MAX_DEFAULT_TEXT` characters.

    A longer one becomes ``Opaque("long")`` with the text ``...``: never a part of an expression that looks whole.
    """
    if len(text) <= MAX_DEFAULT_TEXT:
        return expr, text
    return opaque("long", text), SourceText("...")
