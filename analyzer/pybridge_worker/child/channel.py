"""The child's end of the socket to the front."""

import os
import socket

from pybridge_worker import frames
from pybridge_worker.frames import HEAD, ToChild, ToFront


class Channel:
    """Blocking frames over a socket. Sending from a forked copy of the process ends that copy."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._pid = os.getpid()

    def receive(self) -> tuple[int, ToChild] | None:
        """Wait for the next frame. None: the front is gone."""
        head = self._read(HEAD.size)
        if head is None:
            return None
        size, number = HEAD.unpack(head)
        body = self._read(size)
        return None if body is None else (number, frames.to_child.decode(body))

    def send(self, number: int, message: ToFront) -> None:
        """Send one frame; raises SystemExit when the front is gone."""
        if os.getpid() != self._pid:
            os._exit(0)  # called code forked and came back twice: only the original may answer
        try:
            self._connection.sendall(frames.encode(number, message))
        except OSError as error:
            raise SystemExit(0) from error

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
