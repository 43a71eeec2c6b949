"""Classes above a class: which of them users know, which of the other side they are, and who tells what they hold."""

from pybridge.compat.library import Library
from pybridge.compat.members import Member
from pybridge.compat.pairs import ClassPair, LibraryPair
from pybridge.model.classes import Class, ConstructorOrigin
from pybridge.model.names import SymbolPath


def is_exposed(library: Library, path: SymbolPath) -> bool:
    """Tell whether a public path leads to a class, which therefore is compared by itself."""
    return library.is_public(path)


def after(libraries: LibraryPair, path: SymbolPath) -> Class | None:
    """Find a class of the old side on the new one; None where it is no more, or another package's."""
    return libraries.new.class_at(libraries.key(path, 0))


def is_same(libraries: LibraryPair, old: SymbolPath, new: SymbolPath) -> bool:
    """Tell whether two classes, one of each side, are the same to users."""
    return libraries.key(old, 0) == new


def is_shared_above(pair: ClassPair, old: SymbolPath | None, new: SymbolPath | None) -> bool:
    """Tell whether both sides have something from one and the same public class above, which tells it itself."""
    if old is None or new is None or old == pair.old.path or new == pair.new.path:
        return False
    libraries = pair.libraries
    is_public = is_exposed(libraries.old, old) or is_exposed(libraries.new, new)
    return is_public and is_same(libraries, old, new)


def is_made_above(pair: ClassPair) -> bool:
    """Tell a class whose instances are made, on both sides, as those of a public class above it are."""
    libraries = pair.libraries
    for path in pair.old.mro[1:]:
        old, new = libraries.old.class_at(path), after(libraries, path)
        if old is None or new is None or new.path not in pair.new.mro[1:]:
            continue
        is_alike = _maker(old) == _maker(pair.old) and _maker(new) == _maker(pair.new)
        if is_alike and (is_exposed(libraries.old, path) or is_exposed(libraries.new, new.path)):
            return True
    return False


def _maker(one: Class) -> tuple[ConstructorOrigin, SymbolPath | None]:
    return one.constructor.origin, one.constructor.defined_by


def is_inherited_publicly(owner: Member, one: Class, library: Library) -> bool:
    """Tell a member that a class has from a public class above it."""
    return owner.owner.path != one.path and is_exposed(library, owner.owner.path)
