"""A child's life: start, then one message after another until the front is gone. Called code runs on the main thread."""

import importlib
import os
import socket
import sys
from collections.abc import Callable, Sequence
from functools import partial

import msgspec

from pybridge_worker.bundle import Surface
from pybridge_worker.child.arguments import Failed
from pybridge_worker.child.channel import Channel
from pybridge_worker.child.execution import Executor, Written
from pybridge_worker.child.footing import WORKER, stand
from pybridge_worker.child.interrupts import Interrupts
from pybridge_worker.child.outcomes import Outcomes, refusal
from pybridge_worker.child.sandbox import confine
from pybridge_worker.child.sending import send_end
from pybridge_worker.child.streams import Stream
from pybridge_worker.child.tasks import Tasks, send_chunk
from pybridge_worker.errors import CallCancelled, LimitReached
from pybridge_worker.frames import (
    Answer,
    Batch,
    BatchAnswer,
    Buffer,
    Call,
    Cancel,
    CloseSession,
    Credit,
    Fault,
    Ready,
    Refusal,
    Release,
    Released,
    Start,
    Step,
    StreamWish,
    ToChild,
    Tree,
)
from pybridge_worker.tools import is_coroutine


def main(descriptor: int) -> None:
    """Serve the front at the other end of a socket, in a process that was spawned; returns when it is gone."""
    stand(descriptor, WORKER)
    serve(descriptor)


def serve(descriptor: int, surface: Surface | None = None, confined: tuple[str, ...] = ()) -> None:
    """Serve the front at the other end of a socket; returns when it is gone.

    `surface` is what may be called where the process was forked from one that knows it; the import path is set then too.
    `confined` are the layers of its confinement.
    """
    channel = Channel(socket.socket(fileno=descriptor))
    first = channel.receive()
    if first is None or not isinstance(first[1], Start):
        return
    start = first[1]
    if surface is None:
        sys.path[:0] = start.python_path
    else:
        start = msgspec.structs.replace(start, surface=surface)
    confined = confine(start.confinement, confined)
    for module in start.modules:
        try:
            importlib.import_module(module)
        except BaseException as error:  # noqa: BLE001 - the library's own code; the first call will meet it again
            print(f"pybridge-worker: cannot import {module} ahead: {error!r}", file=sys.stderr)  # noqa: T201
    child = Child(channel, start)
    channel.send(0, Ready(os.getpid(), confined))
    child.serve()


class Child:
    """Answers the front's messages in the order they come."""

    def __init__(self, channel: Channel, start: Start) -> None:
        self._channel = channel
        self._executor = Executor(start)
        self._outcomes = Outcomes(self._executor.references, show_tracebacks=start.show_tracebacks)
        self._interrupts = Interrupts(self._executor.coroutines.interrupt)
        self._tasks = Tasks(channel, self._executor, self._outcomes)
        self._max_result_bytes = start.max_result_bytes

    def serve(self) -> None:
        """Answer until the front is gone."""
        self._interrupts.end()
        while (received := self._next()) is not None:
            number, message, buffers = received
            match message:
                case Call(step=step, stream=wish) if not is_coroutine(step.operation, streams=wish is not None):
                    self._interrupts.begin()
                    if wish is None:
                        self._call(number, message, buffers)
                    else:
                        self._stream(number, message, wish, buffers)
                    self._interrupts.end()
                case Batch():
                    self._interrupts.begin()
                    self._batch(number, message, buffers)
                    self._interrupts.end()
                case _:
                    self._aside(number, message, buffers)
        self._executor.coroutines.close()

    def _next(self) -> tuple[int, ToChild, Sequence[bytearray]] | None:
        return self._tasks.receive() if self._tasks.are_waiting else self._channel.receive()

    def _call(self, number: int, call: Call, buffers: Sequence[Buffer]) -> None:
        end, written, _ = self._step(call.session, call.step, buffers, [])
        send_end(self._channel, number, end, written)

    def _batch(self, number: int, batch: Batch, buffers: Sequence[Buffer]) -> None:
        answers: list[Answer | Fault | Refusal] = []
        results: list[object] = []
        written: list[Buffer] = []
        start = total = 0
        for step in batch.steps:
            own = step.arguments.buffers if isinstance(step.arguments, Tree) else 0
            end, added, value = self._step(batch.session, step, buffers[start : start + own], results)
            start += own
            if isinstance(end, Answer):
                total += len(end.data) + (sum(map(len, added)) if added else 0)
                if total > self._max_result_bytes:
                    limit = LimitReached("the results of the batch have too many bytes", self._max_result_bytes)
                    end, added = refusal(limit), ()
            answers.append(end)
            results.append(value)
            if added:
                written.extend(map(bytes, added))  # a later step may change what an earlier one gave
            if batch.stop_on_error and not isinstance(end, Answer):
                break
        count = self._executor.references.count(batch.session)
        self._channel.send(number, BatchAnswer(answers=tuple(answers), object_count=count), written)

    def _step(
        self, session: str, step: Step, buffers: Sequence[Buffer], results: list[object]
    ) -> tuple[Answer | Fault | Refusal, Sequence[Buffer], object]:
        try:
            return self._interrupts.run(self._executor.answer, session, step, buffers, results)
        except BaseException as error:  # noqa: BLE001 - as in `_guarded`
            return self._outcomes.of(error, session), (), Failed()

    def _stream(self, number: int, call: Call, wish: StreamWish, buffers: Sequence[Buffer]) -> None:
        stream = Stream(self._executor, call, wish, buffers)
        credit = wish.window_chunks
        end: Answer | Fault | Refusal | None = None
        while end is None:
            items: list[Written] = []
            end = self._guarded(partial(stream.fill, items), call.session) or stream.end
            if items:
                credit = credit or self._wait(number)
                if not credit:
                    end = refusal(CallCancelled("the call was cancelled"))
                    break
                send_chunk(self._channel, number, items)
                credit -= 1
        closing = self._guarded(stream.close, call.session)
        if isinstance(end, Answer) and closing is None:
            self._channel.send(number, end, stream.end_buffers)
        else:
            self._channel.send(number, closing if closing is not None and isinstance(end, Answer) else end)

    def _wait(self, number: int) -> int:
        """Wait until the client has taken chunks; gives how many more may be sent, 0 when the call is cancelled."""
        while (received := self._next()) is not None:
            about, message, buffers = received
            match message:
                case Credit(chunks=chunks) if about == number:
                    return chunks
                case Cancel() if about == number:
                    self._interrupts.spend()
                    return 0
                case _:
                    self._aside(about, message, buffers)
        raise SystemExit(0)

    def _aside(self, number: int, message: ToChild, buffers: Sequence[Buffer]) -> None:
        """Answer what may come at any time; credit for, or a cancel of, a call that has ended is nothing."""
        references = self._executor.references
        match message:
            case Release(session=session, object_ids=numbers):
                released = references.release(session, numbers)
                self._channel.send(number, Released(released, references.count(session)))
            case CloseSession(session=session):
                self._channel.send(number, Released(references.close(session), 0))
            case Call():
                self._tasks.begin(number, message, buffers)
            case Cancel():
                self._tasks.cancel(number)
            case Credit(chunks=chunks):
                self._tasks.grant(number, chunks)
            case _:
                return

    def _guarded(self, work: Callable[[], object], session: str) -> Fault | Refusal | None:
        """Run code of the library. None: it ended well. No exception, SystemExit included, gets past here."""
        try:
            self._interrupts.run(work)
        except BaseException as error:  # noqa: BLE001 - what the library raises is data, whatever it is
            return self._outcomes.of(error, session)
        return None
