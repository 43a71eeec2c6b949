"""Child processes of our own: started anew, or forked off this one, which has half of what they need loaded already."""

import contextlib
import gc
import os
import select
import signal
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Protocol

import msgspec

from pybridge.protocols import ChildProcess

_KEPT_VARIABLES = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
_FIRST_INHERITED = 3
_SAID = 300
_DESCRIPTORS = Path("/proc/self/fd")
_THREADS = Path("/proc/self/task")

Ends = tuple[int, int]
"""What another child reads from and writes to: file descriptors that are its parent's own until it has forked."""


class Boot(msgspec.Struct, frozen=True):
    """What a child does."""

    code: str
    """For an interpreter that finds code at its arguments."""
    run: Callable[[], None] | None = None
    """The same, for a fork; None where it must not be forked."""


class Process(ChildProcess, Protocol):
    """A child whose input is written and whose output is read."""

    stdin: IO[bytes]
    stdout: IO[bytes]

    def last_words(self) -> bytes:
        """Return what it said on standard error, once it has ended; nothing where nobody listens."""
        ...


def start(boot: Boot, others: Sequence[Ends] = ()) -> Process:
    """Start a child that shares nothing with us but its pipes: no environment, no folder, no terminal.

    ``others`` stay open in it, for children of its own.

    Raises:
        OSError: the system refuses.
    """
    if boot.run is not None and can_fork() and _is_alone():
        return _Forked(boot.run, others)
    return _Started(boot.code, others)


def end(process: Process, threads: Sequence[threading.Thread] = ()) -> str:
    """Kill a child, wait for it and for what reads and writes its pipes, and close them.

    Returns the end of what it said on standard error.
    """
    process.kill()
    said = process.last_words()
    process.wait()
    for thread in threads:
        thread.join()
    for stream in (process.stdin, process.stdout):
        with contextlib.suppress(OSError):
            stream.close()
    return said.decode("utf-8", "replace").strip()[-_SAID:]


def _is_alone() -> bool:
    """Tell that this process has one thread; a library's own, which Python does not count, would be torn off by a fork."""
    return len(os.listdir(_THREADS)) == 1  # noqa: PTH208 - nothing but their number is asked for


def can_fork() -> bool:
    """Tell a system where a fork of a process with one thread is as good as a new one, and is ended without mistake."""
    if sys.platform != "linux" or not (_DESCRIPTORS.exists() and _THREADS.exists()):
        return False
    try:
        os.close(os.pidfd_open(os.getpid()))
    except (AttributeError, OSError):
        # An interpreter, a kernel or a sandbox that has none.
        return False
    return True


class _Started:
    """A child in an interpreter of its own, which needs neither `site` nor ``.pth`` files to find our code."""

    def __init__(self, code: str, others: Sequence[Ends]) -> None:
        self._popen = subprocess.Popen(  # noqa: S603 - our own interpreter and code
            [sys.executable, "-I", "-S", "-X", "utf8", "-W", "ignore", "-c", code, *_import_paths()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_environment(),
            cwd=Path(sys.executable).anchor,
            start_new_session=True,
            pass_fds=[end for ends in others for end in ends],
        )
        assert self._popen.stdin is not None
        assert self._popen.stdout is not None
        self.stdin: IO[bytes] = self._popen.stdin
        self.stdout: IO[bytes] = self._popen.stdout

    def poll(self) -> int | None:
        return self._popen.poll()

    def wait(self, timeout: float | None = None) -> int:
        return self._popen.wait(timeout)

    def kill(self) -> None:
        if self._popen.returncode is None:
            _kill_session(self._popen.pid)
            self._popen.kill()

    def last_words(self) -> bytes:
        stream = self._popen.stderr
        if stream is None or stream.closed:
            return b""
        with stream:
            return stream.read()


class _Forked:
    """A copy of this process that goes its own way, and is awaited without looking again and again."""

    def __init__(self, run: Callable[[], None], others: Sequence[Ends]) -> None:
        (ours_in, stdin), (stdout, ours_out) = os.pipe(), os.pipe()
        pid = os.fork()
        if pid == 0:
            _go_own_way(run, ours_in, ours_out, others)
        os.close(ours_in)
        os.close(ours_out)
        self._pid, self._handle = pid, os.pidfd_open(pid)
        self._status: int | None = None
        self.stdin: IO[bytes] = open(stdin, "wb")  # noqa: PTH123, SIM115 - a descriptor, closed by the owner
        self.stdout: IO[bytes] = open(stdout, "rb")  # noqa: PTH123, SIM115 - as above

    def poll(self) -> int | None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self.wait(timeout=0)
        return None

    def wait(self, timeout: float | None = None) -> int:
        if self._status is None:
            waiting = select.poll()
            waiting.register(self._handle, select.POLLIN)
            if not waiting.poll(None if timeout is None else timeout * 1000):
                raise subprocess.TimeoutExpired("fork", timeout or 0)
            self._status = os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])
            os.close(self._handle)
        return self._status

    def kill(self) -> None:
        if self._status is None:
            _kill_session(self._pid)
            signal.pidfd_send_signal(self._handle, signal.SIGKILL)

    def last_words(self) -> bytes:
        return b""


class Offspring:
    """A child that a child of ours forked off itself."""

    def __init__(self, parent: Process, stdin: int, stdout: int) -> None:
        self._parent = parent
        self._handle: int | None = None
        self._is_known = self._is_over = False
        self.stdin: IO[bytes] = open(stdin, "wb")  # noqa: SIM115 - a descriptor, closed by the owner
        self.stdout: IO[bytes] = open(stdout, "rb")  # noqa: SIM115 - as above

    def introduce(self, pid: int) -> None:
        """Take note of its process, which cannot be mistaken as long as its parent has not waited for it."""
        self._is_known = True
        with contextlib.suppress(OSError):
            self._handle = os.pidfd_open(pid)

    def poll(self) -> int | None:
        """Return None: only its parent can tell how it ended."""
        return None

    def wait(self, timeout: float | None = None) -> int:
        """Forget it; its output ends when it does."""
        del timeout
        self._is_over = True
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
        return 0

    def kill(self) -> None:
        """End it at once; as long as it was not introduced, together with its parent."""
        if self._handle is not None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, signal.SIGKILL)
        elif not self._is_over:
            self._parent.kill()

    def last_words(self) -> bytes:
        """Return what its parent said, when it never came to be."""
        return b"" if self._is_known else self._parent.last_words()


def take_over(reads: int, writes: int) -> None:
    """Make these the standard input and output, and let nothing be said on standard error."""
    os.dup2(reads, 0)
    os.dup2(writes, 1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)


def _go_own_way(run: Callable[[], None], reads: int, writes: int, others: Sequence[Ends]) -> None:
    """Be the child, and never return: not even an error may go on with what the parent was doing."""
    try:
        gc.disable()
        gc.freeze()
        os.setsid()
        take_over(reads, writes)
        _close_all_but({end for ends in others for end in ends})
        for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(one, signal.SIG_DFL)
        os.chdir(Path(sys.executable).anchor)
        kept = _environment()
        os.environ.clear()
        os.environ.update(kept)
        sys.path[:] = _import_paths()
        warnings.simplefilter("ignore")
        run()
    except BaseException:  # noqa: BLE001 - the outer edge of a process
        os._exit(1)
    os._exit(0)


def _close_all_but(kept: set[int]) -> None:
    for one in [int(place.name) for place in _DESCRIPTORS.iterdir()]:
        if one >= _FIRST_INHERITED and one not in kept:
            # The list itself was open while it was read.
            with contextlib.suppress(OSError):
                os.close(one)


def _kill_session(pid: int) -> None:
    """End what a child forked off, which is of its session."""
    with contextlib.suppress(OSError, AttributeError):
        os.killpg(pid, signal.SIGKILL)


def _environment() -> dict[str, str]:
    return {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}


def _import_paths() -> list[str]:
    """Where this process finds code; never a relative place."""
    return [path for path in sys.path if path and Path(path).is_absolute()]
