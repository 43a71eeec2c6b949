"""Runs the command on a hostile library and measures it: time, memory of all its processes, and what it leaves behind."""

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from command_line import COMMAND

_SAMPLE_SECONDS = 0.05


class Done(NamedTuple):
    """A run that is over."""

    code: int
    out: bytes
    err: bytes
    seconds: float
    peak_bytes: int
    """Resident memory of the command and all processes below it, at its highest; 0 where nothing can tell."""


class Bench:
    """A folder in which one library is described, with places of its own for everything that is written."""

    def __init__(self, folder: Path, engine_cache: Path) -> None:
        self.library = folder / "library"
        self.store, self.output, self.home, self.temporary = (
            folder / name for name in ("store.git", "output", "home", "temporary")
        )
        self.cache = engine_cache
        for one in (self.library, self.output, self.home, self.temporary):
            one.mkdir()

    def run(self, *arguments: str | Path, seconds: float) -> Done:
        """Run a command to its end, or kill it when its time is over."""
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "TMPDIR": str(self.temporary),
            "PYBRIDGE_STORE": str(self.store),
            "PYBRIDGE_CACHE": str(self.cache),
        }
        command = [str(one) for one in (COMMAND, *arguments)]
        began = time.monotonic()
        with (
            (self.output / "stdout").open("w+b") as out,
            (self.output / "stderr").open("w+b") as err,
            subprocess.Popen(command, stdout=out, stderr=err, cwd=self.home, env=environment) as process,
        ):
            memory = _Memory(process.pid)
            try:
                code = process.wait(timeout=seconds)
            except subprocess.TimeoutExpired:
                for pid in list(_family(process.pid)):
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
                raise
            finally:
                peak = memory.stop()
            took = time.monotonic() - began
            out.seek(0)
            err.seek(0)
            return Done(code, out.read(), err.read(), took, peak)

    def left_behind(self) -> list[str]:
        """Whatever was written where nothing may be written."""
        return sorted(str(one) for place in (self.home, self.temporary) for one in place.rglob("*"))


def state(folder: Path) -> dict[str, tuple[int, int, int]]:
    """Names, modes, sizes and times of everything below a folder, links not followed."""
    return {place: (one.st_mode, one.st_size, one.st_mtime_ns) for place, one in _below(str(folder))}


def _below(folder: str) -> Iterator[tuple[str, os.stat_result]]:
    try:
        with os.scandir(folder) as found:
            entries = list(found)
    except OSError:
        return
    for entry in entries:
        status = entry.stat(follow_symlinks=False)
        if entry.is_dir(follow_symlinks=False):
            yield from _below(entry.path)
            # The time of a folder is not told: reading it may change nothing else.
        yield entry.path, status


class _Memory:
    """Adds up, again and again, what a process and those below it hold."""

    def __init__(self, pid: int) -> None:
        self._pid, self._peak, self._over = pid, 0, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        if Path("/proc/self/statm").exists():
            self._thread.start()

    def stop(self) -> int:
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()
        return self._peak

    def _watch(self) -> None:
        page = os.sysconf("SC_PAGE_SIZE")
        while not self._over.wait(_SAMPLE_SECONDS):
            self._peak = max(self._peak, sum(_resident_pages(pid) for pid in _family(self._pid)) * page)


def _family(pid: int) -> Iterator[int]:
    """A process and all below it, by what each of their threads has started."""
    yield pid
    try:
        for thread in os.listdir(f"/proc/{pid}/task"):  # noqa: PTH208 - names only
            for child in Path(f"/proc/{pid}/task/{thread}/children").read_text().split():
                yield from _family(int(child))
    except OSError:
        return


def _resident_pages(pid: int) -> int:
    """Pages that are its own: what several processes share is not counted several times."""
    try:
        _, resident, shared, *_ = Path(f"/proc/{pid}/statm").read_text().split()
    except (OSError, ValueError):
        return 0
    return int(resident) - int(shared)
