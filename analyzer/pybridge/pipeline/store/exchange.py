"""Sharing a store: fetch and push."""

from pybridge.model.exchange import Exchange
from pybridge.pipeline.request import Places
from pybridge.protocols import Progress
from pybridge.store.exchange.fetch import fetch
from pybridge.store.exchange.push import push
from pybridge.store.snapshots import SnapshotStore


def fetch_store(places: Places, remote: str, progress: Progress) -> Exchange:
    """Take over what another store has; a store that is not there yet is made.

    Raises:
        ExchangeFailed: the other store cannot be reached, or is no git repository.
        StoreBusy: other processes hold the locks for too long.
        StoreError: the store cannot be written.
    """
    return fetch(SnapshotStore.open(places.store), remote, progress)


def push_store(places: Places, remote: str, progress: Progress) -> Exchange:
    """Give another store what it lacks.

    Raises:
        ExchangeFailed: the other store cannot be reached, or refuses all.
        StoreBusy: other processes hold the other store's locks for too long.
        StoreError: the other side is no store and not empty, or cannot be written.
    """
    return push(SnapshotStore.open(places.store, create=False), remote, progress)
