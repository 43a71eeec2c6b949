"""One process of a keeper: what the front sends goes to it in the order in which it was sent, its answers go back."""

import asyncio
from collections import deque
from collections.abc import Sequence

from pybridge_worker import frames
from pybridge_worker.errors import Refused
from pybridge_worker.frames import ToFront
from pybridge_worker.hosts.contract import WorkerProcess
from pybridge_worker.hosts.ray import relay
from pybridge_worker.hosts.ray.relay import Lost

_BLOB_BYTES = 4 * 1024 * 1024
"""So many bytes of frames go together at most, and one frame more."""


class Passing:
    """Passes messages on. Ray runs the methods of an actor in no order; the turn that each has tells which is next."""

    def __init__(self, process: WorkerProcess, number: int) -> None:
        self.process = process
        self.number = number
        self.lost: asyncio.Future[Lost] = asyncio.get_running_loop().create_future()
        self._turn = 0
        self._early: dict[int, asyncio.Future[None]] = {}
        self._answers: dict[int, Answers] = {}
        process.on_lost = self._on_lost
        if process.is_lost:
            self._on_lost(process)

    async def ask(self, turn: int, blob: bytes) -> bytes:
        """Pass a call on, and give what it is answered with first."""
        await self._in_turn(turn)
        ((number, message, buffers),) = relay.split(blob, frames.to_child, relay.interrupt)
        self._answers[number] = answers = Answers(number, self.process)
        if self.process.is_lost:
            answers.lose()
        else:
            answers.inner = self.process.ask(message, answers.receive, answers.lose, buffers)
        return await self.more(number)

    async def more(self, number: int) -> bytes:
        """Wait for what else a call is answered with, and give as much as there is."""
        answers = self._answers.get(number)
        if answers is None:
            return relay.lost(self.process.status)
        blob = await answers.take()
        if answers.is_taken:
            del self._answers[number]
            self.process.forget(answers.inner)
        return blob

    async def tell(self, turn: int, blob: bytes) -> None:
        """Pass on what is about calls, and interrupt."""
        await self._in_turn(turn)
        for number, message, buffers in relay.split(blob, frames.to_child, relay.interrupt):
            if number == 0:
                self.process.interrupt()
            elif number in self._answers:
                self.process.send(self._answers[number].inner, message, buffers)

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


class Answers:
    """What one call is answered with, until the front takes it."""

    def __init__(self, number: int, process: WorkerProcess) -> None:
        self.inner = 0
        """What the process calls the call."""
        self._number = number
        self._process = process
        self._frames: deque[bytes] = deque()
        self._has_ended = False
        self._something = asyncio.Event()

    @property
    def is_taken(self) -> bool:
        """Whether there is nothing left, and nothing will come."""
        return self._has_ended and not self._frames

    def receive(self, message: ToFront, buffers: Sequence[bytearray]) -> None:
        """Keep an answer."""
        self._add(relay.frame(self._number, message, buffers), is_end=relay.is_end(message))

    def lose(self, _: Refused | None = None) -> None:
        """Keep that there will be none."""
        self._add(relay.lost(self._process.status), is_end=True)

    async def take(self) -> bytes:
        """Wait for frames, and give those that are there."""
        await self._something.wait()
        taken = [self._frames.popleft()]
        size = len(taken[0])
        while self._frames and size < _BLOB_BYTES:
            taken.append(self._frames.popleft())
            size += len(taken[-1])
        if not self._frames and not self._has_ended:
            self._something.clear()
        return b"".join(taken) if len(taken) > 1 else taken[0]

    def _add(self, frame: bytes, *, is_end: bool) -> None:
        if self._has_ended:
            return
        self._frames.append(frame)
        self._has_ended = is_end
        self._something.set()
