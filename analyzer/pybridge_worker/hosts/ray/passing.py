"""One process of a keeper: what the front sends goes to it in the order in which it was sent, its answers go back."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence

from pybridge_worker import frames
from pybridge_worker.errors import Refused
from pybridge_worker.frames import Chunk, ToFront
from pybridge_worker.hosts.contract import WorkerProcess
from pybridge_worker.hosts.ray import relay
from pybridge_worker.hosts.ray.relay import Lost

_interrupt = relay.interrupt
Give = Callable[[bytes, bool], None]
"""Takes a frame, and whether it is the last one."""


class Passing:
    """Passes messages on. Ray runs the methods of an actor in no order; the turn that each has tells which is next."""

    def __init__(self, process: WorkerProcess, number: int) -> None:
        self.process = process
        self.number = number
        self.lost: asyncio.Future[Lost] = asyncio.get_running_loop().create_future()
        self._turn = 0
        self._early: dict[int, asyncio.Future[None]] = {}
        self._numbers: dict[int, int] = {}
        """What the process calls the calls, by what the front calls them."""
        process.on_lost = self._on_lost
        if process.is_lost:
            self._on_lost(process)

    async def ask(self, turn: int, blob: bytes) -> bytes:
        """Pass a call on, and give the frame that it is answered with."""
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        await self._in_turn(turn)
        number = self._begin(blob, lambda frame, _: answer.set_result(frame))
        try:
            return await answer
        finally:
            self._end(number)

    async def stream(self, turn: int, blob: bytes) -> AsyncIterator[bytes]:
        """Pass a streaming call on, and give the frames that it is answered with, as many at once as there are."""
        given: list[bytes] = []
        has_ended = False
        is_there = asyncio.Event()

        def give(frame: bytes, is_last: bool) -> None:  # noqa: FBT001 - as `Give` has it
            nonlocal has_ended
            given.append(frame)
            has_ended = has_ended or is_last
            is_there.set()

        await self._in_turn(turn)
        number = self._begin(blob, give)
        try:
            while given or not has_ended:
                await is_there.wait()
                is_there.clear()
                together = b"".join(given)
                given.clear()
                yield together
        finally:
            self._end(number)

    async def tell(self, turn: int, blob: bytes) -> None:
        """Pass on what is about calls, and interrupt."""
        await self._in_turn(turn)
        for number, message, buffers in relay.split(blob, frames.to_child, _interrupt):
            if number == 0:
                self.process.interrupt()
            elif number in self._numbers:
                self.process.send(self._numbers[number], message, buffers)

    def _begin(self, blob: bytes, give: Give) -> int:
        ((number, message, buffers),) = relay.split(blob, frames.to_child, _interrupt)
        is_open = True

        def answered(frame: bytes, *, is_last: bool) -> None:
            nonlocal is_open
            if is_open:
                is_open = not is_last
                give(frame, is_last)

        def receive(message: ToFront, buffers: Sequence[bytearray]) -> None:
            answered(relay.frame(number, message, buffers), is_last=not isinstance(message, Chunk))

        def lose(_: Refused) -> None:
            answered(relay.lost(self.process.status), is_last=True)

        if self.process.is_lost:
            answered(relay.lost(self.process.status), is_last=True)
        else:
            self._numbers[number] = self.process.ask(message, receive, lose, buffers)
        return number

    def _end(self, number: int) -> None:
        inner = self._numbers.pop(number, None)
        if inner is not None:
            self.process.forget(inner)

    async def _in_turn(self, turn: int) -> None:
        """Wait for everything that was sent before. Who comes back from here acts before the next one does."""
        if turn != self._turn:
            self._early[turn] = waiting = asyncio.get_running_loop().create_future()
            await waiting
        self._turn += 1
        following = self._early.pop(self._turn, None)
        if following is not None:
            following.set_result(None)

    def _on_lost(self, process: WorkerProcess) -> None:
        if not self.lost.done():
            self.lost.set_result(Lost(process.status))
