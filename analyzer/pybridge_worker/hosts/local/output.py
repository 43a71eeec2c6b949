"""What a worker process prints, line by line into the front's log, whoever floods it."""

import asyncio
import contextlib
import logging
import os
import time

from pybridge_worker import logs

MAX_LINE_BYTES = 500
LINES_A_SECOND, LINES_AT_ONCE = 200, 2000
_READ_BYTES = 65_536
_READS_AT_ONCE = 4
_REST_SECONDS = 0.005
"""A flood is read at some 50 MB/s and no faster: the front has other work. It slows who prints and never stops it."""

_ESCAPES = {code: f"\\x{code:02x}" for code in (*range(9), *range(10, 32), *range(127, 160))}
"""What a terminal would obey, and what would pass for another line."""

_log = logging.getLogger(__name__)


class Output:
    """The reading end of a pipe that is a process's standard output and error."""

    def __init__(self, worker: int) -> None:
        self.worker = worker
        self.pid = 0
        self._reading, self.writing = os.pipe()
        """`writing` is to be handed to the process and closed here with `handed_over`."""
        os.set_blocking(self._reading, False)
        self._lines = Lines()
        self._loop = asyncio.get_running_loop()
        self._reads = 0
        self._rest: asyncio.TimerHandle | None = None
        self._loop.add_reader(self._reading, self._readable)

    def handed_over(self) -> None:
        """Close our copy of the writing end."""
        os.close(self.writing)
        self.writing = -1

    def close(self) -> None:
        """Log what is there still, and stop listening: copies of the process may keep the other end for ever."""
        if self._reading < 0:
            return
        for _ in range(_READS_AT_ONCE):
            if not self._read():
                break
        self._tell(self._lines.end())
        self._stop()

    def _readable(self) -> None:
        if not self._read():
            self._tell(self._lines.end())
            self._stop()
            return
        self._reads += 1
        if self._reads >= _READS_AT_ONCE and self._lines.is_flooded:
            self._loop.remove_reader(self._reading)
            self._rest = self._loop.call_later(_REST_SECONDS, self._rested)

    def _rested(self) -> None:
        self._reads = 0
        self._rest = None
        self._loop.add_reader(self._reading, self._readable)

    def _read(self) -> bool:
        """Take what has come; False at the end, and when nothing has."""
        try:
            data = os.read(self._reading, _READ_BYTES)
        except OSError:
            return False
        self._tell(self._lines.take(data, time.monotonic()))
        return bool(data)

    def _tell(self, lines: list[str]) -> None:
        for line in lines:
            logs.event(_log, logging.INFO, "worker_output", worker=self.worker, pid=self.pid, line=line)

    def _stop(self) -> None:
        if self._rest is not None:
            self._rest.cancel()
        self._loop.remove_reader(self._reading)
        os.close(self._reading)
        self._reading = -1
        if self.writing >= 0:
            with contextlib.suppress(OSError):
                self.handed_over()


class Lines:
    """Bytes to lines of a bounded length, at a bounded rate; what is left out is told."""

    def __init__(self) -> None:
        self.is_flooded = False
        """Whether lines were left out since the last that was not."""
        self._part = b""
        self._cut = 0
        self._allowed = float(LINES_AT_ONCE)
        self._at = 0.0
        self._dropped = 0

    def take(self, data: bytes, now: float) -> list[str]:
        """Give the lines that these bytes complete."""
        self._allowed = min(LINES_AT_ONCE, self._allowed + max(0.0, now - self._at) * LINES_A_SECOND)
        self._at = now
        told: list[str] = []
        *whole, rest = data.split(b"\n")
        for line in whole:
            self._grow(line)
            self._close(told)
        self._grow(rest)
        return told

    def end(self) -> list[str]:
        """Give what is left."""
        told: list[str] = []
        if self._part:
            self._close(told)
        if self._dropped:
            told.append(f"({self._dropped} lines were left out)")
            self._dropped = 0
        return told

    def _grow(self, data: bytes) -> None:
        room = MAX_LINE_BYTES - len(self._part)
        self._part += data[:room]
        self._cut += max(0, len(data) - room)

    def _close(self, told: list[str]) -> None:
        part, cut = self._part, self._cut
        self._part, self._cut = b"", 0
        if self._allowed < 1:
            self._dropped += 1
            self.is_flooded = True
            return
        self._allowed -= 1
        if self._dropped:
            told.append(f"({self._dropped} lines were left out)")
            self._dropped = 0
        self.is_flooded = False
        text = part.decode("utf-8", "backslashreplace").rstrip("\r")
        if not text.isprintable():
            text = text.translate(_ESCAPES)
        told.append(f"{text}... ({cut} bytes more)" if cut else text)
