"""One call from the front's side: queued, started, ended."""

import asyncio
import enum
import secrets
import time
from collections.abc import AsyncIterator, Callable, Sequence
from typing import get_args

from pybridge_worker.errors import Code, Refused
from pybridge_worker.frames import Answer, Batch, BatchAnswer, Buffer, Call, Chunk, End, Fault, Refusal, ToFront

_ENDS = get_args(End)


class Stopped(enum.Enum):
    """What it took to stop a call; the names are those of ``pybridge.v1.CancelOutcome``."""

    NOT_FOUND = "not_found"
    DEQUEUED = "dequeued"
    INTERRUPTED = "interrupted"
    WORKER_KILLED = "worker_killed"


class RunningCall:
    """A call on its way through a host. It ends exactly once: with an `End`, or with what refused it."""

    def __init__(self, call_id: str, message: Call | Batch, buffers: Sequence[Buffer] = ()) -> None:
        self.call_id = call_id or secrets.token_urlsafe(12)
        self.message = message
        self.buffers = buffers
        """What is sent after the message."""
        self.answered: Sequence[bytearray] = ()
        """The buffers that came with the end."""
        self.session = message.session
        self.finished: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.is_started = False
        self.number = 0
        """What front and child call it."""
        self.stopping: Refused | None = None
        """Why it is being stopped; the answer then is this, whatever the child still sends."""
        self.on_finished: list[Callable[[RunningCall], None]] = []
        self.give_credit: Callable[[int], None] = _no_credit
        self._chunks: asyncio.Queue[tuple[Chunk, Sequence[bytearray]] | None] = asyncio.Queue()
        self._end: End | None = None
        self._error: Refused | None = None
        self._queued_at = time.monotonic()
        self._started_at = self._queued_at

    def start(self) -> None:
        """Note that the child has it now."""
        self.is_started = True
        self._started_at = time.monotonic()

    @property
    def queue_seconds(self) -> float:
        """How long it waited for its turn."""
        return self._started_at - self._queued_at

    @property
    def object_count(self) -> int | None:
        """How many objects its session held at its end. None: the child did not say."""
        match self._end:
            case Answer(object_count=count) | Fault(object_count=count) | BatchAnswer(object_count=count):
                return count
            case _:
                return None

    def received(self, message: ToFront, buffers: Sequence[bytearray] = ()) -> None:
        """Take a message of the child about this call."""
        if isinstance(message, Chunk):
            self._chunks.put_nowait((message, buffers))
        elif isinstance(message, _ENDS):
            self._end = message
            self.answered = buffers
            self._finish()

    def fail(self, error: Refused) -> None:
        """End without an answer of the child."""
        self._error = error
        self._finish()

    async def result(self) -> Answer | Fault | BatchAnswer:
        """Wait for the end.

        Raises:
            Refused: by the child, for its loss, or because it was stopped.
        """
        await asyncio.shield(self.finished)
        error = self.stopping or self._error
        if error is not None:
            raise error
        match self._end:
            case Refusal() as refusal:
                raise refused(refusal)
            case None:
                raise RuntimeError("a call finished without an end")
            case end:
                return end

    async def chunks(self) -> AsyncIterator[tuple[Chunk, Sequence[bytearray]]]:
        """Give the chunks of a stream; the child may send another for each that was taken."""
        while (chunk := await self._chunks.get()) is not None:
            if self.stopping is not None:
                continue
            yield chunk
            self.give_credit(1)

    def _finish(self) -> None:
        if self.finished.done():
            return
        self.finished.set_result(None)
        self._chunks.put_nowait(None)
        for notify in self.on_finished:
            notify(self)


def refused(refusal: Refusal) -> Refused:
    """What the child refused, as the exception it raised there."""
    error = Refused(Code(refusal.code), refusal.reason, refusal.message)
    error.field, error.limit = refusal.field, refusal.limit
    return error


def _no_credit(_chunks: int) -> None:
    return
