"""The refs of a store, and the names that people give to snapshots."""

import msgspec

from pybridge.model.library import Target
from pybridge.model.snapshot import Snapshot, Tag
from pybridge.pipeline.request import Places
from pybridge.pipeline.store.reference import Reference
from pybridge.store.snapshots import SnapshotStore
from pybridge.store.tags import list_tags, remove_tag, set_tag


class StoreRefs(msgspec.Struct, frozen=True, kw_only=True):
    """Where the refs of a store stand."""

    libraries: tuple[Snapshot, ...]
    """The newest snapshot of every library and target, sorted by ref."""
    tags: tuple[Tag, ...]


def read_refs(places: Places, library: str | None) -> StoreRefs:
    """Return the refs of a library, or of all.

    Raises:
        StoreError: the store cannot be read.
    """
    store = SnapshotStore.open(places.store, create=False)
    heads = tuple(one for one in store.heads() if library in {None, one.library})
    return StoreRefs(libraries=heads, tags=list_tags(store, library))


def tag_snapshot(
    places: Places, reference: Reference, name: str | None, *, target: Target | None = None, may_move: bool = False
) -> Tag:
    """Name a snapshot, by its version when no name is given.

    Raises:
        SnapshotNotFound: there is no such snapshot.
        StoreError: the name is another snapshot's and may not move, or is none; the store cannot be written.
    """
    store = SnapshotStore.open(places.store, create=False)
    return set_tag(store, reference.library, name=name, revision=reference.revision, target=target, may_move=may_move)


def untag(places: Places, library: str, name: str, *, target: Target | None = None) -> int:
    """Take a name from the snapshots of a library that have it; return how many that were.

    Raises:
        StoreError: there is no such tag, or the store cannot be written.
    """
    return remove_tag(SnapshotStore.open(places.store, create=False), library, name, target=target)
