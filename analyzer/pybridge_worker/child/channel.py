"""The child's end of the socket to the front."""

import os
import socket
from collections.abc import Sequence

from pybridge_worker import frames
from pybridge_worker.frames import COUNT, HAS_BUFFERS, HEAD, SIZE, SOCKET_BYTES, Buffer, ToChild, ToFront

_SCRATCH_BYTES = 64 * 1024
"""Small messages are received whole with one system call, several where several have come."""
_PARTS_AT_ONCE = 512
"""Parts given to one system call; Linux takes 1024."""


class Channel:
    """Blocking frames over a socket. Sending from a forked copy of the process ends that copy."""

    def __init__(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SOCKET_BYTES)
        self._connection = connection
        self._pid = os.getpid()
        self._scratch = memoryview(bytearray(_SCRATCH_BYTES))
        self._start = self._end = 0
        """Where in the scratch buffer lies what was received and not read yet."""

    @property
    def has_ahead(self) -> bool:
        """Whether some of the next message has been received with an earlier one."""
        return self._end > self._start

    def fileno(self) -> int:
        """The socket's descriptor, for whoever waits for more than a message."""
        return self._connection.fileno()

    def receive(self) -> tuple[int, ToChild, Sequence[bytearray]] | None:
        """Wait for the next frame, with the buffers that follow it, each in memory of its own. None: the front is gone."""
        if not self._fill(HEAD.size):
            return None
        size, number = HEAD.unpack_from(self._scratch, self._start)
        self._start += HEAD.size
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
        """Read so many bytes into memory of their own: what is decoded may keep pointing into it."""
        if size <= _SCRATCH_BYTES:
            if not self._fill(size):
                return None
            start, self._start = self._start, self._start + size
            return bytearray(self._scratch[start : self._start])
        data = bytearray(size)
        view = memoryview(data)
        ahead = self._end - self._start
        view[:ahead] = self._scratch[self._start : self._end]
        self._start = self._end = 0
        view = view[ahead:]
        while view:
            count = self._receive_into(view)
            if not count:
                return None
            view = view[count:]
        return data

    def _fill(self, size: int) -> bool:
        """Have so many bytes in the scratch buffer, and more where they come with them. False: the front is gone."""
        if self._start == self._end:
            self._start = self._end = 0
        elif self._start + size > _SCRATCH_BYTES:
            left = self._end - self._start
            self._scratch[:left] = bytes(self._scratch[self._start : self._end])
            self._start, self._end = 0, left
        while self._end - self._start < size:
            count = self._receive_into(self._scratch[self._end :])
            if not count:
                return False
            self._end += count
        return True

    def _receive_into(self, view: memoryview) -> int:
        try:
            return self._connection.recv_into(view)
        except OSError:
            return 0
