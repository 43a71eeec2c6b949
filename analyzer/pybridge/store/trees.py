"""What lies in a snapshot's tree: one blob for the library, one a module, and beside them where things are written."""

from collections.abc import Iterable, Iterator, Mapping

import msgspec
import pygit2

from pybridge.codec import EncodedLibrary, decode, encode, encode_pretty, format_pretty
from pybridge.errors import DecodeError
from pybridge.model.names import Digest, ModuleName, SymbolPath, symbol_path
from pybridge.model.source import Place, SourceMap
from pybridge.store.layout import (
    FILES_BLOB,
    LIBRARY_BLOB,
    MAX_DEPTH,
    MODULES,
    PLACES,
    module_path,
    places_path,
)
from pybridge.store.objects.staging import Change, Staging, Tree


class _Span(msgspec.Struct, frozen=True, array_like=True):
    """Where a symbol begins and ends; three numbers, because there are many."""

    line: int
    column: int
    end_line: int


class _Written(msgspec.Struct, frozen=True, array_like=True):
    """What of a module is written in one file."""

    digest: Digest | None
    symbols: Mapping[str, _Span]
    """By name inside the module; the empty one is the module."""


def library_tree(library: EncodedLibrary, source_map: SourceMap | None) -> Tree:
    """Lay out a library, and the places of its symbols where they are known."""
    tree: Tree = {LIBRARY_BLOB: encode_pretty(library.header), MODULES: _modules(library, library.modules)}
    return tree if source_map is None else tree | places_trees(source_map)


def edited_tree(
    staging: Staging,
    tree: pygit2.Tree,
    library: EncodedLibrary,
    edited: frozenset[ModuleName],
    source_map: SourceMap | None,
) -> pygit2.Oid:
    """Put the header and some modules of a library into the tree of another version of it, and the places that changed.

    An edit of one file may move what is said of others, so all places are compared.
    """
    known: Tree = {} if source_map is None else places_trees(source_map)
    changes: dict[str, Change] = {PLACES: None, FILES_BLOB: None, **known}
    changes |= {LIBRARY_BLOB: encode_pretty(library.header), MODULES: {**_modules(library, edited)}}
    places = known.get(PLACES)
    if isinstance(places, dict) and PLACES in tree:
        changes[PLACES] = {**staging.changes_from(tree[PLACES].id, places)}
    return staging.patch_tree(tree.id, changes)


def places_trees(source_map: SourceMap) -> Tree:
    """Lay out where the symbols of every module are written, each beside the digest of its file."""
    digests, places, told = source_map.digests, Tree(), set[str]()
    for module, files in _by_module(source_map.places).items():
        told |= files.keys()
        written = {path: (digests.get(path), spans) for path, spans in files.items()}
        _put(places, places_path(module), encode(written) + b"\n")
    rest = {path: digest for path, digest in digests.items() if path not in told}
    trees: Tree = {PLACES: places}
    return trees | {FILES_BLOB: encode(rest) + b"\n"} if rest else trees


def _modules(library: EncodedLibrary, names: Iterable[ModuleName]) -> Tree:
    modules: Tree = {}
    for name in names:
        _put(modules, module_path(name), format_pretty(library.modules[name]))
    return modules


def _by_module(places: Mapping[SymbolPath, Place]) -> dict[ModuleName, dict[str, dict[str, tuple[int, int, int]]]]:
    """Sort places by module, file and name; written for speed, as every run that found a change pays for all of them."""
    by_module: dict[ModuleName, dict[str, dict[str, tuple[int, int, int]]]] = {}
    module, path = None, None
    spans: dict[str, tuple[int, int, int]] = {}
    for symbol, place in places.items():
        holder, _, name = symbol.partition(":")
        if holder != module or place.path != path:
            module, path = holder, place.path
            spans = by_module.setdefault(ModuleName(holder), {}).setdefault(path, {})
        spans[name] = (place.line, place.column, place.end_line)
    return by_module


def read_places(blobs: Mapping[ModuleName, bytes], rest: bytes | None) -> SourceMap:
    """Undo `places_trees`.

    Raises:
        DecodeError: the blobs are something else.
    """
    places: dict[SymbolPath, Place] = {}
    digests: dict[str, Digest] = {} if rest is None else decode(rest, dict[str, Digest])
    for module in sorted(blobs):
        for path, written in decode(blobs[module], dict[str, _Written]).items():
            if written.digest is not None:
                digests[path] = written.digest
            for name, span in written.symbols.items():
                places[symbol_path(module, name)] = Place(
                    path=path, line=span.line, column=span.column, end_line=span.end_line
                )
    return SourceMap(places=places, digests=dict(sorted(digests.items())))


def blobs_below(repository: pygit2.Repository, tree: pygit2.Oid) -> Iterator[tuple[tuple[str, ...], pygit2.Oid]]:
    """Yield path and id of every blob of a tree, its own before those of its folders.

    Raises:
        KeyError: a tree is missing.
        DecodeError: it is deeper than a snapshot's tree can be, or holds something else than files and folders.
    """
    pending: list[tuple[tuple[str, ...], pygit2.Oid]] = [((), tree)]
    while pending:
        path, oid = pending.pop()
        if len(path) > MAX_DEPTH + 1:
            raise DecodeError("snapshot", f"its tree is deeper than {MAX_DEPTH}")
        for entry in tree_of(repository, oid):
            place = (*path, entry.name)
            if entry.type_str == "tree":
                pending.append((place, entry.id))
            elif entry.type_str == "blob":
                yield place, entry.id
            else:
                raise DecodeError("snapshot", f"{'/'.join(place)} is neither a file nor a folder")


def tree_of(repository: pygit2.Repository, oid: pygit2.Oid) -> pygit2.Tree:
    """Read a tree.

    Raises:
        KeyError: it is missing.
        DecodeError: it is something else.
    """
    found = repository[oid]
    if not isinstance(found, pygit2.Tree):
        raise DecodeError("tree", f"object {oid} is something else")
    return found


def _put(tree: Tree, path: tuple[str, ...], data: bytes) -> None:
    *folders, name = path
    for folder in folders:
        below = tree.setdefault(folder, {})
        assert isinstance(below, dict)
        tree = below
    tree[name] = data
