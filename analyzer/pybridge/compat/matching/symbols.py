"""Modules, public names and the symbols behind them, matched by the paths that users know."""

from collections.abc import Iterator

from pybridge.compat.library import Library, PublicName
from pybridge.compat.pairs import Exposed, LibraryPair, ModulePair, NamePair, SymbolPair
from pybridge.model.names import PublicPath, SymbolPath


def module_pairs(libraries: LibraryPair) -> Iterator[ModulePair]:
    """Public modules by name."""
    old, new = ({name: one for name, one in side.modules.items() if one.is_public} for side in libraries.sides)
    for name in sorted(old.keys() | new.keys()):
        yield ModulePair(libraries=libraries, old=old.get(name), new=new.get(name))


def name_pairs(libraries: LibraryPair) -> Iterator[NamePair]:
    """Public paths one by one."""
    old, new = ({one.path: one for one in side.public_names()} for side in libraries.sides)
    for path in sorted(old.keys() | new.keys()):
        yield NamePair(libraries=libraries, path=path, old=old.get(path), new=new.get(path))


def symbol_pairs(libraries: LibraryPair) -> Iterator[SymbolPair]:
    """Symbols: first by a path that both sides have, then by where they are defined, then alone."""
    old, new = exposed(libraries.old), exposed(libraries.new)
    behind = {name.path: symbol for symbol, one in new.items() for name in one.names}
    taken: set[SymbolPath] = set()
    for symbol, one in old.items():
        shared = next((name.path for name in one.names if name.path in behind), None)
        match = behind[shared] if shared is not None else symbol
        other = new.get(match) or (_hidden(libraries.new, symbol) if shared is None else None)
        path = shared or _path(one)
        if other is not None:
            taken.add(other.symbol)
        yield SymbolPair(libraries=libraries, path=path, old=one, new=other)
    for symbol, one in new.items():
        if symbol not in taken:
            yield SymbolPair(libraries=libraries, path=_path(one), old=_hidden(libraries.old, symbol), new=one)


def exposed(library: Library) -> dict[SymbolPath, Exposed]:
    """Every symbol that a public path leads to, by where it is defined, sorted."""
    names: dict[SymbolPath, list[PublicName]] = {}
    for one in library.public_names():
        names.setdefault(one.export.target, []).append(one)
    return {
        symbol: Exposed(
            symbol=symbol,
            names=tuple(sorted(names[symbol], key=lambda one: (one.path.count("."), one.path))),
            definition=library.definition(symbol),
        )
        for symbol in sorted(names)
    }


def _hidden(library: Library, symbol: SymbolPath) -> Exposed | None:
    """A symbol that is there without a public path; None when it is not there."""
    definition = library.definition(symbol)
    return None if definition is None else Exposed(symbol=symbol, names=(), definition=definition)


def _path(one: Exposed) -> PublicPath:
    return one.names[0].path
