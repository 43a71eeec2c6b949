"""Members of classes as users find them: a class's own, then inherited ones in the order of its MRO."""

from collections.abc import Iterator

from pybridge.compat.classes.ancestry import after, is_inherited_publicly, is_shared_above
from pybridge.compat.classes.bases import is_lost_with_base
from pybridge.compat.library import Library
from pybridge.compat.pairs import ClassPair, EnumMemberPair, Member, MemberDefinition, MemberPair
from pybridge.model.classes import Class

_CONSTRUCTORS = frozenset({"__init__", "__new__"})
"""Compared as what making an instance takes, whoever defines it."""


def member_pairs(pair: ClassPair) -> Iterator[MemberPair]:
    """Members by name, sorted; without constructors, and without what a public class above tells itself."""
    old, new = effective(pair.old, pair.libraries.old), effective(pair.new, pair.libraries.new)
    for name in sorted(old.keys() | new.keys()):
        one = MemberPair(owner=pair, name=name, old=old.get(name), new=new.get(name))
        if not _is_told_above(one):
            yield one


def enum_member_pairs(pair: ClassPair) -> Iterator[EnumMemberPair]:
    """Members of enumerations by name, in the order of the old side, new ones last."""
    old, new = ({one.name: one for one in side.enum_members} for side in (pair.old, pair.new))
    for name in (*old, *(name for name in new if name not in old)):
        yield EnumMemberPair(owner=pair, name=name, old=old.get(name), new=new.get(name))


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
    is_dunder = name.startswith("__") and name.endswith("__")
    return name not in _CONSTRUCTORS and (is_dunder or not name.startswith("_"))


def _is_told_above(one: MemberPair) -> bool:
    """Tell a difference that is one of a public class above, so that every class below it needs not repeat it."""
    pair, libraries = one.owner, one.owner.libraries
    if one.old is None:
        # The class above tells what it gained; a new one above is told as such.
        return one.new is not None and is_inherited_publicly(one.new, pair.new, libraries.new)
    if one.new is None:
        if is_lost_with_base(pair, one.old.owner.path):
            return True
        above = after(libraries, one.old.owner.path)
        is_lost_there = above is not None and one.name not in effective(above, libraries.new)
        return is_lost_there and is_inherited_publicly(one.old, pair.old, libraries.old)
    return is_shared_above(pair, one.old.owner.path, one.new.owner.path)
