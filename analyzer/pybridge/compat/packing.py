"""Types that stand for several parameters: ``Unpack[Options]``, ``P.args``, ``Callable[Concatenate[int, P], R]``."""

from pybridge.codec.python_text import type_text
from pybridge.model.types import Callable, TypeExpr, TypeVariable, TypeVariableKind, Unpack


def is_repacked(old: TypeExpr, new: TypeExpr) -> bool:
    """Whether two types differ in how they stand for parameters: PB214 tells it, and no rule of types."""
    if old == new:
        return False
    if isinstance(old, Callable) and isinstance(new, Callable):
        if old.parameters is None or new.parameters is None:
            return False
        return _before_pack(old) != _before_pack(new)
    return _pack(old) != _pack(new)


def is_specification(expr: TypeExpr) -> bool:
    """Tell ``P.args``, ``P.kwargs`` and ``P`` itself."""
    return isinstance(expr, TypeVariable) and expr.kind is TypeVariableKind.PARAMETERS


def _pack(expr: TypeExpr) -> str | None:
    """What it packs, comparable; None where it packs nothing. Names of parameter specifications mean nothing."""
    if isinstance(expr, Unpack):
        return type_text(expr)
    return "P" if is_specification(expr) else None


def _before_pack(expr: Callable) -> int | None:
    """How many parameters stand before a specification; None where there is none."""
    parameters = expr.parameters or ()
    is_packing = any(is_specification(one.type) for one in parameters)
    return sum(not is_specification(one.type) for one in parameters) if is_packing else None
