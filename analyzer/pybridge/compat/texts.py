"""Both sides of a finding in one line each, as a Python author would write them."""

from pybridge.codec.python_text import signature_text, type_text
from pybridge.compat.pairs import CallablePair, Callee, ParameterPair
from pybridge.model.callables import Binding, Parameter, Signature, StreamKind
from pybridge.model.types import ParameterKind, Unknown

_BINDINGS = {Binding.CLASS: "@classmethod ", Binding.STATIC: "@staticmethod "}
_UNKNOWN_RETURN = " -> ?"


def call_texts(pair: CallablePair) -> tuple[str, str]:
    """Write the signatures that calls of the old and the new side have to fit."""
    return definition_text(pair.old), definition_text(pair.new)


def definition_text(callee: Callee, signature: Signature | None = None) -> str:
    """Write one signature of something called, ``async def fetch(url: str) -> bytes``; without one its run-time one."""
    name = callee.path.rpartition(":")[2]
    shown = signature_text(signature or callee.runtime).removesuffix(_UNKNOWN_RETURN)
    function = callee.function
    if function is None:
        return f"def {name}{shown}"
    is_async = function.is_async or function.stream is StreamKind.ASYNC_GENERATOR
    prefix = "" if name == "__new__" else _BINDINGS.get(function.binding, "")
    return f"{prefix}{'async def' if is_async else 'def'} {name}{shown}"


def parameter_texts(pair: ParameterPair) -> tuple[str | None, str | None]:
    """Write both parameters, ``timeout: int = 10``; None for a side that has none."""
    old = parameter_text(pair.old) if pair.old is not None else None
    return old, parameter_text(pair.new) if pair.new is not None else None


def parameter_text(parameter: Parameter) -> str:
    """Write one parameter with its type and default."""
    stars = {ParameterKind.VAR_POSITIONAL: "*", ParameterKind.VAR_KEYWORD: "**"}.get(parameter.kind, "")
    is_known = not isinstance(parameter.type.expr, Unknown)
    annotation = f": {type_text(parameter.type.expr)}" if is_known else ""
    default = parameter.default if parameter.default is not None else "..."
    if parameter.is_required or stars:
        return f"{stars}{parameter.name}{annotation}"
    return f"{parameter.name}{annotation} = {default}" if is_known else f"{parameter.name}={default}"
