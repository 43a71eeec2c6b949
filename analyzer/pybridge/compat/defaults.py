"""Whether two defaults are the same value, as far as their texts tell."""

import ast
from enum import Enum

from pybridge.model.callables import Parameter
from pybridge.model.types import LiteralValue

_LONGEST = 2_000
"""Characters of a default that is parsed; longer ones are compared as texts."""
_LARGEST = 1 << 64
"""Up to where numbers are calculated."""


class Difference(Enum):
    """How two defaults differ."""

    NONE = "none"
    """They are the same, or a side does not tell its own."""
    VALUE = "value"
    """Both are constants, and not the same one."""
    TEXT = "text"
    """Only their texts differ; what they evaluate to is not known."""


def difference(old: Parameter, new: Parameter) -> Difference:
    """Compare the defaults of two parameters that have one. Quotes, number bases and layout are no difference."""
    return value_difference(old.default, new.default, old.default_value, new.default_value)


def value_difference(
    old: str | None, new: str | None, old_value: LiteralValue | None, new_value: LiteralValue | None
) -> Difference:
    """Compare two values by their texts, and by the constants that they are where they are some."""
    if old == new or old is None or new is None:
        return Difference.NONE
    if old_value is not None and new_value is not None:
        return Difference.NONE if old_value == new_value else Difference.VALUE
    return text_difference(old, new)


def text_difference(old: str, new: str) -> Difference:
    """Compare the texts of two expressions, of defaults or of what is assigned to a name."""
    try:
        sides = [_parsed(one) for one in (old, new)]
        if sides[0] is not None and sides[1] is not None:
            return _between(sides[0], sides[1])
    except RecursionError:
        pass
    return Difference.NONE if old.split() == new.split() else Difference.TEXT


def _between(old: ast.expr, new: ast.expr) -> Difference:
    if ast.dump(_folded(old)) == ast.dump(_folded(new)):
        return Difference.NONE
    return Difference.VALUE if _is_constant(old) and _is_constant(new) else Difference.TEXT


def _parsed(text: str) -> ast.expr | None:
    """The expression; None where it is none for this Python, or larger than a default should be."""
    if len(text) > _LONGEST:
        return None
    try:
        return ast.parse(f"({text}\n)", mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _is_constant(node: ast.expr) -> bool:
    folded = _folded(node)
    match folded:
        case ast.Constant():
            return True
        case ast.Tuple(elts=items) | ast.List(elts=items) | ast.Set(elts=items):
            return all(_is_constant(one) for one in items)
        case ast.Dict(keys=keys, values=values):
            return all(one is not None and _is_constant(one) for one in (*keys, *values))
        case _:
            return False


def _folded(node: ast.expr) -> ast.expr:
    """Calculate what is written as a sum, difference or product of numbers: ``24 * 60 * 60``."""
    number = _number(node)
    if number is not None and not isinstance(node, ast.Constant):
        return ast.Constant(number)
    match node:
        case ast.Tuple(elts=items, ctx=context):
            return ast.Tuple([_folded(one) for one in items], context)
        case ast.List(elts=items, ctx=context):
            return ast.List([_folded(one) for one in items], context)
        case ast.Set(elts=items):
            return ast.Set(sorted((_folded(one) for one in items), key=ast.dump))
        case _:
            return node


def _number(node: ast.expr) -> int | float | None:
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return value
        case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign, operand=operand):
            number = _number(operand)
            return number if number is None or isinstance(sign, ast.UAdd) else -number
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult() as operator, right=right):
            return _calculated(_number(left), operator, _number(right))
        case _:
            return None


def _calculated(left: float | None, operator: ast.operator, right: float | None) -> int | float | None:
    if left is None or right is None or abs(left) > _LARGEST or abs(right) > _LARGEST:
        return None
    match operator:
        case ast.Add():
            return left + right
        case ast.Sub():
            return left - right
        case _:
            return left * right
