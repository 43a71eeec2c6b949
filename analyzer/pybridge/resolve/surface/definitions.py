"""Writes what was chosen for a name as a `Definition`."""

from typing import assert_never

from pybridge.model.facts import Assignment, ClassFacts, FunctionFacts, TypeAliasFacts
from pybridge.model.library import SymbolKind
from pybridge.resolve.surface.scan.bindings import Slot
from pybridge.resolve.symbols import Definition, DefinitionStatement


def kind_of(statement: DefinitionStatement) -> SymbolKind:
    """Tell the kind that a statement makes by itself; an assignment makes a variable."""
    match statement:
        case FunctionFacts():
            return SymbolKind.FUNCTION
        case ClassFacts():
            return SymbolKind.CLASS
        case TypeAliasFacts():
            return SymbolKind.TYPE_ALIAS
        case Assignment():
            return SymbolKind.VARIABLE
        case _:
            assert_never(statement)


def definition_of(name: str, slot: Slot, kind: SymbolKind, running: Slot | None = None) -> Definition:
    """Write a slot whose chosen binding has statements of its own.

    ``running`` is what is bound at run time, where type checkers are shown something else: it becomes a variant.
    """
    shown = slot.chosen.statements
    other = running.chosen.statements if running is not None and running.chosen.statements != shown else ()
    return Definition(
        name=name,
        kind=kind,
        statements=slot.chosen.statements,
        condition=slot.condition,
        variants=(*other, *(one for variant in slot.variants for one in variant.statements if one not in other)),
    )
