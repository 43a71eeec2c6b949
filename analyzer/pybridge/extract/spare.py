"""`Spare`: a child that has read all its files and goes on with something else, so that one start serves both.

It may begin before anybody knows what it is to read: it loads what it needs while we do. Where there is much to read it
has others do so, forked off itself, and stays as fresh as it was.
"""

import contextlib
import os
from pathlib import Path
from typing import Protocol

import msgspec

from pybridge.codec.frames import write_frame
from pybridge.extract.frames import SentOn, Settings
from pybridge.extract.process import Boot, Offspring, Process, can_fork, end, start
from pybridge.protocols import ChildProcess

MEMORY_BYTES = 4 << 30
FILES_PER_CHILD = 160
"""Below that many files another child costs more to start than it saves."""
SPARE_BYTES = 2 << 20
"""A child that read more is large: what comes after had better begin anew."""


class Ready(Protocol):
    """A child with nothing left to read."""

    def go_on(self, folder: Path) -> ChildProcess:
        """Send it on to what lies in a folder; it reads no more files."""
        ...

    def end(self) -> str:
        """Kill it and wait."""
        ...


class Begun(msgspec.Struct, frozen=True):
    """What was begun, and told its settings."""

    settings: Settings
    process: Process
    offspring: tuple[Offspring, ...]
    """Those that read; none where ``process`` does itself."""


class Spare:
    """Has the children of a reading run ``boot``, and keeps one of them at its end."""

    def __init__(self, boot: Boot) -> None:
        self.boot = boot
        self._kept: Ready | None = None
        self._is_waiting = False
        self._begun: Begun | None = None

    def begin(
        self,
        *,
        python_version: tuple[int, int],
        files: int,
        size_bytes: int,
        jobs: int,
        memory_bytes: int = MEMORY_BYTES,
    ) -> None:
        """Start what will read about so many files; best effort."""
        readers = min(jobs, 1 + (files - 1) // FILES_PER_CHILD)
        has_others = can_fork() and (readers > 1 or size_bytes > SPARE_BYTES)
        with contextlib.suppress(OSError):
            self._begun = _begun(self.boot, Settings(python_version, memory_bytes), readers if has_others else 0)

    def take(self, settings: Settings) -> tuple[Process, ...]:
        """Take over the processes that read by these settings; none where none were begun.

        What began them and does not read is kept.
        """
        begun = self._begun
        if begun is not None and begun.settings != settings:
            self._end_begun()
        begun, self._begun = self._begun, None
        if begun is None:
            return ()
        if not begun.offspring:
            return (begun.process,)
        self.keep(_Idle(begun.process))
        return begun.offspring

    def keep(self, child: Ready) -> bool:
        """Take a child over; False when there is one already."""
        if self._is_waiting:
            return False
        self._end_kept()
        self._kept, self._is_waiting = child, True
        return True

    def go_on(self, folder: Path) -> ChildProcess | None:
        """Send the child that is kept on to a folder; None when there is none, or it is on its way already."""
        if self._kept is None or not self._is_waiting:
            return None
        self._is_waiting = False
        return self._kept.go_on(folder)

    def close(self) -> None:
        """End every child."""
        self._end_begun()
        self._end_kept()

    def _end_begun(self) -> None:
        if self._begun is not None:
            for one in (self._begun.process, *self._begun.offspring):
                end(one)
        self._begun = None

    def _end_kept(self) -> None:
        if self._kept is not None:
            self._kept.end()
        self._kept, self._is_waiting = None, False


class _Idle:
    """A child that reads nothing."""

    def __init__(self, process: Process) -> None:
        self._process = process

    def go_on(self, folder: Path) -> ChildProcess:
        """Send it on; one that has ended shows that when it is waited for."""
        with contextlib.suppress(OSError):
            write_frame(self._process.stdin, SentOn(str(folder)))
        return self._process

    def end(self) -> str:
        """Kill it and wait."""
        return end(self._process)


def _begun(boot: Boot, settings: Settings, readers: int) -> Begun:
    theirs: list[tuple[int, int]] = []
    ours: list[tuple[int, int]] = []
    try:
        for _ in range(readers):
            (reads, writes), (hears, says) = os.pipe(), os.pipe()
            theirs.append((reads, says))
            ours.append((writes, hears))
        process = start(boot, theirs)
    except OSError:
        for one in (one for ends in ours for one in ends):
            os.close(one)
        raise
    finally:
        for one in (one for ends in theirs for one in ends):
            os.close(one)
    offspring = tuple(Offspring(process, writes, hears) for writes, hears in ours)
    with contextlib.suppress(OSError):
        write_frame(process.stdin, msgspec.structs.replace(settings, others=tuple(theirs)))
    return Begun(settings, process, offspring)
