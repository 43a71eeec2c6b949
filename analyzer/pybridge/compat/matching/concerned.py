"""Which symbols an edit of some modules concerns, told from the outlines of the others."""

from collections.abc import Iterator

from pybridge.compat.library import ClassOutline, Library
from pybridge.compat.pairs import LibraryPair
from pybridge.model.classes import Class
from pybridge.model.names import ModuleName, SymbolPath, split_symbol


def concerned_symbols(libraries: LibraryPair) -> frozenset[SymbolPath] | None:
    """Symbols of both sides that something outside of the modules that are the same has a part in; None for all.

    They are defined there, a path leads through there, or a class that they are, or hold, inherits from there.
    """
    if not libraries.same:
        return None
    return frozenset(one for side in libraries.sides for one in _concerned(side, libraries.same))


def _concerned(side: Library, same: frozenset[ModuleName]) -> Iterator[SymbolPath]:
    edited = side.modules.keys() - same
    for one in side.public_names():
        if one.module in edited or split_symbol(one.export.target)[0] in edited:
            yield one.export.target
    for name in side.modules.keys() & same:
        for cls in side.outlines[name].classes:
            yield from _heirs(cls, edited)


def _heirs(cls: Class | ClassOutline, edited: frozenset[ModuleName] | set[ModuleName]) -> Iterator[SymbolPath]:
    """A class that inherits from edited modules, and whatever holds it; none when it does not."""
    below = [found for one in cls.nested_classes for found in _heirs(one, edited)]
    if below or any(split_symbol(one)[0] in edited for one in cls.mro):
        yield cls.path
    yield from below
