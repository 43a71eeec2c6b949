"""One child process as the front sees it: started, spoken to over a socket, signalled, and missed when it is gone."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pybridge_worker
from pybridge_worker import frames
from pybridge_worker.bundle import Surface
from pybridge_worker.errors import Refused, WorkerLost
from pybridge_worker.frames import Buffer, Ready, Start, ToChild, ToFront
from pybridge_worker.hosts.wire import Wire
from pybridge_worker.settings import MEBIBYTE, Settings

_BOOT = (
    "import sys; sys.path[:] = [p for p in sys.path if p]; sys.path.append(sys.argv[1]); "
    "from pybridge_worker.child.main import main; main(int(sys.argv[2]))"
)
"""Without the current folder on the import path: a file there must not stand in for a module of the library."""
_EXIT_SECONDS = 1.0

Receive = Callable[[ToFront, Sequence[bytearray]], None]
Lose = Callable[[Refused], None]


class ChildProcess:
    """A running child. Whoever waits for an answer is told when the process is lost."""

    def __init__(self, process: asyncio.subprocess.Process, epoch: int) -> None:
        self.epoch = epoch
        self.is_lost = False
        self.is_killed = False
        self.on_lost: Callable[[ChildProcess], None] | None = None
        self._process = process
        self._wire: Wire | None = None
        self._waiting: dict[int, tuple[Receive, Lose]] = {}
        self._last = 0
        self._watch: asyncio.Task[None] | None = None

    @classmethod
    async def start(
        cls, settings: Settings, surface: Surface, *, epoch: int, modules: tuple[str, ...]
    ) -> "ChildProcess":
        """Start a child and wait until it can be called.

        Raises:
            WorkerLost: it ended before that.
        """
        ours, theirs = socket.socketpair()
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-c",
                _BOOT,
                str(Path(pybridge_worker.__file__).parent.parent),
                str(theirs.fileno()),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=2,  # what a library prints goes to the log
                pass_fds=(theirs.fileno(),),
                start_new_session=True,
            )
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        child = cls(process, epoch)
        limit = settings.max_message_bytes + MEBIBYTE
        _, wire = await asyncio.get_running_loop().create_connection(lambda: Wire(child._received, limit), sock=ours)
        child._wire = wire
        ready: asyncio.Future[ToFront] = asyncio.get_running_loop().create_future()
        child._waiting[0] = (lambda message, _: ready.set_result(message), ready.set_exception)
        child._watch = asyncio.create_task(child._watched(wire), name=f"child {process.pid}")
        child.send(
            0,
            Start(
                epoch=epoch,
                surface=surface,
                python_path=settings.python_path,
                modules=modules,
                max_result_bytes=settings.max_message_bytes,
                max_objects=settings.max_objects,
                show_tracebacks=settings.show_tracebacks,
            ),
        )
        try:
            await ready
        except WorkerLost as error:
            raise WorkerLost(error.status, phase="before it could be called; see the server's log") from None
        except asyncio.CancelledError:
            child.kill()
            raise
        del child._waiting[0]
        return child

    def ask(self, message: ToChild, receive: Receive, lose: Lose, buffers: Sequence[Buffer] = ()) -> int:
        """Send a message; its answers go to `receive`, until `forget`. Gives the number of the call."""
        self._last += 1
        self._waiting[self._last] = (receive, lose)
        self.send(self._last, message, buffers)
        return self._last

    def send(self, number: int, message: ToChild, buffers: Sequence[Buffer] = ()) -> None:
        """Send a message about a call. A lost child hears nothing; who waits for it has been told."""
        if self._wire is None or self.is_lost:
            return
        if buffers:
            self._wire.write_parts(frames.encode_parts(number, message, buffers))
        else:
            self._wire.write(frames.encode(number, message))

    def forget(self, number: int) -> None:
        """Stop listening to a call's answers."""
        self._waiting.pop(number, None)

    def interrupt(self) -> None:
        """Raise KeyboardInterrupt in the code that the child is running."""
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._process.pid, signal.SIGINT)

    def kill(self) -> None:
        """End the child, and the processes that it started in its own group, at once."""
        self.is_killed = True
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    async def close(self) -> None:
        """Let the child end by itself, for a moment; then kill it."""
        if self._wire is not None:
            self._wire.close()
        exited = asyncio.ensure_future(self._process.wait())
        await asyncio.wait((exited,), timeout=_EXIT_SECONDS)
        if not exited.done():
            self.kill()
        await exited
        if self._watch is not None:
            await self._watch

    async def _watched(self, wire: Wire) -> None:
        exited = asyncio.ensure_future(self._process.wait())
        await asyncio.wait((exited, wire.closed), return_when=asyncio.FIRST_COMPLETED)
        # What it said before it ended still counts; a copy of its socket in a grandchild must not hold us up.
        await asyncio.wait((exited, wire.closed), timeout=_EXIT_SECONDS)
        if not exited.done():
            self.kill()
        self._lost(await exited)

    def _received(self, number: int, message: ToFront, buffers: Sequence[bytearray]) -> None:
        receive, _ = self._waiting.get(number, (None, None))
        if receive is not None and (number == 0) == isinstance(message, Ready):
            receive(message, buffers)

    def _lost(self, status: int) -> None:
        self.is_lost = True
        if self._wire is not None:
            self._wire.close()
        waiting, self._waiting = self._waiting, {}
        if self.on_lost is not None:
            self.on_lost(self)
        for _, lose in waiting.values():
            lose(WorkerLost(status))
