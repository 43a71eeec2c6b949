"""A process of this machine that the front is the parent of: signalled, and waited for without a thread."""

import asyncio
import contextlib
import functools
import os
import signal
import subprocess
import sys


@functools.cache
def has_pidfd() -> bool:
    """Whether the kernel lets us watch processes by descriptors: Linux 5.3, where no outer sandbox forbids it."""
    if sys.platform != "linux":
        return False
    try:
        os.close(os.pidfd_open(os.getpid()))
    except OSError:
        return False
    return True


class Handle:
    """One process in a process group of its own. Nobody else may reap it."""

    def __init__(self, pid: int, *, watch: int | None = None, spawned: "subprocess.Popen[bytes] | None" = None) -> None:
        """Watch a process: through `watch`, a descriptor that is readable at its end and becomes ours, or a thread."""
        self.pid = pid
        self.exited: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()
        """Its exit code, or the number of the signal that ended it, negated. None: somebody else took that."""
        self._watch = watch
        self._spawned = spawned
        if watch is not None:
            asyncio.get_running_loop().add_reader(watch, self._ended)
        elif spawned is not None:
            self._waiting = asyncio.create_task(self._waited(spawned))

    @classmethod
    def of(cls, spawned: "subprocess.Popen[bytes]") -> "Handle":
        """Watch a process that was just spawned."""
        watch = os.pidfd_open(spawned.pid) if has_pidfd() else None
        return cls(spawned.pid, watch=watch, spawned=spawned)

    def interrupt(self) -> None:
        """Send SIGINT to it, and to nothing that it started."""
        # Until it is reaped, which only we do, its number is nobody else's.
        if not self.exited.done():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGINT)

    def kill(self) -> None:
        """End it, and what it started in its group, at once."""
        if not self.exited.done():
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(self.pid, signal.SIGKILL)
            self._kill_group()

    def _kill_group(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)

    def _ended(self) -> None:
        if self._watch is None:
            return
        asyncio.get_running_loop().remove_reader(self._watch)
        self._kill_group()
        status: int | None = None
        with contextlib.suppress(ChildProcessError):
            _, code = os.waitpid(self.pid, 0)
            status = os.waitstatus_to_exitcode(code)
        os.close(self._watch)
        self._watch = None
        self._finish(status)

    async def _waited(self, spawned: "subprocess.Popen[bytes]") -> None:
        self._finish(await asyncio.to_thread(spawned.wait))

    def _finish(self, status: int | None) -> None:
        if self._spawned is not None:
            self._spawned.returncode = 0 if status is None else status  # it shall not look for the process itself
        if not self.exited.done():
            self.exited.set_result(status)
