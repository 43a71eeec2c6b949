"""The front's end of the socket to a child: bytes to frames, without a task or a copy for each.

Small frames are read out of one buffer that is used again and again; a large one, and each buffer that follows a
message, is received into memory of its own, where it stays.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import cast

import msgspec

from pybridge_worker import frames
from pybridge_worker.frames import COUNT, HAS_BUFFERS, HEAD, MAX_BUFFERS, SIZE, Buffer, ToFront

_SCRATCH_BYTES = 64 * 1024
_SLICE_BYTES = 1024 * 1024

Received = Callable[[int, ToFront, Sequence[bytearray]], None]


class BrokenFrame(Exception):
    """A frame is larger than any may be, or not one."""


class Wire(asyncio.BufferedProtocol):
    """Tells of every frame; closes when the child breaks the protocol or sends more than it may."""

    def __init__(self, received: Received, max_bytes: int) -> None:
        self.closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._received = received
        self._max_bytes = max_bytes
        self._scratch = memoryview(bytearray(_SCRATCH_BYTES))
        self._filled = 0
        self._incoming: Iterator[memoryview] | None = None
        self._target = memoryview(b"")
        self._transport: asyncio.Transport | None = None
        self._unsent: deque[memoryview] = deque()
        """Large parts that the transport has not taken yet: it would copy all of them at once."""
        self._is_paused = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the transport."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's are of no class of asyncio's

    def get_buffer(self, sizehint: int) -> memoryview:  # noqa: ARG002 - asyncio passes it
        """Say where the next bytes go: to the frame that is being received, else to the scratch buffer."""
        return self._target if self._incoming is not None else self._scratch[self._filled :]

    def buffer_updated(self, nbytes: int) -> None:
        """Take bytes; a frame that is not all there yet waits."""
        try:
            if self._incoming is not None:
                self._fill(nbytes)
            else:
                self._filled += nbytes
                self._read_scratch()
        except (BrokenFrame, msgspec.DecodeError, UnicodeDecodeError):
            self.close()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio passes it
        """Say that there will be no more."""
        self._unsent.clear()
        self._transport = None  # asyncio's drops what is written now, uvloop's raises
        if not self.closed.done():
            self.closed.set_result(None)

    def write(self, data: bytes) -> None:
        """Send bytes."""
        if self._unsent:
            self._unsent.append(memoryview(data))
        elif self._transport is not None:
            self._transport.write(data)

    def write_parts(self, parts: Iterable[Buffer]) -> None:
        """Send parts of one frame."""
        for part in parts:
            view = memoryview(part)
            self._unsent.extend(view[start : start + _SLICE_BYTES] for start in range(0, view.nbytes, _SLICE_BYTES))
        self._send_on()

    def pause_writing(self) -> None:
        """Wait with what is large: the child takes no more for now."""
        self._is_paused = True

    def resume_writing(self) -> None:
        """Go on."""
        self._is_paused = False
        self._send_on()

    def _send_on(self) -> None:
        while self._unsent and not self._is_paused and self._transport is not None:
            self._transport.write(self._unsent.popleft())

    def close(self) -> None:
        """End the connection; the child ends with it."""
        if self._transport is not None:
            self._transport.close()

    def _read_scratch(self) -> None:
        start = 0
        while self._incoming is None and self._filled - start >= HEAD.size:
            length, number = HEAD.unpack_from(self._scratch, start)
            size = length & ~HAS_BUFFERS
            if not 0 < size <= self._max_bytes:
                raise BrokenFrame
            end = start + HEAD.size + size
            if length & HAS_BUFFERS or HEAD.size + size > len(self._scratch):
                start = self._begin(size, number, start + HEAD.size, has_buffers=bool(length & HAS_BUFFERS))
                continue
            if end > self._filled:
                break
            message = frames.to_front.decode(self._scratch[start + HEAD.size : end])
            start = end
            self._received(number, message, ())
        left = self._filled - start
        if start and left:
            self._scratch[:left] = bytes(self._scratch[start : self._filled])
        self._filled = left

    def _begin(self, size: int, number: int, start: int, *, has_buffers: bool) -> int:
        """Start to receive a frame into memory of its own, with what of it has come already; gives where that ends."""
        self._incoming = self._targets(size, number, has_buffers=has_buffers)
        self._target = next(self._incoming)
        is_incoming = True
        while is_incoming and start < self._filled:
            count = min(len(self._target), self._filled - start)
            self._target[:count] = self._scratch[start : start + count]
            start += count
            is_incoming = self._fill(count)
        return start

    def _fill(self, count: int) -> bool:
        """Note that so many bytes were put into the target; asks for the next one when it is full. False: it was the last."""
        self._target = self._target[count:]
        incoming = self._incoming
        while incoming is not None and not self._target:
            following = next(incoming, None)
            if following is None:
                self._incoming = incoming = None
            else:
                self._target = following
        return incoming is not None

    def _targets(self, size: int, number: int, *, has_buffers: bool) -> Iterator[memoryview]:
        """Give the memory that a frame's parts go to, one after another; at the end, tell of the frame."""
        body = bytearray(size)
        yield memoryview(body)
        buffers: list[bytearray] = []
        if has_buffers:
            counted = bytearray(COUNT.size)
            yield memoryview(counted)
            (count,) = COUNT.unpack(counted)
            if count > MAX_BUFFERS:
                raise BrokenFrame
            table = bytearray(SIZE.size * count)
            yield memoryview(table)
            sizes = [one for (one,) in SIZE.iter_unpack(table)]
            if size + sum(sizes) > self._max_bytes:
                raise BrokenFrame
            for one in sizes:
                buffers.append(bytearray(one))
                yield memoryview(buffers[-1])
        self._received(number, frames.to_front.decode(body), buffers)
