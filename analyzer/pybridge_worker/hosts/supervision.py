"""When processes end too often: how long none is started, and its calls are refused, before it is tried again."""

import time
from collections import deque

FIRST_HOLD_SECONDS, LONGEST_HOLD_SECONDS = 5.0, 300.0
_QUIET_STARTS = 2
"""So many failed starts in a row are told to the calls that wait, and tried again with the next call."""
_FIRST_DELAY_SECONDS, _LONGEST_DELAY_SECONDS = 0.2, 30.0


class Deaths:
    """The unwished ends of the processes of one host.

    Two rules. `limit` of them within a window hold the host for a time, which doubles each time that this happens again
    soon. And a process that ends before it could be called, the third time in a row, is tried again after a delay that
    doubles: an import that crashes must not be tried in a loop.
    """

    def __init__(self, limit: int, window_seconds: float) -> None:
        self._limit = limit
        self._window_seconds = window_seconds
        self._times: deque[float] = deque()
        self._failed_starts = 0
        self._holds = 0
        self._until = 0.0

    @property
    def held_seconds(self) -> float:
        """How long no process may be started from now; 0: one may."""
        return max(0.0, self._until - time.monotonic())

    def started(self) -> None:
        """A process can be called."""
        self._failed_starts = 0

    def died(self) -> bool:
        """A process ended that nobody had wished to end. Whether the host is held for that."""
        now = time.monotonic()
        if now - self._until > self._window_seconds:
            self._holds = 0
        self._times.append(now)
        while now - self._times[0] > self._window_seconds:
            self._times.popleft()
        if len(self._times) < self._limit:
            return False
        self._times.clear()
        self._hold(now, FIRST_HOLD_SECONDS * 2**self._holds, LONGEST_HOLD_SECONDS)
        self._holds += 1
        return True

    def failed_to_start(self) -> bool:
        """A process ended before it could be called. Whether the host is held for that."""
        self._failed_starts += 1
        extra = self._failed_starts - _QUIET_STARTS
        if extra > 0:
            self._hold(time.monotonic(), _FIRST_DELAY_SECONDS * 2 ** min(extra, 20), _LONGEST_DELAY_SECONDS)
        return extra > 0

    def _hold(self, now: float, seconds: float, most: float) -> None:
        self._until = max(self._until, now + min(seconds, most))
