"""What a store holds, in figures."""

import msgspec

from pybridge.store.care.disk import disk_bytes
from pybridge.store.care.hashing import indexes, loose_files
from pybridge.store.history import message_of, standing, walk
from pybridge.store.layout import LIBRARIES, TAGS
from pybridge.store.objects.index import PackIndex
from pybridge.store.refs import Refs
from pybridge.store.repository import explaining
from pybridge.store.snapshots import SnapshotStore
from pybridge.store.trees import blobs_below


class LibraryFigures(msgspec.Struct, frozen=True, kw_only=True):
    """One library for one target."""

    library: str
    target: str
    ref: str
    version: str | None
    """Of the newest snapshot."""
    snapshots: int
    blobs: int
    """In the newest snapshot: modules, their places, and the library's own."""


class StoreFigures(msgspec.Struct, frozen=True, kw_only=True):
    """What a store holds."""

    path: str
    libraries: tuple[LibraryFigures, ...]
    """Sorted by ref."""
    snapshots: int
    tags: int
    packs: int
    packed_objects: int
    loose_objects: int
    size_bytes: int
    """Of all files, on disk."""


def figures(store: SnapshotStore) -> StoreFigures:
    """Count what a store holds.

    Raises:
        StoreError: it cannot be read.
    """
    refs = store.refs
    with explaining(store.path):
        libraries = tuple(one for ref in refs.names(LIBRARIES) if (one := _library(refs, ref)) is not None)
        packs = indexes(refs.folder)
        return StoreFigures(
            path=str(store.path),
            libraries=libraries,
            snapshots=sum(one.snapshots for one in libraries),
            tags=len(refs.names(TAGS)),
            packs=len(packs),
            packed_objects=sum(len(PackIndex(path)) for path in packs),
            loose_objects=sum(1 for _ in loose_files(refs.folder)),
            size_bytes=disk_bytes(file for file in refs.folder.rglob("*") if file.is_file()),
        )


def _library(refs: Refs, ref: str) -> LibraryFigures | None:
    tip = refs.commit(ref)
    if tip is None:
        return None
    newest = standing(tip)
    message = message_of(refs, newest)
    return LibraryFigures(
        library=message.library,
        target=message.target,
        ref=ref,
        version=message.version,
        snapshots=sum(1 for _ in walk(refs, ref)),
        blobs=sum(1 for _ in blobs_below(refs.repository, newest.tree_id)),
    )
