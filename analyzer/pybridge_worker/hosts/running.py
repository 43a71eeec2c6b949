"""One call from the front's side: queued, started, ended."""

import asyncio
import enum
import secrets
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import get_args

from pybridge_worker.errors import Code, Refused
from pybridge_worker.frames import Answer, Batch, BatchAnswer, Buffer, Call, Chunk, End, Fault, Piece, Refusal, ToFront

_ENDS = get_args(End)
_ID_BYTES, _ID_LENGTH = 12, 16
_IDS_AT_ONCE = 256


class Stopped(enum.Enum):
    """What it took to stop a call; the names are those of ``pybridge.v1.CancelOutcome``."""

    NOT_FOUND = "not_found"
    DEQUEUED = "dequeued"
    INTERRUPTED = "interrupted"
    WORKER_KILLED = "worker_killed"


class CallIds:
    """Ids that nobody can guess. Randomness is fetched for many at once: the system call costs more than the rest."""

    def __init__(self) -> None:
        self._pool = ""
        self._at = 0

    def take(self) -> str:
        """Give an id that was not given before: 96 random bits."""
        if self._at >= len(self._pool):
            self._pool, self._at = secrets.token_urlsafe(_IDS_AT_ONCE * _ID_BYTES), 0
        start, self._at = self._at, self._at + _ID_LENGTH
        return self._pool[start : self._at]


class RunningCall:
    """A call on its way through a host. It ends exactly once: with an `End`, or with what refused it."""

    def __init__(self, call_id: str, message: Call | Batch, buffers: Sequence[Buffer] = ()) -> None:
        self.call_id = call_id
        self.message = message
        self.buffers = buffers
        """What is sent after the message."""
        self.on_piece: Callable[[Piece, Sequence[bytearray]], None] | None = None
        """Takes the pieces of a result that is to be kept."""
        self.answered: Sequence[bytearray] = ()
        """The buffers that came with the end."""
        self.session = message.session
        loop = asyncio.get_running_loop()
        self.finished: asyncio.Future[None] = loop.create_future()
        self.is_started = False
        self.number = 0
        """What front and child call it."""
        self.stopping: Refused | None = None
        """Why it is being stopped; the answer then is this, whatever the child still sends."""
        self.on_finished: list[Callable[[RunningCall], None]] = []
        self.give_credit: Callable[[int], None] = _no_credit
        self._loop = loop
        self._waiter: asyncio.Future[None] | None = None
        """Wakes the one handler that waits. Its own future: its handler may be cancelled, others wait for `finished`."""
        self._chunks: deque[tuple[Chunk, Sequence[bytearray]]] = deque()
        self._has_given = False
        self._credit = 0
        """Chunks that were taken, and not told to the child yet."""
        stream = message.stream if isinstance(message, Call) else None
        self._credit_at = 1 if stream is None else max(1, stream.window_chunks // 2)
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
            self._chunks.append((message, buffers))
            self._wake()
        elif isinstance(message, Piece):
            if self.on_piece is not None:
                self.on_piece(message, buffers)
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
        while not self.finished.done():
            await self._wait()
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

    async def next_chunk(self) -> tuple[Chunk, Sequence[bytearray]] | None:
        """Give the next chunk of a stream, with its buffers; None at its end, and when it is being stopped.

        Asking for the next one tells that the one before was taken; the child may send another for it. It is told of
        several at once: of half its window.
        """
        if self._has_given:
            self._has_given = False
            self._return_credit()
        while not self._chunks and not self.finished.done():
            await self._wait()
        if not self._chunks or self.stopping is not None:
            return None
        self._has_given = True
        return self._chunks.popleft()

    def _return_credit(self) -> None:
        """Note that the chunk given last was taken."""
        self._credit += 1
        if self._credit >= self._credit_at and not self.finished.done():
            credit, self._credit = self._credit, 0
            self.give_credit(credit)

    async def _wait(self) -> None:
        self._waiter = self._loop.create_future()
        await self._waiter

    def _wake(self) -> None:
        waiter, self._waiter = self._waiter, None
        if waiter is not None and not waiter.done():
            waiter.set_result(None)

    def _finish(self) -> None:
        if self.finished.done():
            return
        self.finished.set_result(None)
        self._wake()
        for notify in self.on_finished:
            notify(self)


def refused(refusal: Refusal) -> Refused:
    """What the child refused, as the exception it raised there."""
    error = Refused(Code(refusal.code), refusal.reason, refusal.message)
    error.field, error.limit = refusal.field, refusal.limit
    return error


def _no_credit(_chunks: int) -> None:
    return
