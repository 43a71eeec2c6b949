"""Documentation that a method has from what it overrides: linked, not copied."""

from typing import TypeVar

import msgspec

from pybridge.model.callables import Function
from pybridge.model.classes import Property
from pybridge.model.facts import FunctionFacts
from pybridge.model.names import SymbolPath, split_symbol, symbol_path
from pybridge.resolve.describe.members import Members
from pybridge.resolve.describe.world import World

_Member = TypeVar("_Member", Function, Property)


def linked(members: Members, mro: tuple[SymbolPath, ...], world: World) -> Members:
    """Say of methods and properties without documentation whose applies: that of the nearest documented ancestor.

    Only ancestors in the library count. An empty docstring is one; ``object`` and other packages document nothing here.
    """
    return msgspec.structs.replace(
        members,
        methods=tuple(_linked(one, mro, world) for one in members.methods),
        properties=tuple(_linked(one, mro, world) for one in members.properties),
    )


def _linked(one: _Member, mro: tuple[SymbolPath, ...], world: World) -> _Member:
    if one.docstring is not None:
        return one
    found = next((path for owner in mro[1:] if (path := _documented(owner, one.name, world)) is not None), None)
    return one if found is None else msgspec.structs.replace(one, docstring_from=found)


def _documented(owner: SymbolPath, name: str, world: World) -> SymbolPath | None:
    definition = world.members(owner).get(name) if world.is_own(owner) else None
    statements = definition.statements if definition is not None else ()
    if not any(isinstance(one, FunctionFacts) and world.has_docstring(one) for one in statements):
        return None
    module, qualname = split_symbol(owner)
    return symbol_path(module, f"{qualname}.{name}")
