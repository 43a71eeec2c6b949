"""Deleting what pybridge keeps."""

import shutil
from pathlib import Path

from pybridge.errors import StoreError
from pybridge.pipeline.request import Places
from pybridge.store.snapshots import SnapshotStore

_OURS = ("facts-*.sqlite3*", "engine")
"""What of the cache folder is ours: the folder may have been given by hand, and hold more."""


def clean_cache(places: Places) -> int:
    """Delete the cache; return its size in bytes.

    Raises:
        StoreError: a file of it cannot be deleted.
    """
    total = 0
    for pattern in _OURS:
        for path in sorted(places.cache.glob(pattern)):
            total += _size(path)
            try:
                shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
            except OSError as error:
                raise StoreError(path, error.strerror or str(error), hint="check who owns the cache folder") from error
    return total


def clean_library(places: Places, library: str) -> int:
    """Forget the stored descriptors of a library; return how many targets it was described for.

    Raises:
        SnapshotNotFound: the store has none.
    """
    return SnapshotStore.open(places.store, create=False).forget(library)


def _size(path: Path) -> int:
    files = path.rglob("*") if path.is_dir() else (path,)
    return sum(one.lstat().st_size for one in files if one.is_file())
