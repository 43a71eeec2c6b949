"""From a word to a `Side`. Nothing is stored: the store's refs stay where they are, only the cache learns."""

import hashlib
import os
from pathlib import Path

import msgspec

from pybridge.codec import decode, digest, encode_library
from pybridge.errors import DecodeError, SideUnclear, SourceUnreadable
from pybridge.model.diagnostic import Diagnostic
from pybridge.model.library import LibraryDescriptor
from pybridge.model.names import Digest
from pybridge.model.source import SourceTree
from pybridge.pipeline.analyze import find_tree
from pybridge.pipeline.collecting import collector_paused
from pybridge.pipeline.request import AnalyzeRequest, Places
from pybridge.pipeline.sides.describing import Described, describe_content, describe_tree
from pybridge.pipeline.sides.kept import KeptModules, git_ids, places_of
from pybridge.pipeline.sides.origins import Exported, Installed, Origin, Revision, Sources, Stored, origin_of
from pybridge.pipeline.sides.places_file import places_beside, read_places
from pybridge.pipeline.sides.side import Side, SideKind, is_incomplete
from pybridge.pipeline.workspace import absolute
from pybridge.protocols import Progress
from pybridge.source import is_archive, is_environment, with_neighbours

_MAX_DESCRIPTOR_BYTES = 1 << 30


def obtain_side(text: str, request: AnalyzeRequest, places: Places, progress: Progress) -> Side:
    """Read one side of a comparison; see `origin_of` for what ``text`` may be.

    Of the request, ``site_packages`` is the environment of a bare name and the neighbourhood of everything else,
    ``path`` the repository of ``git:REV``, ``name`` the library where a side holds several.

    Raises:
        SideUnclear: the text names nothing.
        DistributionNotFound: there is no such library.
        RevisionNotFound: there is no such git repository or revision.
        SourceUnreadable: what it names cannot be read at all.
        StoreError: the store has no such snapshot, or cannot be read.
    """
    with collector_paused():
        return _obtain(text, origin_of(text, repository=request.path), request, places, progress)


def obtain_sides(old: str, new: str, request: AnalyzeRequest, places: Places, progress: Progress) -> tuple[Side, Side]:
    """Read both sides for one target: the one asked for, else that of a side that is a descriptor, else the new side's.

    Where one side lies in an environment and the other in none, the other is read as if it were installed there: what
    other packages give a library (bases, decorators) is no difference between its versions.
    """
    words = (old, new)
    origins = [origin_of(one, repository=request.path) for one in words]
    environments = [_environment(one) for one in origins]
    found: dict[int, Side] = {}
    is_fixed = [isinstance(one, Stored | Exported) for one in origins]
    with collector_paused():
        for index in sorted((0, 1), key=lambda index: (not is_fixed[index], -index)):
            here = request
            if request.site_packages is None and environments[index] is None:
                here = msgspec.structs.replace(request, site_packages=environments[1 - index])
            found[index] = _obtain(words[index], origins[index], here, places, progress)
            if request.target is None:
                request = msgspec.structs.replace(request, target=found[index].header.target)
    return found[0], found[1]


def _environment(origin: Origin) -> Path | None:
    """The environment that a side lies in; None for those that lie in none."""
    if not isinstance(origin, Sources) or not origin.path.is_dir():
        return None
    place = absolute(origin.path)
    return next((one for one in (place, place.parent) if is_environment(one)), None)


def _obtain(text: str, origin: Origin, request: AnalyzeRequest, places: Places, progress: Progress) -> Side:
    match origin:
        case Stored():
            return _stored(origin, request, places)
        case Exported():
            return _exported(origin, text)
        case Revision():
            return _revision(text, origin, request, places, progress)
        case Installed():
            there = msgspec.structs.replace(request, path=None, name=origin.name)
            return _on_disk(there, SideKind.INSTALLED, text, places, progress)
        case Sources(path=path) if is_archive(path):
            return _archive(text, msgspec.structs.replace(request, path=path), places, progress)
        case Sources(path=path) if is_environment(path):
            if request.name is None:
                raise SideUnclear(text, "it holds many libraries", hint=f"name one of them, {text.rstrip('/')}/NAME")
            there = msgspec.structs.replace(request, path=None, site_packages=path)
            return _on_disk(there, SideKind.INSTALLED, text, places, progress)
        case Sources(path=path):
            return _on_disk(msgspec.structs.replace(request, path=path), SideKind.TREE, text, places, progress)


def stored_side(library: str, revision: str, request: AnalyzeRequest, places: Places) -> Side:
    """Read a snapshot of the store, whatever else may be called like the library.

    Raises:
        SnapshotNotFound: the store has no such snapshot.
        StoreError: it cannot be read.
    """
    with collector_paused():
        return _stored(Stored(library, revision), request, places)


def _stored(origin: Stored, request: AnalyzeRequest, places: Places) -> Side:
    from pybridge.store.snapshots import SnapshotStore  # noqa: PLC0415 - loads pygit2, which few sides need

    store = SnapshotStore.open(places.store, create=False)
    opened = store.open_snapshot(origin.library, origin.revision, target=request.target)
    return Side(
        label=_label(opened.header, f"{origin.library}@{origin.revision or ''}"),
        kind=SideKind.STORED,
        header=opened.header,
        modules=opened.modules,
        digest=opened.snapshot.digest,
        read_blobs=lambda: opened.blobs,
        read_places=opened.places,
        is_incomplete=is_incomplete(opened.header, ()),
    )


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
    whole = encode_library(descriptor)
    found = read_places(places_beside(origin.path), whole.digest)
    source_map = None if isinstance(found, Diagnostic) else found
    return Side(
        label=_label(descriptor, text),
        kind=SideKind.DESCRIPTOR,
        header=whole.header,
        modules={one.name: one for one in descriptor.modules},
        digest=whole.digest,
        read_blobs=lambda: git_ids(whole.modules),
        read_places=lambda: source_map,
        diagnostics=(found,) if isinstance(found, Diagnostic) else (),
        is_incomplete=is_incomplete(descriptor, ()),
    )


def _on_disk(request: AnalyzeRequest, kind: SideKind, text: str, places: Places, progress: Progress) -> Side:
    tree = find_tree(request)
    side = _described(describe_tree(tree, request, places, progress), kind, text)
    return msgspec.structs.replace(side, folder=_folder(tree))


def tree_side(tree: SourceTree, request: AnalyzeRequest, text: str, places: Places, progress: Progress) -> Side:
    """Describe files that somebody chose from a tree on disk; ``text`` is what people call them."""
    with collector_paused():
        side = _described(describe_tree(tree, request, places, progress), SideKind.TREE, text)
    return msgspec.structs.replace(side, folder=_folder(tree))


def _archive(text: str, request: AnalyzeRequest, places: Places, progress: Progress) -> Side:
    assert request.path is not None
    content = digest((request.path.name, _file_digest(request.path)))
    described = describe_content(content, lambda: find_tree(request), request, places, progress)
    return _described(described, SideKind.ARCHIVE, text)


def _revision(text: str, origin: Revision, request: AnalyzeRequest, places: Places, progress: Progress) -> Side:
    from pybridge.source.revision import locate_revision, read_revision  # noqa: PLC0415 - loads pygit2, as above

    given = locate_revision(absolute(origin.folder), origin.revision, origin.subfolder)

    def read() -> SourceTree:
        tree = read_revision(given, name=request.name, include_tests=request.include_tests)
        return with_neighbours(tree, None if request.site_packages is None else absolute(request.site_packages))

    content = digest(("revision", given.tree, given.prefix, given.version))
    described = describe_content(content, read, request, places, progress)
    return _described(described, SideKind.REVISION, f"{text}, {given.commit[:8]}")


def _described(described: Described, kind: SideKind, text: str) -> Side:
    one = described.library
    header = decode(one.header, LibraryDescriptor)
    return Side(
        label=_label(header, text),
        kind=kind,
        header=header,
        modules=KeptModules(one.modules),
        digest=one.digest,
        read_blobs=lambda: git_ids(one.modules),
        read_places=lambda: places_of(one),
        diagnostics=(*one.diagnostics, *described.noted),
        is_incomplete=is_incomplete(header, one.diagnostics),
    )


def _file_digest(path: Path) -> Digest:
    try:
        with path.open("rb") as stream:
            return Digest(hashlib.file_digest(stream, "sha256").hexdigest())
    except OSError as error:
        raise SourceUnreadable(path, (error.strerror or str(error)).lower()) from error


def _folder(tree: SourceTree) -> str:
    relative = Path(os.path.relpath(tree.base)).as_posix()
    return "" if relative == "." else relative


def _label(descriptor: LibraryDescriptor, origin: str) -> str:
    title = " ".join(part for part in (descriptor.distribution or descriptor.name, descriptor.version) if part)
    shown = os.path.relpath(absolute(origin)) if Path(origin).is_absolute() else origin
    return f"{title} ({min(shown, origin, key=len)})"
