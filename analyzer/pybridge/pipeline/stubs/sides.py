"""A library described twice: by its sources, and by its stubs."""

from collections.abc import Callable, Collection
from pathlib import Path

import msgspec

from pybridge.errors import BaselineMissing
from pybridge.model.names import ModuleName
from pybridge.model.source import FileKind, SourceFile, SourceTree
from pybridge.pipeline.analyze import find_tree
from pybridge.pipeline.request import AnalyzeRequest, Places
from pybridge.pipeline.sides import Side, tree_side
from pybridge.protocols import Progress


class StubSides(msgspec.Struct, frozen=True, kw_only=True):
    """Both descriptions, and the modules that both have text for."""

    source: Side
    stubs: Side
    modules: frozenset[ModuleName]


def stub_sides(
    request: AnalyzeRequest,
    stubs: Path | None,
    has_other: Callable[[SourceTree], bool],
    places: Places,
    progress: Progress,
) -> StubSides:
    """Describe a library by its sources and by its stubs: those beside the sources, or those of a folder.

    What one of them lacks is taken from the other, so that imports lead somewhere; it is not compared. ``has_other`` tells
    whether something else than stubs speaks of the library.

    Raises:
        BaselineMissing: no module has both, and nothing else speaks of it.
        DistributionNotFound, SourceUnreadable: see `find_tree`.
    """
    tree = find_tree(request)
    written = tree.files if stubs is None else find_tree(_stub_request(request, stubs, tree)).files
    sources = {one.module: one for one in tree.files if one.kind is FileKind.SOURCE}
    stub_files = {one.module: one for one in written if one.kind is FileKind.STUB}
    both = sources.keys() & stub_files.keys()
    if not both and (stubs is not None or not has_other(tree)):
        where = "beside the sources" if stubs is None else f"in {stubs}"
        raise BaselineMissing("of stubs", f"no module of {tree.name!r} has a stub {where}")
    target = request
    sides = []
    for kind, files in (("source", {**stub_files, **sources}), ("stubs", {**sources, **stub_files})):
        side = tree_side(_with_files(tree, files.values()), target, f"{kind} of {tree.name}", places, progress)
        target = msgspec.structs.replace(request, target=side.header.target)
        sides.append(side)
    return StubSides(source=sides[0], stubs=sides[1], modules=frozenset(both))


def _stub_request(request: AnalyzeRequest, stubs: Path, tree: SourceTree) -> AnalyzeRequest:
    is_one_of_several = not (stubs / "__init__.pyi").exists()
    name = tree.name if is_one_of_several else None
    return msgspec.structs.replace(request, path=stubs, name=name, site_packages=None)


def _with_files(tree: SourceTree, files: Collection[SourceFile]) -> SourceTree:
    return msgspec.structs.replace(tree, files=tuple(sorted(files, key=lambda one: one.module)))
