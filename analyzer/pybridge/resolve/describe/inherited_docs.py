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
    owners = tuple(one for one in mro[1:] if world.is_own(one))
    if not owners:
        return members
    return msgspec.structs.replace(
        members,
        methods=tuple(_linked(one, owners, world) for one in members.methods),
        properties=tuple(_linked(one, owners, world) for one in members.properties),
    )


def _linked(one: _Member, owners: tuple[SymbolPath, ...], world: World) -> _Member:
    if one.docstring is not None:
        return one
    for owner in owners:
        found = _documented(owner, one.name, world)
        if found is not None:
            return msgspec.structs.replace(one, docstring_from=found)
    return one


def _documented(owner: SymbolPath, name: str, world: World) -> SymbolPath | None:
    definition = world.members(owner).get(name)
    if definition is None:
        return None
    if not any(isinstance(one, FunctionFacts) and world.has_docstring(one) for one in definition.statements):
        return None
    module, qualname = split_symbol(owner)
    return symbol_path(module, f"{qualname}.{name}")
