"""The child's end of the socket to the front."""

import os
import socket
from collections.abc import Sequence

from pybridge_worker import frames
from pybridge_worker.frames import COUNT, HAS_BUFFERS, HEAD, SIZE, SOCKET_BYTES, Buffer, ToChild, ToFront

_PARTS_AT_ONCE = 512
"""Parts given to one system call; Linux takes 1024."""


class Channel:
    """Blocking frames over a socket. Sending from a forked copy of the process ends that copy."""

    def __init__(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SOCKET_BYTES)
        self._connection = connection
        self._pid = os.getpid()

    def fileno(self) -> int:
        """The socket's descriptor, for whoever waits for more than a message."""
        return self._connection.fileno()

    def receive(self) -> tuple[int, ToChild, Sequence[bytearray]] | None:
        """Wait for the next frame, with the buffers that follow it, each in memory of its own. None: the front is gone."""
        head = self._read(HEAD.size)
        if head is None:
            return None
        size, number = HEAD.unpack(head)
        body = self._read(size & ~HAS_BUFFERS)
        if body is None:
            return None
        buffers = self._read_buffers() if size & HAS_BUFFERS else ()
        return None if buffers is None else (number, frames.to_child.decode(body), buffers)

    def send(self, number: int, message: ToFront, buffers: Sequence[Buffer] = ()) -> None:
        """Send one frame; raises SystemExit when the front is gone."""
        if os.getpid() != self._pid:
            os._exit(0)  # called code forked and came back twice: only the original may answer
        try:
            if buffers:
                self._send_parts([memoryview(one) for one in frames.encode_parts(number, message, buffers)])
            else:
                self._connection.sendall(frames.encode(number, message))
        except OSError as error:
            raise SystemExit(0) from error

    def _send_parts(self, parts: list[memoryview]) -> None:
        parts.reverse()
        while parts:
            sent = self._connection.sendmsg(parts[: -_PARTS_AT_ONCE - 1 : -1])
            while parts and sent >= parts[-1].nbytes:
                sent -= parts.pop().nbytes
            if parts and sent:
                parts[-1] = parts[-1][sent:]

    def _read_buffers(self) -> list[bytearray] | None:
        counted = self._read(COUNT.size)
        if counted is None:
            return None
        table = self._read(SIZE.size * COUNT.unpack(counted)[0])
        if table is None:
            return None
        buffers = [self._read(size) for (size,) in SIZE.iter_unpack(table)]
        whole = [one for one in buffers if one is not None]
        return whole if len(whole) == len(buffers) else None

    def _read(self, size: int) -> bytearray | None:
        data = bytearray(size)
        view = memoryview(data)
        while view:
            try:
                count = self._connection.recv_into(view)
            except OSError:
                return None
            if count == 0:
                return None
            view = view[count:]
        return data
