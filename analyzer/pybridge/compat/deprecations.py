"""Definitions of both sides that say something of themselves: that they are deprecated, and what they are for."""

import msgspec

from pybridge.compat.library import Definition
from pybridge.compat.members import MemberDefinition
from pybridge.compat.pairs import MemberPair, SymbolPair
from pybridge.model.callables import Function
from pybridge.model.classes import Class, Property
from pybridge.model.names import PublicPath


class Places(msgspec.Struct, frozen=True, kw_only=True):
    """A definition of both sides, and how users reach it."""

    path: PublicPath
    old: Definition | MemberDefinition
    new: Definition | MemberDefinition


def places(pair: SymbolPair | MemberPair) -> Places | None:
    """Return what stands on both sides; None where a side has nothing, or keeps it private."""
    if isinstance(pair, MemberPair):
        if pair.old is None or pair.new is None:
            return None
        path = PublicPath(f"{pair.owner.path}.{pair.name}")
        return Places(path=path, old=pair.old.definition, new=pair.new.definition)
    if pair.old is None or pair.new is None or not pair.old.names or not pair.new.names:
        return None
    old, new = pair.old.definition, pair.new.definition
    return Places(path=pair.path, old=old, new=new) if old is not None and new is not None else None


def deprecation(one: Definition | MemberDefinition) -> str | None:
    """Return the notice, possibly empty; None for what is not deprecated, or cannot say so."""
    return one.deprecated if isinstance(one, Function | Class | Property) else None
