"""The history of a library, or the newest of every one."""

import msgspec

from pybridge.errors import SnapshotNotFound
from pybridge.model.library import Target
from pybridge.model.snapshot import Snapshot
from pybridge.pipeline.request import Places
from pybridge.store.snapshots import SnapshotStore
from pybridge.store.tags import list_tags


class LogEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A snapshot and its names."""

    snapshot: Snapshot
    tags: tuple[str, ...]


def read_log(
    places: Places, library: str | None, *, target: Target | None = None, limit: int | None = None
) -> tuple[LogEntry, ...]:
    """Return a library's snapshots, newest first, one target after the other; of no library, the newest of each.

    Raises:
        SnapshotNotFound: the store has none of that library.
        StoreError: the store cannot be read.
    """
    store = SnapshotStore.open(places.store, create=False)
    snapshots = store.heads() if library is None else store.history(library, target)
    if library is not None and not snapshots:
        raise SnapshotNotFound(store.path, library, known=store.libraries())
    names: dict[str, list[str]] = {}
    for tag in list_tags(store, library):
        names.setdefault(tag.commit, []).append(tag.name)
    return tuple(
        LogEntry(snapshot=one, tags=tuple(sorted(set(names.get(one.commit, ()))))) for one in snapshots[:limit]
    )
