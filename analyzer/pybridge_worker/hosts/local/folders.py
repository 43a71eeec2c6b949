"""A temporary folder for each worker process, gone with it."""

import asyncio
import shutil
import tempfile
from pathlib import Path


class Folders:
    """Folders in one of the server's own, which only this user can enter."""

    def __init__(self) -> None:
        self._root: Path | None = None

    @property
    def root(self) -> Path:
        """The folder of all."""
        if self._root is None:
            self._root = Path(tempfile.mkdtemp(prefix="pybridge-work-"))
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
