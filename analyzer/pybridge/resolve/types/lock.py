"""Child side: a lock on a file, which the system takes back from a process that dies.

Python's own call where there is one: loading a library for it takes a twentieth of a small library's types.
"""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_POLL_SECONDS = 0.02


@contextmanager
def locked(path: Path, *, timeout_seconds: float) -> Iterator[bool]:
    """Hold the lock while the block runs; False where somebody else held it for too long.

    Raises:
        OSError: the file cannot be made.
    """
    if sys.platform == "win32":
        from filelock import FileLock, Timeout  # noqa: PLC0415 - as said above

        lock = FileLock(path)
        try:
            lock.acquire(timeout=timeout_seconds)
        except Timeout:
            yield False
            return
        try:
            yield True
        finally:
            lock.release()
        return
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        yield _is_taken(descriptor, timeout_seconds)
    finally:
        os.close(descriptor)


def _is_taken(descriptor: int, timeout_seconds: float) -> bool:
    import fcntl  # noqa: PLC0415 - not everywhere

    deadline = time.monotonic() + timeout_seconds
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                return False
            time.sleep(_POLL_SECONDS)
        else:
            return True
