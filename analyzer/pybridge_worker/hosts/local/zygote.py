"""The zygote as the front sees it: asked for forks and imports, one at a time, and replaced when it is gone."""

import asyncio
import contextlib
import os
import socket
from collections import deque
from pathlib import Path

import msgspec

from pybridge_worker import forking
from pybridge_worker.errors import WorkerLost
from pybridge_worker.forking import Fork, Forked, FromZygote, Preload, Preloaded, Prepared, ToZygote
from pybridge_worker.frames import HEAD, Start
from pybridge_worker.hosts.local.handles import Handle
from pybridge_worker.hosts.local.output import Output

IMPORT_SECONDS = 120.0
"""An import that takes longer than this is taken for one that never ends."""
_READ_BYTES = 65_536
_MOST_BYTES, _MOST_DESCRIPTORS = 65_536, 8
_EXIT_SECONDS = 1.0


class Zygote:
    """One running zygote."""

    def __init__(self, handle: Handle, output: Output, connection: socket.socket) -> None:
        self.handle = handle
        self.imported: list[str] = []
        """The modules that processes forked from it have."""
        self.prepared: Prepared | None = None
        self._output = output
        self._connection = connection
        self._loop = asyncio.get_running_loop()
        self._turn = asyncio.Lock()
        self._answer: asyncio.Future[tuple[FromZygote, int | None]] | None = None
        self._number = 0
        self._data = b""
        self._descriptors: deque[int] = deque()
        self.is_lost = False
        connection.setblocking(False)  # noqa: FBT003 - socket takes it by position
        self._loop.add_reader(connection, self._readable)
        handle.exited.add_done_callback(lambda _: self._lost())

    async def prepare(self, start: Start) -> None:
        """Tell it what its workers may call.

        Raises:
            WorkerLost: it is gone.
        """
        answer, _ = await self._ask(start)
        self.prepared = answer if isinstance(answer, Prepared) else None

    async def preload(self, module: str) -> Preloaded:
        """Import a module in it.

        Raises:
            WorkerLost: it ended in the middle of that.
            TimeoutError: the import takes for ever; the zygote is ended for it.
        """
        try:
            answer, _ = await asyncio.wait_for(self._ask(Preload(module)), IMPORT_SECONDS)
        except asyncio.TimeoutError as error:  # noqa: UP041 - Python 3.10 has two of them
            self.handle.kill()
            raise TimeoutError(f"it took longer than {IMPORT_SECONDS:g} s") from error
        self.imported.append(module)
        return answer if isinstance(answer, Preloaded) else Preloaded()

    async def fork(self, connection: socket.socket, output: Output) -> Handle:
        """Fork a worker that has this socket and this output.

        Raises:
            WorkerLost: the zygote is gone.
            OSError: it will not fork, or there is no room.
        """
        answer, watch = await self._ask(Fork(), (connection.fileno(), output.writing))
        if not isinstance(answer, Forked) or watch is None:
            raise OSError(0, answer.problem if isinstance(answer, Forked) else "the zygote is confused")
        if not is_child(answer.pid, watch):
            os.close(watch)
            self._lost()
            raise OSError(0, "the zygote tells of a process that is not ours")
        return Handle(answer.pid, watch=watch)

    async def close(self) -> None:
        """End it; those that it forked live on."""
        self._disconnect()
        await asyncio.wait((self.handle.exited,), timeout=_EXIT_SECONDS)
        self.handle.kill()
        await asyncio.wait((self.handle.exited,))

    async def _ask(self, message: ToZygote, descriptors: tuple[int, ...] = ()) -> tuple[FromZygote, int | None]:
        async with self._turn:
            if self.is_lost:
                raise WorkerLost(None)
            self._answer = self._loop.create_future()
            self._number += 1
            try:
                await self._send(forking.encode(self._number, message), descriptors)
                return await self._answer
            finally:
                self._answer = None

    async def _send(self, data: bytes, descriptors: tuple[int, ...]) -> None:
        try:
            # One question at a time: the little that goes with descriptors always has room.
            sent = socket.send_fds(self._connection, [data], descriptors) if descriptors else 0
            await self._loop.sock_sendall(self._connection, data[sent:])
        except OSError:
            self._lost()

    def _readable(self) -> None:
        try:
            data, descriptors, _, _ = socket.recv_fds(self._connection, _READ_BYTES, 8, socket.MSG_CMSG_CLOEXEC)
        except BlockingIOError:
            return
        except OSError:
            data, descriptors = b"", []
        self._descriptors += descriptors
        self._data += data
        try:
            if not data or len(self._descriptors) > _MOST_DESCRIPTORS or not self._read():
                self._lost()
        except msgspec.DecodeError:
            self._lost()

    def _read(self) -> bool:
        """Take the messages that are there; False when one is larger than any may be: imports are the library's code."""
        while len(self._data) >= HEAD.size:
            size, number = HEAD.unpack_from(self._data)
            if size > _MOST_BYTES:
                return False
            if len(self._data) < HEAD.size + size:
                break
            message = forking.from_zygote.decode(self._data[HEAD.size : HEAD.size + size])
            self._data = self._data[HEAD.size + size :]
            self._told(number, message)
        return True

    def _told(self, number: int, message: FromZygote) -> None:
        is_new = isinstance(message, Forked) and message.pid and self._descriptors
        watch = self._descriptors.popleft() if is_new else None
        if number == self._number and self._answer is not None and not self._answer.done():
            self._answer.set_result((message, watch))
        elif watch is not None:
            os.close(watch)

    def _lost(self) -> None:
        if self.is_lost:
            return
        self.is_lost = True
        self._disconnect()
        while self._descriptors:
            os.close(self._descriptors.popleft())
        self.handle.kill()
        self._output.close()
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(WorkerLost(None))

    def _disconnect(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            self._loop.remove_reader(self._connection)
        self._connection.close()


def is_child(pid: int, watch: int) -> bool:
    """Whether a descriptor watches the process of this number, and that is a child of ours.

    A zygote is told to import, and what it says may be what an import made it say: no signal of ours may hit others.
    """
    try:
        watched = Path(f"/proc/self/fdinfo/{watch}").read_text(encoding="ascii", errors="replace")
        told = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    return f"\nPid:\t{pid}\n" in watched and int(told.rpartition(")")[2].split()[1]) == os.getpid()
