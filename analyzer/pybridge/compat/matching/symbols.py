"""Modules, public names and the symbols behind them, matched by the paths that users know."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from pybridge.compat.library import Library, PublicName
from pybridge.compat.matching.likeness import likeness, renamed
from pybridge.compat.pairs import Exposed, LibraryPair, ModulePair, NamePair, SymbolPair
from pybridge.model.names import PublicPath, SymbolPath

_ALIKE_ENOUGH = 0.5
"""What a name alone would not be: the same definition, at most half of it changed when it moved."""


def module_pairs(libraries: LibraryPair) -> Iterator[ModulePair]:
    """Public modules by name."""
    old, new = (
        {
            name: side.modules[name]
            for name, one in side.outlines.items()
            if one.is_public and name not in libraries.same
        }
        for side in libraries.sides
    )
    for name in sorted(old.keys() | new.keys()):
        yield ModulePair(libraries=libraries, old=old.get(name), new=new.get(name))


def name_pairs(libraries: LibraryPair) -> Iterator[NamePair]:
    """Public paths one by one."""
    old, new = (
        {one.path: one for one in side.public_names() if one.module not in libraries.same} for side in libraries.sides
    )
    for path in sorted(old.keys() | new.keys()):
        yield NamePair(libraries=libraries, path=path, old=old.get(path), new=new.get(path))


def symbol_pairs(libraries: LibraryPair, concerned: Collection[SymbolPath] | None = None) -> Iterator[SymbolPair]:
    """Symbols: by a path that both sides have, else by where they are defined, else by name and likeness, else alone.

    Those that are not ``concerned`` are left out; None for all.
    """
    old, new = exposed(libraries.old, concerned), exposed(libraries.new, concerned)
    found = _matched(libraries, old, new)
    taken = {one.symbol for one in found.values()}
    moved = _moved([one for symbol, one in old.items() if symbol not in found], _left(new, taken))
    found |= moved
    taken |= {one.symbol for one in moved.values()}
    left = [one for symbol, one in old.items() if symbol not in found]
    guessed = _renamed(left, _left(new, taken))
    for symbol, one in old.items():
        other = found.get(symbol)
        path = _shared(one, other) if other is not None else _path(one)
        yield SymbolPair(libraries=libraries, path=path, old=one, new=other, likely=guessed.get(symbol))
    for one in _left(new, taken):
        before = old.get(one.symbol) or _hidden(libraries.old, one.symbol)
        yield SymbolPair(libraries=libraries, path=_path(one), old=before, new=one)


def _matched(
    libraries: LibraryPair, old: Mapping[SymbolPath, Exposed], new: Mapping[SymbolPath, Exposed]
) -> dict[SymbolPath, Exposed]:
    """Match what needs no guess, by the old side's symbol.

    Where one of its paths still leads to the very symbol, a shorter one that leads elsewhere is told as repointed.
    """
    behind = {name.path: one for one in new.values() for name in one.names}
    found: dict[SymbolPath, Exposed] = {}
    for symbol, one in old.items():
        shared = [behind[name.path] for name in one.names if name.path in behind]
        same = next((other for other in shared if other.symbol == symbol), None)
        other = same or next(iter(shared), None) or new.get(symbol) or _hidden(libraries.new, symbol)
        if other is not None:
            found[symbol] = other
    return found


def _left(new: Mapping[SymbolPath, Exposed], taken: Collection[SymbolPath]) -> list[Exposed]:
    return [one for symbol, one in new.items() if symbol not in taken]


def _moved(old: Sequence[Exposed], new: Sequence[Exposed]) -> dict[SymbolPath, Exposed]:
    """Match what has gone with the only thing of its name that is new, if both are much alike."""
    by_name: dict[str, list[Exposed]] = {}
    for one in new:
        by_name.setdefault(_name(one), []).append(one)
    found: dict[SymbolPath, Exposed] = {}
    for one in old:
        same = by_name.get(_name(one), ())
        alike = [
            other
            for other in same
            if one.definition is not None
            and other.definition is not None
            and likeness(one.definition, other.definition) >= _ALIKE_ENOUGH
        ]
        if len(alike) == 1:
            found[one.symbol] = alike[0]
            by_name[_name(one)] = [other for other in same if other is not alike[0]]
    return found


def _renamed(old: Sequence[Exposed], new: Sequence[Exposed]) -> dict[SymbolPath, Exposed]:
    """Guess renames within a module."""
    found: dict[SymbolPath, Exposed] = {}
    for holder in sorted({_holder(one) for one in old}):
        gone, come = ([one for one in side if _holder(one) == holder] for side in (old, new))
        by_symbol = {one.symbol: one for one in come}
        guessed = renamed(*([one.definition for one in side if one.definition] for side in (gone, come)))
        found |= {symbol: by_symbol[other] for symbol, other in guessed.items()}
    return found


def _name(one: Exposed) -> str:
    return _path(one).rpartition(".")[2]


def _holder(one: Exposed) -> str:
    return _path(one).rpartition(".")[0]


def _shared(one: Exposed, other: Exposed) -> PublicPath:
    theirs = {name.path for name in other.names}
    return next((name.path for name in one.names if name.path in theirs), _path(one))


def exposed(library: Library, among: Collection[SymbolPath] | None = None) -> dict[SymbolPath, Exposed]:
    """Every symbol that a public path leads to, by where it is defined, sorted; only those ``among`` some, if given."""
    names: dict[SymbolPath, list[PublicName]] = {}
    for one in library.public_names():
        if among is None or one.export.target in among:
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
