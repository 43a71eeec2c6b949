"""Text of a type expression to `Expr` and back: under caps, total, and never evaluated."""

import ast
import warnings
from functools import lru_cache
from typing import Final

from pybridge.model.expressions import (
    Argument,
    Attribute,
    Binary,
    Call,
    Constant,
    Dict,
    EllipsisExpr,
    Expr,
    Name,
    Opaque,
    Sequence,
    SequenceKind,
    Starred,
    Subscript,
    Unary,
)
from pybridge.model.names import SourceText
from pybridge.model.types import LiteralKind, LiteralValue

MAX_TEXT: Final = 4096
"""Longest text of a type that is read, in characters."""
MAX_DEPTH: Final = 48
"""Deepest nesting of brackets or operators that is read."""
_SHOWN: Final = 200
_MAX_REMEMBERED: Final = 100
_OPENING: Final = frozenset("([{")
_CLOSING: Final = frozenset(")]}")
_BRACKETS: Final = {SequenceKind.LIST: ("[", "]"), SequenceKind.TUPLE: ("(", ")"), SequenceKind.SET: ("{", "}")}
_BINARY: Final[dict[type[ast.operator], str]] = {
    ast.BitOr: "|",
    ast.BitAnd: "&",
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Mod: "%",
    ast.Pow: "**",
}


def parse_expression(text: str) -> Expr | None:
    """Read one Python expression; None when it is none, or is too long or too deep.

    What is not in the grammar of `Expr` becomes `Opaque`.
    """
    return _read_again(text) if len(text) <= _MAX_REMEMBERED else _read(text)


@lru_cache(maxsize=1024)
def _read_again(text: str) -> Expr | None:
    # Overlays and authors write the same texts for many functions.
    return _read(text)


def _read(text: str) -> Expr | None:
    stripped = text.strip()
    if not stripped or len(stripped) > MAX_TEXT or bracket_depth(stripped) > MAX_DEPTH:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(" ".join(stripped.splitlines()), mode="eval")
        return _convert(tree.body, MAX_DEPTH)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
        return None


def bracket_depth(text: str) -> int:
    """Deepest nesting of brackets, those inside strings counted as well."""
    depth = deepest = 0
    for character in text:
        if character in _OPENING:
            depth += 1
            deepest = max(deepest, depth)
        elif character in _CLOSING:
            depth -= 1
    return deepest


def _convert(node: ast.expr, depth: int) -> Expr:
    if depth <= 0:
        return Opaque("too_deep")
    below = depth - 1
    match node:
        case ast.Name(id=name):
            return Name(name)
        case ast.Attribute(value=value, attr=name):
            return Attribute(_convert(value, below), name)
        case ast.Constant():
            return _constant(node)
        case ast.Subscript(value=value, slice=index):
            return Subscript(_convert(value, below), _convert(index, below))
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
            return (
                _binary(node, below, _BINARY[type(op)])
                if isinstance(op, ast.BitOr)
                else Binary(_BINARY[type(op)], _convert(left, below), _convert(right, below))
            )
        case ast.Tuple(elts=items):
            return Sequence(SequenceKind.TUPLE, tuple(_convert(item, below) for item in items))
        case ast.List(elts=items):
            return Sequence(SequenceKind.LIST, tuple(_convert(item, below) for item in items))
        case ast.Set(elts=items):
            return Sequence(SequenceKind.SET, tuple(_convert(item, below) for item in items))
        case ast.Dict(keys=keys, values=values):
            return Dict(
                tuple(
                    (None if key is None else _convert(key, below), _convert(value, below))
                    for key, value in zip(keys, values, strict=True)
                )
            )
        case ast.Starred(value=value):
            return Starred(_convert(value, below))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return Unary("-", _convert(operand, below))
        case ast.Call(func=function, args=arguments, keywords=keywords):
            named = tuple(Argument(_convert(one.value, below), one.arg or "**") for one in keywords)
            return Call(_convert(function, below), (*(Argument(_convert(one, below)) for one in arguments), *named))
        case _:
            return Opaque(type(node).__name__.lower())


def _binary(node: ast.BinOp, depth: int, operator: str) -> Expr:
    """Read a chain ``a | b | c`` without a level of recursion for each of its operators."""
    rights: list[ast.expr] = []
    left: ast.expr = node
    while isinstance(left, ast.BinOp) and isinstance(left.op, ast.BitOr):
        rights.append(left.right)
        left = left.left
    joined = _convert(left, depth)
    for right in reversed(rights):
        joined = Binary(operator, joined, _convert(right, depth))
    return joined


def _constant(node: ast.Constant) -> Expr:
    match node.value:
        case None:
            return Constant(LiteralValue(kind=LiteralKind.NONE))
        case bool() as value:
            return Constant(LiteralValue(kind=LiteralKind.BOOL, text="true" if value else "false"))
        case int() as value:
            return Constant(LiteralValue(kind=LiteralKind.INT, text=str(value)))
        case float() as value:
            return Constant(LiteralValue(kind=LiteralKind.FLOAT, text=repr(value)))
        case str() as value:
            return Constant(LiteralValue(kind=LiteralKind.STR, text=escape_surrogates(value)))
        case bytes() as value:
            return Constant(LiteralValue(kind=LiteralKind.BYTES, text=value.hex()))
        case _ if node.value is Ellipsis:
            return EllipsisExpr()
        case _:
            return Opaque("constant")


def escape_surrogates(text: str) -> str:
    """Write lone surrogates, which no encoding holds, as a backslash, ``u`` and four digits."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def text_of(expr: Expr) -> SourceText:
    """Write an expression for a person to read, cut when long; what cannot be written is ``...``."""
    text = _written(expr, 8)
    return SourceText(text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}...")


def _written(expr: Expr, depth: int) -> str:
    if depth <= 0:
        return "..."
    below = depth - 1
    match expr:
        case Name(id=name):
            return name[:_SHOWN]
        case Attribute(value=value, name=name):
            return f"{_written(value, below)}.{name[:_SHOWN]}"
        case Constant(value=value):
            return _written_constant(value)
        case Subscript(value=value, index=Sequence(kind=SequenceKind.TUPLE, items=items)) if items:
            return f"{_written(value, below)}[{_joined(items, below)}]"
        case Subscript(value=value, index=index):
            return f"{_written(value, below)}[{_written(index, below)}]"
        case Sequence(kind=kind, items=items):
            opening, closing = _BRACKETS[kind]
            return f"{opening}{_joined(items, below)}{closing}"
        case Binary(operator=operator, left=left, right=right):
            return f"{_written(left, below)} {operator} {_written(right, below)}"
        case Call(function=function):
            return f"{_written(function, below)}(...)"
        case Starred(value=value):
            return f"*{_written(value, below)}"
        case Opaque(text=str(text)):
            return text[:_SHOWN]
        case _:
            return "..."


def _joined(items: tuple[Expr, ...], depth: int) -> str:
    shown = ", ".join(_written(item, depth) for item in items[:16])
    return shown if len(items) <= 16 else f"{shown}, ..."


def _written_constant(value: LiteralValue) -> str:
    match value.kind:
        case LiteralKind.NONE:
            return "None"
        case LiteralKind.BOOL:
            return value.text.capitalize()
        case LiteralKind.STR:
            return repr(value.text[:_SHOWN])
        case LiteralKind.BYTES:
            return repr(bytes.fromhex(value.text[:_SHOWN])) if _is_hexadecimal(value.text[:_SHOWN]) else "..."
        case _:
            return value.text[:_SHOWN]


def _is_hexadecimal(text: str) -> bool:
    return len(text) % 2 == 0 and all(character in "0123456789abcdefABCDEF" for character in text)
