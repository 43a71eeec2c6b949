"""Whether a class has a member from classes of other packages, which the descriptor does not list."""

from collections.abc import Iterable
from enum import Enum

from pybridge.compat.library import Library
from pybridge.compat.types.classes.standard import standard_library
from pybridge.model.classes import Class
from pybridge.model.names import SymbolPath
from pybridge.model.types import Named

_EMPTY = frozenset({"builtins:object", "typing:Generic", "typing:Protocol", "typing_extensions:Protocol", "abc:ABC"})


class Inheritance(Enum):
    """Whether a member is inherited from outside of the library."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"
    """A class above is not known."""


def inheritance_of(one: Class, name: str, library: Library) -> Inheritance:
    """Look a name up in what other packages' classes give a class; those of the standard library are known."""
    return _best(_has(path, name, set()) for path in _above(one, library))


def takes_arguments(one: Class, library: Library) -> Inheritance:
    """Tell whether a class can be subscripted when code runs, because one of another package above it can."""
    return _best(_is_generic(path) for path in _above(one, library))


def _best(answers: Iterable[Inheritance]) -> Inheritance:
    found = set(answers)
    return next((one for one in (Inheritance.YES, Inheritance.UNKNOWN) if one in found), Inheritance.NO)


def _above(one: Class, library: Library) -> set[SymbolPath]:
    """Classes above one that the library does not define, by its MRO and by what bases name."""
    owners = [one, *(found for path in one.mro if (found := library.class_at(path)) is not None)]
    bases = {base.path if isinstance(base, Named) else SymbolPath("") for owner in owners for base in owner.bases}
    return {path for path in {*one.mro, *bases} if library.class_at(path) is None and path not in _EMPTY}


def _has(path: SymbolPath, name: str, seen: set[SymbolPath]) -> Inheritance:
    """Look a name up in a class of the standard library and above it."""
    shape = standard_library().shape(path) if path else None
    if shape is None or shape.members is None:
        return Inheritance.UNKNOWN
    if name in shape.members:
        return Inheritance.YES
    seen.add(path)
    above = [base.path for base in shape.bases if isinstance(base, Named) and base.path not in _EMPTY | seen]
    return _best(_has(one, name, seen) for one in above)


def _is_generic(path: SymbolPath) -> Inheritance:
    shape = standard_library().shape(path) if path else None
    if shape is None:
        return Inheritance.UNKNOWN
    return Inheritance.YES if shape.parameters else Inheritance.NO
