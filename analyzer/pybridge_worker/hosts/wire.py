"""The front's end of the socket to a child: bytes to frames, without a task or a copy for each."""

import asyncio
from collections.abc import Callable

import msgspec

from pybridge_worker import frames
from pybridge_worker.frames import HEAD, ToFront


class Wire(asyncio.Protocol):
    """Tells of every frame; closes when the child breaks the protocol or sends more than it may."""

    def __init__(self, received: Callable[[int, ToFront], None], max_bytes: int) -> None:
        self.closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._received = received
        self._max_bytes = max_bytes
        self._buffer = bytearray()
        self._needed = HEAD.size
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the transport."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Take bytes; a frame that is not all there yet waits."""
        self._buffer += data
        if len(self._buffer) < self._needed:
            return
        start = 0
        with memoryview(self._buffer) as view:
            while len(view) - start >= HEAD.size:
                size, number = HEAD.unpack_from(view, start)
                end = start + HEAD.size + size
                if size > self._max_bytes:
                    self.close()
                    return
                if end > len(view):
                    break
                try:
                    message = frames.to_front.decode(view[start + HEAD.size : end])
                except msgspec.DecodeError:
                    self.close()
                    return
                self._received(number, message)
                start = end
        del self._buffer[:start]
        self._needed = HEAD.size
        if len(self._buffer) >= HEAD.size:
            self._needed += HEAD.unpack_from(self._buffer)[0]

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio passes it
        """Say that there will be no more."""
        if not self.closed.done():
            self.closed.set_result(None)

    def write(self, data: bytes) -> None:
        """Send bytes."""
        if self._transport is not None:
            self._transport.write(data)

    def close(self) -> None:
        """End the connection; the child ends with it."""
        if self._transport is not None:
            self._transport.close()
