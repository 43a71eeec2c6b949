"""A temporary folder for each worker process, gone with it, and at the latest with the next server's start."""

import asyncio
import contextlib
import os
import shutil
import tempfile
from pathlib import Path

_PREFIX = "pybridge-work-"
_LOCK = "lock"
"""A file that the server holds as long as it lives, however it ends."""


class Folders:
    """Folders in one of the server's own, which only this user can enter."""

    def __init__(self) -> None:
        self._root: Path | None = None
        self._held = -1

    @property
    def root(self) -> Path:
        """The folder of all."""
        if self._root is None:
            self._root = Path(tempfile.mkdtemp(prefix=_PREFIX))
            held = hold(self._root, create=True)
            self._held = -1 if held is None else held
        return self._root

    def new(self, worker: int) -> Path:
        """Make a folder for a worker."""
        folder = self.root / f"worker-{worker}"
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder

    async def remove(self, folder: Path) -> None:
        """Remove a worker's folder with all that is in it."""
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

    async def close(self) -> None:
        """Remove them all."""
        if self._root is not None:
            await self.remove(self._root)
            self._root = None
        if self._held >= 0:
            os.close(self._held)
            self._held = -1


def remove_abandoned() -> int:
    """Remove the folders of servers that were killed; says how many."""
    count = 0
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            if folder.is_symlink() or folder.stat().st_uid != os.getuid():
                continue
            held = hold(folder, create=False)
            if held is not None:
                shutil.rmtree(folder, ignore_errors=True)
                os.close(held)
                count += 1
    return count


def hold(folder: Path, *, create: bool) -> int | None:
    """Hold a server's folder; gives a descriptor that does. None: a server that lives holds it, or it is not one's."""
    try:
        import fcntl  # noqa: PLC0415 - Windows has none
    except ImportError:
        return None
    flags = os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW | (os.O_CREAT if create else 0)
    try:
        descriptor = os.open(folder / _LOCK, flags, 0o600)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor
