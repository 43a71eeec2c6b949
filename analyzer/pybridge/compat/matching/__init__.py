"""Old and new become pairs: everything that stands against something, once, from the library down to a type."""

from collections.abc import Iterator

from pybridge.compat.library import Library
from pybridge.compat.matching.insides import inside
from pybridge.compat.matching.symbols import module_pairs, name_pairs, symbol_pairs
from pybridge.compat.pairs import LibraryPair, Pair


def pairs(old: Library, new: Library) -> Iterator[Pair]:
    """All pairs of two libraries. A definition that several paths or subclasses reach is paired once."""
    libraries = LibraryPair(old=old, new=new)
    yield libraries
    yield from module_pairs(libraries)
    yield from name_pairs(libraries)
    told: set[tuple[object, object]] = set()
    for symbol in symbol_pairs(libraries):
        yield symbol
        # What is private on one side has promised nothing about its insides.
        if symbol.old is not None and symbol.new is not None and symbol.old.names and symbol.new.names:
            yield from inside(symbol, told)
