"""Calls of coroutines: many at once, on the loop of the process, between the calls that are run one at a time.

The loop and the synchronous code have the main thread in turns: no code of the library ever runs in two threads, and
synchronous code never runs inside a running loop, so that it may start one of its own.
"""

import asyncio
from collections.abc import Sequence

from pybridge_worker.child.channel import Channel
from pybridge_worker.child.coroutines import Coroutines
from pybridge_worker.child.execution import Executor, Written
from pybridge_worker.child.outcomes import Outcomes
from pybridge_worker.child.sending import send_end
from pybridge_worker.child.streams import AsyncStream
from pybridge_worker.frames import Answer, Buffer, Call, Chunk, Fault, Refusal, StreamWish, ToChild


class Running:
    """One call of a coroutine."""

    def __init__(self, number: int, call: Call, buffers: Sequence[Buffer]) -> None:
        self.number = number
        self.call = call
        self.buffers = buffers
        self.credit = 0
        self.granted = asyncio.Event()
        self.task: asyncio.Task[None] | None = None


class Tasks:
    """The coroutines that are called now."""

    def __init__(self, channel: Channel, executor: Executor, outcomes: Outcomes) -> None:
        self._channel = channel
        self._executor = executor
        self._outcomes = outcomes
        self._coroutines: Coroutines = executor.coroutines
        self._running: dict[int, Running] = {}

    @property
    def are_waiting(self) -> bool:
        """Whether the loop has anything to do while no message comes."""
        return bool(self._running) or self._coroutines.has_tasks

    def begin(self, number: int, call: Call, buffers: Sequence[Buffer]) -> None:
        """Start a call; its first step is taken when the loop next runs."""
        one = self._running[number] = Running(number, call, buffers)
        work = self._call(one) if call.stream is None else self._stream(one, call.stream)
        one.task = self._coroutines.loop.create_task(work)

    def cancel(self, number: int) -> None:
        """Cancel a call; one that has ended is left alone."""
        one = self._running.get(number)
        if one is not None and one.task is not None:
            one.task.cancel()

    def grant(self, number: int, chunks: int) -> None:
        """Let a stream send more chunks."""
        one = self._running.get(number)
        if one is not None:
            one.credit += chunks
            one.granted.set()

    def receive(self) -> tuple[int, ToChild, Sequence[bytearray]] | None:
        """Wait for the next message, and let the coroutines run meanwhile."""
        self._coroutines.run_until_readable(self._channel)
        return self._channel.receive()

    async def _call(self, one: Running) -> None:
        step, session = one.call.step, one.call.session
        end: Answer | Fault | Refusal
        buffers: Sequence[Buffer] = ()
        try:
            end, buffers = await self._executor.answer_async(session, step, one.buffers)
        except BaseException as error:  # noqa: BLE001 - what the library raises is data, CancelledError too
            end = self._outcomes.of(error, session)
        del self._running[one.number]
        send_end(self._channel, one.number, end, buffers)

    async def _stream(self, one: Running, wish: StreamWish) -> None:
        one.credit = wish.window_chunks
        stream = AsyncStream(self._executor, one.call, wish, one.buffers)
        try:
            end: Answer | Fault | Refusal = await self._sent(one, stream)
        except BaseException as error:  # noqa: BLE001 - as above
            end = self._outcomes.of(error, one.call.session)
        try:
            await stream.aclose()
        except BaseException as error:  # noqa: BLE001 - as above
            end = self._outcomes.of(error, one.call.session) if isinstance(end, Answer) else end
        del self._running[one.number]
        self._channel.send(one.number, end, stream.end_buffers if isinstance(end, Answer) else ())

    async def _sent(self, one: Running, stream: AsyncStream) -> Answer:
        """Send chunk after chunk, as there is credit; gives the end."""
        while stream.end is None:
            items: list[Written] = []
            try:
                await stream.pull(items)
            finally:
                if items:
                    await self._send_chunk(one, items)
            await asyncio.sleep(0)  # a generator that never waits must not keep the others waiting
        return stream.end

    async def _send_chunk(self, one: Running, items: list[Written]) -> None:
        while one.credit == 0:
            one.granted.clear()
            await one.granted.wait()
        one.credit -= 1
        send_chunk(self._channel, one.number, items)


def send_chunk(channel: Channel, number: int, items: list[Written]) -> None:
    """Send items of a stream."""
    buffers = [buffer for item in items for buffer in item.buffers]
    counts = tuple(len(item.buffers) for item in items) if buffers else ()
    channel.send(number, Chunk(tuple(item.data for item in items), counts), buffers)
