"""Looking after a store: verify, collect, count."""

import time

from pybridge.model.damage import Verification
from pybridge.pipeline.request import Places
from pybridge.protocols import Progress
from pybridge.store.care.collect import Collection, collect
from pybridge.store.care.stats import StoreFigures, figures
from pybridge.store.care.verify import verify
from pybridge.store.snapshots import SnapshotStore

GRACE_DAYS = 14


def verify_store(places: Places, progress: Progress) -> Verification:
    """Make sure of every object, ref and descriptor.

    Raises:
        StoreError: there is no store, or it cannot be read at all.
    """
    return verify(places.store, progress)


def collect_store(places: Places, progress: Progress, *, grace_seconds: float, is_dry: bool = False) -> Collection:
    """Pack what is in use and delete what nothing leads to, unless it is younger than the grace time.

    Raises:
        StoreBusy: another process collects, or holds the store's lock for too long.
        StoreError: something that is in use is damaged, or the store cannot be written.
    """
    store = SnapshotStore.open(places.store, create=False)
    return collect(store, young_since_seconds=time.time() - grace_seconds, progress=progress, is_dry=is_dry)


def count_store(places: Places) -> StoreFigures:
    """Count what a store holds.

    Raises:
        StoreError: the store cannot be read.
    """
    return figures(SnapshotStore.open(places.store, create=False))
