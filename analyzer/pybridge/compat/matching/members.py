"""Members of a class of both sides by their names."""

from collections.abc import Iterator

from pybridge.compat.classes.ancestry import after, is_inherited_publicly, is_shared_above
from pybridge.compat.classes.bases import is_lost_with_base
from pybridge.compat.members import effective
from pybridge.compat.pairs import ClassPair, MemberPair


def member_pairs(pair: ClassPair) -> Iterator[MemberPair]:
    """Members by name, sorted; without constructors, and without what a public class above tells itself."""
    old, new = pair.members
    for name in sorted(old.keys() | new.keys()):
        one = MemberPair(owner=pair, name=name, old=old.get(name), new=new.get(name))
        if not _is_told_above(one):
            yield one


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
