"""`Spare`: a child that has read all its files and goes on with something else, so that one start serves both."""

from pathlib import Path
from typing import Protocol

from pybridge.protocols import ChildProcess


class Ready(Protocol):
    """A child with nothing left to read."""

    def go_on(self, folder: Path) -> ChildProcess:
        """Send it on to what lies in a folder; it reads no more files."""
        ...

    def end(self) -> str:
        """Kill it and wait."""
        ...


class Spare:
    """Has the children of a reading run ``boot``, and keeps one of them at its end."""

    def __init__(self, boot: str) -> None:
        self.boot = boot
        self._kept: Ready | None = None
        self._is_waiting = False

    def keep(self, child: Ready) -> bool:
        """Take a child over; False when there is one already."""
        if self._is_waiting:
            return False
        self.close()
        self._kept, self._is_waiting = child, True
        return True

    def go_on(self, folder: Path) -> ChildProcess | None:
        """Send the child that is kept on to a folder; None when there is none, or it is on its way already."""
        if self._kept is None or not self._is_waiting:
            return None
        self._is_waiting = False
        return self._kept.go_on(folder)

    def close(self) -> None:
        """End the child."""
        if self._kept is not None:
            self._kept.end()
        self._kept, self._is_waiting = None, False
