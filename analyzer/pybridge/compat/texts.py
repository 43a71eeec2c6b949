"""Both sides of a finding in one line each, as a Python author would write them."""

from pybridge.codec.python_text import signature_text
from pybridge.compat.pairs import CallablePair, Callee


def call_texts(pair: CallablePair) -> tuple[str, str]:
    """Write the signatures that calls of the old and the new side have to fit."""
    return _call_text(pair.old), _call_text(pair.new)


def _call_text(callee: Callee) -> str:
    name = callee.path.rpartition(":")[2]
    prefix = "async def" if callee.function is not None and callee.function.is_async else "def"
    return f"{prefix} {name}{signature_text(callee.runtime)}"
