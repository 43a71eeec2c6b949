"""Calls that tell of a deprecation when the function that holds them is called."""

from pybridge.model.expressions import Attribute, Call, Constant, Expr, Name
from pybridge.model.types import LiteralKind

WARNING_FUNCTION = "warn"
_CATEGORY = "Deprecat"
"""What the names of ``DeprecationWarning`` and of its descendants in libraries have in common."""


def deprecation_notice(call: Expr) -> str | None:
    """Read ``warnings.warn("use g", DeprecationWarning)``; empty where the notice is made up, None for other calls."""
    if not isinstance(call, Call) or _last_name(call.function) != WARNING_FUNCTION:
        return None
    if not any(_CATEGORY in _last_name(one.value) for one in call.arguments):
        return None
    notice = next((one.value for one in call.arguments if one.name in {None, "message"}), None)
    is_text = isinstance(notice, Constant) and notice.value.kind is LiteralKind.STR
    return notice.value.text if is_text and isinstance(notice, Constant) else ""


def _last_name(expr: Expr) -> str:
    match expr:
        case Name(id=name) | Attribute(name=name):
            return name
        case Call(function=function):
            return _last_name(function)
        case _:
            return ""
