"""One child process as the front sees it: spoken to over a socket, signalled, and missed when it is gone."""

import asyncio
import socket
from collections.abc import Callable, Sequence

from pybridge_worker import frames
from pybridge_worker.errors import WorkerLost
from pybridge_worker.frames import SOCKET_BYTES, Buffer, Ready, Start, ToChild, ToFront
from pybridge_worker.hosts.contract import Lose, Receive
from pybridge_worker.hosts.local.handles import Handle
from pybridge_worker.hosts.local.memory import resident_bytes
from pybridge_worker.hosts.local.output import Output
from pybridge_worker.hosts.wire import Wire

_EXIT_SECONDS = 1.0


class ChildProcess:
    """A running child. Whoever waits for an answer is told when the process is lost."""

    def __init__(self, handle: Handle, output: Output, epoch: int) -> None:
        self.epoch = epoch
        self.is_killed = False
        self.status: int | None = None
        self.on_lost: Callable[[ChildProcess], None] | None = None
        self.ready: Ready | None = None
        """What it said of itself."""
        self._handle = handle
        self._output = output
        self._wire: Wire | None = None
        self._waiting: dict[int, tuple[Receive, Lose]] = {}
        self._last = 0
        self._watch: asyncio.Task[None] | None = None
        self._is_gone = False

    @property
    def is_lost(self) -> bool:
        """Whether it is gone, or does not listen any more and is about to be."""
        return self._is_gone or (self._wire is not None and self._wire.closed.done())

    @property
    def pid(self) -> int:
        """Its process number."""
        return self._handle.pid

    @property
    def resident_bytes(self) -> int:
        """Its memory, as Linux counts it; 0 elsewhere."""
        return resident_bytes(self.pid)

    async def begin(self, connection: socket.socket, start: Start, max_bytes: int) -> None:
        """Speak to it over a connection, and wait until it can be called.

        Raises:
            WorkerLost: it ended before that.
        """
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SOCKET_BYTES)
        loop = asyncio.get_running_loop()
        _, wire = await loop.create_connection(lambda: Wire(self._received, max_bytes), sock=connection)
        self._wire = wire
        ready: asyncio.Future[ToFront] = loop.create_future()
        self._waiting[0] = (lambda message, _: ready.set_result(message), ready.set_exception)
        self._watch = asyncio.create_task(self._watched(wire), name=f"child {self.pid}")
        self.send(0, start)
        try:
            told = await ready
        except WorkerLost as error:
            raise WorkerLost(error.status, phase="before it could be called; see the server's log") from None
        except asyncio.CancelledError:
            self.kill()
            raise
        self.ready = told if isinstance(told, Ready) else None
        del self._waiting[0]

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
        self._handle.interrupt()

    def kill(self) -> None:
        """End the child, and the processes that it started in its own group, at once."""
        self.is_killed = True
        self._handle.kill()

    async def close(self) -> None:
        """Let the child end by itself, for a moment; then kill it."""
        if self._wire is not None:
            self._wire.close()
        exited = self._handle.exited
        await asyncio.wait((exited,), timeout=_EXIT_SECONDS)
        if not exited.done():
            self.kill()
        await asyncio.wait((exited,))
        if self._watch is not None:
            await self._watch

    async def _watched(self, wire: Wire) -> None:
        exited = self._handle.exited
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

    def _lost(self, status: int | None) -> None:
        self._is_gone = True
        self.status = status
        if self._wire is not None:
            self._wire.close()
        self._output.close()
        waiting, self._waiting = self._waiting, {}
        if self.on_lost is not None:
            self.on_lost(self)
        for _, lose in waiting.values():
            lose(WorkerLost(status))
