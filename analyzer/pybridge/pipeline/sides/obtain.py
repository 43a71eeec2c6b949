"""From a word to a `Side`. Nothing is stored: the store's refs stay where they are, only the cache learns."""

import os
from pathlib import Path

import msgspec

from pybridge.codec import decode, digest
from pybridge.errors import DecodeError, SideUnclear, SourceUnreadable
from pybridge.model.library import LibraryDescriptor, Target
from pybridge.model.source import SourceTree
from pybridge.pipeline.analyze import PASSING, find_tree, prepare
from pybridge.pipeline.collecting import collector_paused
from pybridge.pipeline.request import AnalyzeRequest, Places
from pybridge.pipeline.sides.kept import Finished, descriptor_of, finished, keep_side, recall_side
from pybridge.pipeline.sides.origins import Exported, Installed, Origin, Revision, Sources, Stored, origin_of
from pybridge.pipeline.sides.side import Side, SideKind, is_incomplete
from pybridge.pipeline.target import default_target
from pybridge.pipeline.workspace import absolute
from pybridge.protocols import Progress
from pybridge.store.facts_cache import FactsCache

_MAX_DESCRIPTOR_BYTES = 1 << 30


def obtain_side(text: str, request: AnalyzeRequest, places: Places, progress: Progress) -> Side:
    """Read one side of a comparison; see `origin_of` for what ``text`` may be.

    Of the request, ``site_packages`` is the environment of a bare name and the neighbourhood of everything else,
    ``path`` the repository of ``git:REV``, ``name`` the library where a side holds several.

    Raises:
        SideUnclear: the text names nothing.
        DistributionNotFound: there is no such library.
        SourceUnreadable: what it names cannot be read at all.
        StoreError: the store has no such snapshot, or cannot be read.
    """
    with collector_paused():
        return _obtain(text, origin_of(text, repository=request.path), request, places, progress)


def obtain_sides(old: str, new: str, request: AnalyzeRequest, places: Places, progress: Progress) -> tuple[Side, Side]:
    """Read both sides for one target: the one asked for, else that of a side that is a descriptor, else the new side's."""
    origins = [origin_of(one, repository=request.path) for one in (old, new)]
    found: dict[int, Side] = {}
    is_fixed = [isinstance(one, Stored | Exported) for one in origins]
    with collector_paused():
        for index in sorted((0, 1), key=lambda index: (not is_fixed[index], -index)):
            found[index] = _obtain((old, new)[index], origins[index], request, places, progress)
            if request.target is None:
                request = msgspec.structs.replace(request, target=found[index].descriptor.target)
    return found[0], found[1]


def _obtain(text: str, origin: Origin, request: AnalyzeRequest, places: Places, progress: Progress) -> Side:
    match origin:
        case Stored():
            return _stored(origin, request, places)
        case Exported():
            return _exported(origin, text)
        case Sources():
            here = msgspec.structs.replace(request, path=origin.path)
            kind = SideKind.TREE if origin.path.is_dir() else SideKind.ARCHIVE
            return _described(find_tree(here), here, kind, text, places, progress)
        case Installed():
            there = msgspec.structs.replace(request, path=None, name=origin.name)
            return _described(find_tree(there), there, SideKind.INSTALLED, text, places, progress)
        case Revision():
            raise SideUnclear(text, "git revisions are not read yet", hint="name a folder")


def _stored(origin: Stored, request: AnalyzeRequest, places: Places) -> Side:
    from pybridge.store.snapshots import SnapshotStore  # noqa: PLC0415 - loads pygit2, which few sides need

    store = SnapshotStore.open(places.store, create=False)
    opened = store.open_snapshot(origin.library, origin.revision, target=request.target)
    side = _side(f"{origin.library}@{origin.revision or ''}", SideKind.STORED, opened.descriptor())
    return msgspec.structs.replace(side, source_map=opened.places())


def _exported(origin: Exported, text: str) -> Side:
    try:
        size = origin.path.stat().st_size
        if size > _MAX_DESCRIPTOR_BYTES:
            raise SourceUnreadable(origin.path, f"larger than {_MAX_DESCRIPTOR_BYTES:,} bytes")
        data = origin.path.read_bytes()
    except OSError as error:
        raise SourceUnreadable(origin.path, (error.strerror or str(error)).lower()) from error
    try:
        descriptor = decode(data, LibraryDescriptor)
    except DecodeError as error:
        raise DecodeError(f"descriptor: {text}", error.reason) from error
    return _side(text, SideKind.DESCRIPTOR, descriptor)


def _side(origin: str, kind: SideKind, descriptor: LibraryDescriptor) -> Side:
    return Side(
        label=_label(descriptor, origin),
        kind=kind,
        descriptor=descriptor,
        digest=digest(descriptor),
        source_map=None,
        is_incomplete=is_incomplete(descriptor, ()),
    )


def _described(
    tree: SourceTree, request: AnalyzeRequest, kind: SideKind, text: str, places: Places, progress: Progress
) -> Side:
    with FactsCache.open(places.cache) as cache:
        one = _finished(tree, request, cache, places, progress)
        noted = cache.diagnostics
    descriptor = descriptor_of(one)
    return Side(
        label=_label(descriptor, text),
        kind=kind,
        descriptor=descriptor,
        digest=one.digest,
        source_map=one.source_map,
        folder=_folder(tree) if kind in {SideKind.TREE, SideKind.INSTALLED} else "",
        diagnostics=(*one.diagnostics, *noted),
        is_incomplete=is_incomplete(descriptor, one.diagnostics),
    )


def _finished(
    tree: SourceTree, request: AnalyzeRequest, cache: FactsCache, places: Places, progress: Progress
) -> Finished:
    """Describe a tree, or recall what the cache knows of the very same one."""
    target = request.target or _target(tree, request)
    task = prepare(request, tree, target, cache, places, progress)
    key = digest(task.key)
    known = recall_side(cache, key)
    if known is not None:
        return known
    from pybridge.pipeline.incremental.again import describe_again  # noqa: PLC0415 - loads the engine's half second
    from pybridge.pipeline.incremental.state import keep_state  # noqa: PLC0415 - as above

    outcome = describe_again(task)
    one = finished(outcome.library, outcome.report.source_map, outcome.report.diagnostics)
    if not any(found.code in PASSING for found in one.diagnostics):
        if outcome.state is not None:
            keep_state(cache, task.key.key, outcome.state)
        keep_side(cache, key, one)
    return one


def _target(tree: SourceTree, request: AnalyzeRequest) -> Target:
    """Take the Python of the environment, where the tree lies in one or one is named."""
    return default_target(request.site_packages or tree.base)


def _folder(tree: SourceTree) -> str:
    relative = Path(os.path.relpath(tree.base)).as_posix()
    return "" if relative == "." else relative


def _label(descriptor: LibraryDescriptor, origin: str) -> str:
    title = " ".join(part for part in (descriptor.distribution or descriptor.name, descriptor.version) if part)
    shown = os.path.relpath(absolute(origin)) if Path(origin).is_absolute() else origin
    return f"{title} ({min(shown, origin, key=len)})"
