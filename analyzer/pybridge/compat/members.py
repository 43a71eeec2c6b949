"""Members of classes as users find them: a class's own, then inherited ones in the order of its MRO."""

import msgspec

from pybridge.compat.library import Library
from pybridge.model.callables import Function
from pybridge.model.classes import Class, Field, Property
from pybridge.model.names import SymbolPath

MemberDefinition = Function | Property | Field | Class
_CONSTRUCTORS = frozenset({"__init__", "__new__"})
"""Compared as what making an instance takes, whoever defines it."""


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A member of a class as users find it, its own or inherited within the library."""

    path: SymbolPath
    owner: Class
    """The class whose body has it."""
    definition: MemberDefinition


def effective(one: Class, library: Library) -> dict[str, Member]:
    """What an attribute lookup on a class finds, as far as the library itself defines it; private names left out."""
    found: dict[str, Member] = {}
    for ancestor in (one.path, *one.mro):
        owner = one if ancestor == one.path else library.class_at(ancestor)
        for definition in own(owner) if owner is not None else ():
            if definition.name not in found and is_public_member(definition.name):
                assert owner is not None
                found[definition.name] = Member(path=definition.path, owner=owner, definition=definition)
    return found


def own(one: Class) -> tuple[MemberDefinition, ...]:
    """What the body of a class defines, enumeration members left out."""
    return (*one.methods, *one.properties, *one.fields, *one.nested_classes)


def is_public_member(name: str) -> bool:
    """Tell names for everybody, and those that Python itself calls, from private ones."""
    if not name.startswith("_"):
        return True
    return name.startswith("__") and name.endswith("__") and name not in _CONSTRUCTORS
