"""A change of the lock file that no other process's change is lost by."""

from collections.abc import Callable
from pathlib import Path

import filelock

from pybridge.codec import digest
from pybridge.errors import LockUnusable
from pybridge.model.lock import Lock
from pybridge.pipeline.lock.reading import read_lock
from pybridge.pipeline.lock.writing import write_lock
from pybridge.pipeline.request import Places
from pybridge.pipeline.workspace import absolute

_FOLDER = "locks"
_TIMEOUT_SECONDS = 30


def edit_lock(path: Path, places: Places, change: Callable[[Lock], Lock]) -> bool:
    """Read the lock, change it and write it, while no other process of this user does; tell whether it changed.

    Raises:
        LockUnusable: it cannot be read, is not a lock, or another process is at it for too long.
        OutputRefused: it cannot be written.
    """
    folder = places.cache / _FOLDER
    guard = filelock.FileLock(
        folder / f"{digest(str(absolute(path).resolve()))[:32]}.lock", timeout=_TIMEOUT_SECONDS, is_singleton=False
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        guard.acquire()
    except filelock.Timeout as error:
        raise LockUnusable(path, "another process is changing it", hint="try again when it is done") from error
    except OSError:
        # Without a cache there is nobody to wait for, and the file is still replaced in one step.
        return write_lock(path, change(read_lock(path)))
    try:
        return write_lock(path, change(read_lock(path)))
    finally:
        guard.release()
