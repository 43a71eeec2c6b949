"""The log of a keeper, gathered until the front takes it: what processes print on a node is read where the front is."""

import asyncio
import logging
from collections import deque

from pybridge_worker import logs
from pybridge_worker.hosts import local
from pybridge_worker.hosts.ray.relay import LogLine

MAX_LINES = 4096
"""More are left out while the front does not take them."""


class Gathering(logging.Handler):
    """Takes the events of what starts processes here."""

    def __init__(self, level: int) -> None:
        super().__init__(level)
        self._lines: deque[LogLine] = deque()
        self._left_out = 0
        self._waiting: asyncio.Future[None] | None = None
        ours = logging.getLogger(local.__name__)
        ours.setLevel(level)
        ours.propagate = False
        ours.handlers = [self]

    def emit(self, record: logging.LogRecord) -> None:
        """Take an event; what is none is not for the front."""
        event = logs.event_of(record)
        if event is None:
            return
        if len(self._lines) >= MAX_LINES:
            self._left_out += 1
            return
        self._lines.append(LogLine(record.levelno, *event))
        waiting = self._waiting
        if waiting is not None:
            waiting.get_loop().call_soon_threadsafe(_settle, waiting)

    def something(self) -> "asyncio.Future[None]":
        """A future that is done when there is something to take."""
        if self._waiting is None or self._waiting.done():
            self._waiting = asyncio.get_running_loop().create_future()
            if self._lines:
                self._waiting.set_result(None)
        return self._waiting

    def take(self) -> tuple[LogLine, ...]:
        """Give the events that came since they were last taken."""
        lines = tuple(self._lines)
        self._lines.clear()
        if self._left_out:
            lines = (*lines, LogLine(logging.WARNING, "log_lines_left_out", {"count": self._left_out}))
            self._left_out = 0
        return lines


def _settle(waiting: "asyncio.Future[None]") -> None:
    if not waiting.done():
        waiting.set_result(None)
