"""The process that workers are forked from: one thread, no calls, and what was imported ahead."""

import gc
import importlib
import os
import socket
import sys
from collections.abc import Iterable

from pybridge_worker import forking
from pybridge_worker.bundle import Surface
from pybridge_worker.child import forks
from pybridge_worker.child.footing import WORKER, ZYGOTE, end_with_parent, stand
from pybridge_worker.child.main import serve
from pybridge_worker.child.sandbox import confine
from pybridge_worker.forking import Fork, Forked, FromZygote, Preload, Preloaded, Prepared, ToZygote
from pybridge_worker.frames import HEAD, Start, sendable

_CLOSED_ON_EXEC = getattr(socket, "MSG_CMSG_CLOEXEC", 0)


def main(descriptor: int) -> None:
    """Serve the front; returns when it is gone, and in a forked worker when that has served its own."""
    stand(descriptor, ZYGOTE)
    zygote = Zygote(socket.socket(fileno=descriptor))
    born = zygote.serve()
    if born is not None:
        serve(born, zygote.surface, zygote.confined)


class Zygote:
    """Answers the front's messages in order."""

    def __init__(self, connection: socket.socket) -> None:
        self.surface = Surface()
        self.confined: tuple[str, ...] = ()
        self._connection = connection
        self._number = 0
        self._front = os.getppid()

    def serve(self) -> int | None:
        """Answer until the front is gone. In a worker that was forked: gives its socket's descriptor, at once."""
        gc.disable()  # a collection would write to pages that all processes share
        while (received := self._receive()) is not None:
            self._number, message, descriptors = received
            match message:
                case Start():
                    sys.path[:0] = message.python_path
                    self.surface = message.surface
                    self.confined = confine(message.confinement)
                    self._send(Prepared(os.getpid(), self.confined))
                case Preload(module=module):
                    self._send(_preloaded(module))
                case Fork():
                    born = self._fork(*descriptors)
                    if born is not None:
                        return born
        return None

    def _fork(self, connection: int, output: int) -> int | None:
        problem, pid = forks.why_not(), 0
        if not problem:
            forks.freeze()
            try:
                pid = forks.fork_for(self._front)
            except OSError as error:
                problem = error.strerror or str(error)
            else:
                if pid == 0:
                    return self._born(connection, output)
        os.close(connection)
        os.close(output)
        self._tell(pid, problem)
        return None

    def _born(self, connection: int, output: int) -> int:
        self._connection.close()
        os.setsid()
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.close(output)
        end_with_parent(WORKER)
        forks.renew()
        return connection

    def _tell(self, pid: int, problem: str) -> None:
        if pid == 0:
            self._send(Forked(0, problem))
            return
        watch = os.pidfd_open(pid)
        self._send(Forked(pid), (watch,))
        os.close(watch)

    def _send(self, message: FromZygote, descriptors: Iterable[int] = ()) -> None:
        try:
            socket.send_fds(self._connection, [forking.encode(self._number, message)], list(descriptors))
        except OSError as error:
            raise SystemExit(0) from error

    def _receive(self) -> tuple[int, ToZygote, list[int]] | None:
        head, descriptors = self._read(HEAD.size)
        if len(head) < HEAD.size:
            return None
        size, number = HEAD.unpack(head)
        body, _ = self._read(size)
        return (number, forking.to_zygote.decode(body), descriptors) if len(body) == size else None

    def _read(self, size: int) -> tuple[bytearray, list[int]]:
        """Read so many bytes, fewer at the end, with the descriptors that come along."""
        data, descriptors = bytearray(), list[int]()
        while len(data) < size:
            try:
                more, came, _, _ = socket.recv_fds(self._connection, min(size - len(data), 1 << 20), 2, _CLOSED_ON_EXEC)
            except OSError:
                break
            if not more:
                break
            data += more
            descriptors += came
        return data, descriptors


def _preloaded(module: str) -> Preloaded:
    problem = ""
    try:
        importlib.import_module(module)
    except BaseException as error:  # noqa: BLE001 - the library's own code; a worker that imports it will say more
        problem = sendable(f"it raised {type(error).__qualname__}: {str(error)[:500]}")
    unfit = forks.why_not()
    return Preloaded(unfit or problem, may_fork=not unfit)
