"""PB106: a public path is gone, and what it led to is public elsewhere."""

from collections.abc import Iterator

from pybridge.compat.library import PublicName
from pybridge.compat.pairs import LibraryPair, NamePair, SymbolPair
from pybridge.compat.reach import (
    enclosing_module,
    in_kept_modules,
    is_undecided,
    promises,
    public_module,
    unpromised,
)
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.model.finding import Bump
from pybridge.model.library import SymbolKind
from pybridge.model.names import PublicPath, SymbolPath

_NOT_DEFINED_HERE = frozenset({SymbolKind.EXTERNAL, SymbolKind.MODULE})


def check(pair: SymbolPair | NamePair) -> Iterator[Hit]:
    """Find paths of the old side alone, in modules that both have, to what the new side has under another path."""
    yield from _symbol(pair) if isinstance(pair, SymbolPair) else _path(pair)


def _symbol(pair: SymbolPair) -> Iterator[Hit]:
    """No path has stayed: told once, for the shortest."""
    if pair.old is None or pair.new is None or not pair.new.names:
        return
    new = pair.libraries.new
    names = in_kept_modules(pair.old, new)
    if not names or any(promises(new, one.path) for one in pair.old.names):
        return
    if any(unpromised(new, one) is not None for one in names):
        return
    if names[0].export.kind not in _NOT_DEFINED_HERE:
        yield _hit(pair.libraries, names[0], pair.new.names[0].path, pair.new.symbol)


def _path(pair: NamePair) -> Iterator[Hit]:
    """One path of several is gone."""
    if pair.old is None or pair.new is not None or pair.old.export.kind in _NOT_DEFINED_HERE:
        return
    old, new, name = pair.libraries.old, pair.libraries.new, pair.old
    stayed = next((path for path in old.public_paths(name.export.target) if promises(new, path)), None)
    if stayed is None or public_module(new, name.module) is None or unpromised(new, name) is not None:
        return
    yield _hit(pair.libraries, name, stayed, enclosing_module(new, name.module))


def _hit(libraries: LibraryPair, gone: PublicName, path: PublicPath, new_symbol: SymbolPath) -> Hit:
    is_unknown = is_undecided(libraries.new, gone.module, gone.export.name)
    return Hit(
        symbol=gone.export.target,
        new_symbol=new_symbol,
        path=gone.path,
        message=f"{gone.path!r} is gone",
        old_text=_import(gone.path),
        new_text=_import(path),
        hint=f"use {path!r}",
        verdicts=verdicts("UUUU") if is_unknown else None,
        requires=Bump.NONE if is_unknown else None,
    )


def _import(path: PublicPath) -> str:
    module, _, name = path.rpartition(".")
    return f"from {module} import {name}"


RULE = Rule(
    id="PB106",
    name="symbol-moved",
    title="A public path is gone, and what it led to is public elsewhere.",
    why="Imports by the old path fail. Moving a definition is no change as long as the old path still leads to it.",
    before="",
    after="",
    verdicts=verdicts("BBBB"),
    requires=Bump.MAJOR,
    on=(SymbolPair, NamePair),
    check=check,
)
