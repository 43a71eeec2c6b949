"""A symbol in one line, as a Python author would write it."""

from pybridge.codec.python_text import function_lines, type_text
from pybridge.compat.members import MemberDefinition
from pybridge.compat.pairs import Exposed
from pybridge.model.callables import Function
from pybridge.model.classes import Class, Property
from pybridge.model.library import SymbolKind, TypeAlias, Variable
from pybridge.model.names import SymbolPath, dotted
from pybridge.model.types import Unknown

_MAX_VALUE = 80


def exposed_text(one: Exposed) -> str:
    """Write what a public path leads to: its definition, or the import of a module or of another package's name."""
    if one.definition is not None:
        return symbol_text(one.definition)
    kind = one.names[0].export.kind if one.names else SymbolKind.EXTERNAL
    return f"import {dotted(one.symbol)}" if kind is SymbolKind.MODULE else import_text(one.symbol)


def import_text(target: SymbolPath) -> str:
    """Write the import of another package's name."""
    module, _, name = target.partition(":")
    return f"from {module} import {name}" if name else f"import {module}"


def symbol_text(one: MemberDefinition | Variable | TypeAlias) -> str:
    """Write the head of a definition."""
    match one:
        case Class():
            bases = ", ".join(type_text(base) for base in one.bases)
            return f"class {one.name}({bases})" if bases else f"class {one.name}"
        case Function():
            return function_lines(one)[0]
        case Property():
            return f"@property {one.name}{_annotation(one)}"
        case TypeAlias():
            return f"type {one.name} = {type_text(one.target)}"
        case _:
            return f"{one.name}{_annotation(one)}{_value(one.value)}"


def _value(text: str | None) -> str:
    if text is None:
        return ""
    line = " ".join(text.split())
    return f" = {line}" if len(line) <= _MAX_VALUE else f" = {line[:_MAX_VALUE]}..."


def _annotation(one: Property | Variable | MemberDefinition) -> str:
    assert not isinstance(one, Class | Function)
    return "" if isinstance(one.type.expr, Unknown) else f": {type_text(one.type.expr)}"
