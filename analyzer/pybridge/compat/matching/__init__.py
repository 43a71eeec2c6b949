"""Old and new become pairs: everything that stands against something, once, from the library down to a type."""

from collections.abc import Iterator

from pybridge.compat.library import Library
from pybridge.compat.matching.concerned import concerned_symbols
from pybridge.compat.matching.insides import inside
from pybridge.compat.matching.quiet import Quiet
from pybridge.compat.matching.symbols import module_pairs, name_pairs, symbol_pairs
from pybridge.compat.pairs import LibraryPair, Pair
from pybridge.model.names import ModuleName


def pairs(
    old: Library, new: Library, *, has_quiet: bool = False, same: frozenset[ModuleName] = frozenset()
) -> Iterator[Pair]:
    """All pairs of two libraries that a rule may find something in; with ``has_quiet`` the others as well.

    A definition that several paths or subclasses reach is paired once. Modules that are the ``same`` on both sides are
    read where the others concern them; where something that gives types their meaning differs, all may be.
    """
    libraries = LibraryPair(old=old, new=new, same=same)
    quiet = None if has_quiet else Quiet(libraries)
    yield libraries
    yield from module_pairs(libraries)
    for name in name_pairs(libraries):
        if has_quiet or name.old is None or name.new is None or name.old.export != name.new.export:
            yield name
    told: set[tuple[object, object]] = set()
    concerned = concerned_symbols(libraries) if quiet is not None and quiet.is_any else None
    for symbol in symbol_pairs(libraries, concerned):
        if quiet is not None and quiet.is_symbol(symbol.old, symbol.new):
            continue
        yield symbol
        # What is private on one side has promised nothing about its insides.
        if symbol.old is not None and symbol.new is not None and symbol.old.names and symbol.new.names:
            yield from inside(symbol, told)
