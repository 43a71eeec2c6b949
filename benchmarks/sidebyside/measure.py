"""What a command costs as a whole process, all its children with it.

CPU seconds are user and system time from `os.wait4`, which counts every descendant that was waited for. The largest
process is the system's own account of it too. The tree's peak is sampled from ``/proc`` and so is a lower bound; pages
that processes share count once in each of them.
"""

import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

_SAMPLE_SECONDS = 0.05
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


class CommandFailed(Exception):
    """A command to be measured did not do its work."""


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """Of one run."""

    cpu_seconds: float
    wall_seconds: float
    largest_bytes: int
    """Peak resident size of the largest single process."""
    tree_bytes: int
    """Peak of the resident sizes of all processes together, as sampled."""


def run(command: Sequence[str], *, environment: Mapping[str, str], cwd: Path, output: Path) -> Cost:
    """Run a command with its standard output in a file, and return what it cost.

    Raises:
        CommandFailed: it ended with anything but 0.
    """
    errors = output.with_name(f"{output.name}.stderr")
    with output.open("wb") as stdout, errors.open("wb") as stderr:
        began = time.perf_counter()
        child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr, env=environment, cwd=cwd
        )
        watch = _Watch(child.pid)
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - began
    tree_bytes = watch.stop()
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        said = errors.read_text(encoding="utf-8", errors="replace").strip()[-2000:]
        raise CommandFailed(f"{' '.join(command)} ended with {child.returncode}: {said}")
    return Cost(
        cpu_seconds=usage.ru_utime + usage.ru_stime,
        wall_seconds=wall,
        largest_bytes=usage.ru_maxrss * 1024,
        tree_bytes=max(tree_bytes, usage.ru_maxrss * 1024),
    )


class _Watch:
    """Samples the memory of a process and its descendants until it is told to stop."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._peak = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self._thread.start()

    def stop(self) -> int:
        """Return the highest sum seen, in bytes; 0 where there is no ``/proc``."""
        self._ended.set()
        self._thread.join()
        return self._peak

    def _sample(self) -> None:
        while not self._ended.wait(_SAMPLE_SECONDS):
            self._peak = max(self._peak, tree_bytes(self._pid))


def tree_bytes(pid: int) -> int:
    """Return the resident bytes of a process and all its descendants now; what ends meanwhile counts nothing."""
    total, waiting = 0, [pid]
    while waiting:
        folder = Path("/proc", str(waiting.pop()))
        try:
            total += int((folder / "statm").read_text().split()[1]) * _PAGE_BYTES
            for task in (folder / "task").iterdir():
                waiting += [int(one) for one in (task / "children").read_text().split()]
        except (OSError, IndexError):
            continue
    return total
