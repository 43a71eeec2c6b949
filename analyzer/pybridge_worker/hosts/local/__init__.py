"""Worker processes on this machine, as children of the front."""

from pybridge_worker.bundle import Surface
from pybridge_worker.hosts.contract import WorkerProcess
from pybridge_worker.hosts.process import ChildProcess
from pybridge_worker.settings import Settings


class LocalProcesses:
    """Starts children of this process."""

    def __init__(self, settings: Settings, surface: Surface) -> None:
        self._settings = settings
        self._surface = surface

    async def start(self, *, epoch: int, modules: tuple[str, ...]) -> WorkerProcess:
        """Start a child and wait until it can be called.

        Raises:
            WorkerLost: it ended before that.
            OSError: there is no room for it.
        """
        return await ChildProcess.start(self._settings, self._surface, epoch=epoch, modules=modules)

    async def close(self) -> None:
        """Nothing is kept."""
