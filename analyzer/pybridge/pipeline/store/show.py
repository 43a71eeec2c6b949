"""A stored snapshot looked at: what it holds, or one symbol of it."""

import msgspec

from pybridge.errors import SnapshotNotFound
from pybridge.model.library import Module, Target
from pybridge.model.names import symbol_path
from pybridge.model.snapshot import Snapshot
from pybridge.model.source import Place
from pybridge.pipeline.query import Answer, Index
from pybridge.pipeline.request import Places
from pybridge.pipeline.store.reference import Reference
from pybridge.pipeline.summary import Summary, summarize
from pybridge.store.snapshots import SnapshotStore


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A snapshot as a whole."""

    snapshot: Snapshot
    summary: Summary
    changed: tuple[str, ...] | None
    """The modules that the snapshot before it had not, or otherwise, or not any more; None where it is the first."""


class ShownSymbol(msgspec.Struct, frozen=True, kw_only=True):
    """A symbol of a snapshot."""

    snapshot: Snapshot
    answer: Answer
    place: Place | None
    """As it was when the snapshot was made; None where nobody knows."""
    index: Index


def show_snapshot(places: Places, reference: Reference, *, target: Target | None = None) -> Shown:
    """Describe a snapshot in figures, and tell which modules it changed.

    Raises:
        SnapshotNotFound: there is none.
        StoreError: the store cannot be read, or the snapshot is damaged.
    """
    store = SnapshotStore.open(places.store, create=False)
    opened = store.open_snapshot(reference.library, reference.revision, target=target)
    descriptor = opened.descriptor()
    try:
        before = store.open_snapshot(reference.library, f"{opened.snapshot.commit}~1", target=descriptor.target).blobs
    except SnapshotNotFound:
        changed = None
    else:
        names = sorted(before.keys() | opened.blobs.keys())
        changed = tuple(name for name in names if before.get(name) != opened.blobs.get(name))
    return Shown(snapshot=opened.snapshot, summary=summarize(descriptor, opened.snapshot.digest), changed=changed)


def show_symbol(places: Places, reference: Reference, name: str, *, target: Target | None = None) -> ShownSymbol:
    """Find a symbol in a snapshot.

    Raises:
        SnapshotNotFound: there is no such snapshot.
        SymbolNotFound: it has no such name.
        StoreError: the store cannot be read, or the snapshot is damaged.
    """
    store = SnapshotStore.open(places.store, create=False)
    opened = store.open_snapshot(reference.library, reference.revision, target=target)
    index = Index(opened.descriptor())
    answer = index.find(name)
    source_map = opened.places()
    symbol = answer.symbol
    path = symbol_path(symbol.name, "") if isinstance(symbol, Module) else symbol.path
    place = None if source_map is None else source_map.places.get(path)
    return ShownSymbol(snapshot=opened.snapshot, answer=answer, place=place, index=index)
