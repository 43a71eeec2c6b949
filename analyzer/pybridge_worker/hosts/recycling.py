"""When a process has served long enough, or grown too large, and may be replaced without anybody's loss.

A process that is due is replaced between calls, once no session holds an object in it. One that is overdue, with twice
the calls or one and a half times the memory, is replaced between calls all the same: references to its objects then
answer that they are lost, as after a crash.
"""

from pybridge_worker.hosts.contract import WorkerProcess
from pybridge_worker.hosts.running import RunningCall
from pybridge_worker.settings import Settings

_OVERDUE_CALLS, _OVERDUE_MEMORY = 2.0, 1.5


class Wear:
    """What one process has served, and what sessions hold in it."""

    def __init__(self, settings: Settings) -> None:
        self._max_calls = settings.recycle_calls
        self._max_bytes = settings.recycle_rss_bytes
        self._calls = 0
        self._objects: dict[str, int] = {}

    @property
    def is_watched(self) -> bool:
        """Whether anything would ever be due."""
        return bool(self._max_calls or self._max_bytes)

    @property
    def objects(self) -> int:
        """How many objects sessions hold."""
        return sum(self._objects.values())

    def served(self, call: RunningCall) -> None:
        """Count a call that the process has ended."""
        self._calls += 1
        if call.session and call.object_count is not None:
            self.holds(call.session, call.object_count)

    def holds(self, session: str, count: int) -> None:
        """Note how many objects a session holds."""
        if count:
            self._objects[session] = count
        else:
            self._objects.pop(session, None)

    def why_replace(self, process: WorkerProcess) -> str:
        """Say why the process is to be replaced now; empty when it is not."""
        allowed = (1.0, 1.0) if not self._objects else (_OVERDUE_CALLS, _OVERDUE_MEMORY)
        if self._max_calls and self._calls >= self._max_calls * allowed[0]:
            return f"{self._calls} calls"
        if self._max_bytes and (size := process.resident_bytes) >= self._max_bytes * allowed[1]:
            return f"{size >> 20} MiB"
        return ""
