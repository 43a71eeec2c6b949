"""A child's life: start, then one message after another until the front is gone. Called code runs on the main thread."""

import faulthandler
import importlib
import os
import socket
import sys
from collections.abc import Callable
from functools import partial

from pybridge_worker.child import faults
from pybridge_worker.child.arguments import Failed
from pybridge_worker.child.channel import Channel
from pybridge_worker.child.execution import Executor
from pybridge_worker.child.interrupts import Interrupts
from pybridge_worker.child.streams import Stream
from pybridge_worker.errors import CallCancelled, Refused
from pybridge_worker.frames import (
    Answer,
    Batch,
    BatchAnswer,
    Call,
    Cancel,
    Chunk,
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
    sendable,
)


def main(descriptor: int) -> None:
    """Serve the front at the other end of a socket; returns when it is gone."""
    os.set_inheritable(descriptor, False)  # noqa: FBT003 - os takes it by position
    _die_with_the_front()
    faulthandler.enable()
    for output in (sys.stdout, sys.stderr):
        if output is not None and hasattr(output, "reconfigure"):
            output.reconfigure(line_buffering=True, errors="backslashreplace")
    channel = Channel(socket.socket(fileno=descriptor))
    first = channel.receive()
    if first is None or not isinstance(first[1], Start):
        return
    start = first[1]
    sys.path[:0] = start.python_path
    for module in start.modules:
        try:
            importlib.import_module(module)
        except BaseException as error:  # noqa: BLE001 - the library's own code; the first call will meet it again
            print(f"pybridge-worker: cannot import {module} ahead: {error!r}", file=sys.stderr)  # noqa: T201
    child = Child(channel, start)
    channel.send(0, Ready(os.getpid()))
    child.serve()


class Child:
    """Answers the front's messages in the order they come."""

    def __init__(self, channel: Channel, start: Start) -> None:
        self._channel = channel
        self._executor = Executor(start)
        self._interrupts = Interrupts()
        self._show_tracebacks = start.show_tracebacks

    def serve(self) -> None:
        """Answer until the front is gone."""
        self._interrupts.begin()
        while (received := self._channel.receive()) is not None:
            number, message = received
            self._interrupts.begin()
            match message:
                case Call(stream=StreamWish() as wish):
                    self._stream(number, message, wish)
                case Call():
                    self._channel.send(number, self._call(message))
                case Batch():
                    self._channel.send(number, self._batch(message))
                case _:
                    self._aside(number, message)

    def _call(self, call: Call) -> Answer | Fault | Refusal:
        end, _ = self._step(call.session, call.step, [])
        return end

    def _batch(self, batch: Batch) -> BatchAnswer:
        answers: list[Answer | Fault | Refusal] = []
        results: list[object] = []
        for step in batch.steps:
            end, value = self._step(batch.session, step, results)
            answers.append(end)
            results.append(value)
            if batch.stop_on_error and not isinstance(end, Answer):
                break
        return BatchAnswer(answers=tuple(answers), object_count=self._executor.references.count(batch.session))

    def _step(self, session: str, step: Step, results: list[object]) -> tuple[Answer | Fault | Refusal, object]:
        outcome: list[tuple[Answer, object]] = []
        refused = self._guarded(lambda: outcome.append(self._executor.answer(session, step, results)), session)
        return (refused, Failed()) if refused is not None else outcome[0]

    def _stream(self, number: int, call: Call, wish: StreamWish) -> None:
        stream = Stream(self._executor, call, wish)
        credit = wish.window_chunks
        end: Answer | Fault | Refusal | None = None
        while end is None:
            items: list[bytes] = []
            end = self._guarded(partial(stream.fill, items), call.session) or stream.end
            if items:
                credit = credit or self._wait(number)
                if not credit:
                    end = _refusal(CallCancelled("the call was cancelled"))
                    break
                self._channel.send(number, Chunk(tuple(items)))
                credit -= 1
        closing = self._guarded(stream.close, call.session)
        self._channel.send(number, closing if closing is not None and isinstance(end, Answer) else end)

    def _wait(self, number: int) -> int:
        """Wait until the client has taken chunks; gives how many more may be sent, 0 when the call is cancelled."""
        while (received := self._channel.receive()) is not None:
            about, message = received
            match message:
                case Credit(chunks=chunks) if about == number:
                    return chunks
                case Cancel() if about == number:
                    self._interrupts.spend()
                    return 0
                case _:
                    self._aside(about, message)
        raise SystemExit(0)

    def _aside(self, number: int, message: ToChild) -> None:
        """Answer what may come at any time; credit for, or a cancel of, a call that has ended is nothing."""
        references = self._executor.references
        match message:
            case Release(session=session, object_ids=numbers):
                released = references.release(session, numbers)
                self._channel.send(number, Released(released, references.count(session)))
            case CloseSession(session=session):
                self._channel.send(number, Released(references.close(session), 0))
            case _:
                return

    def _guarded(self, work: Callable[[], object], session: str) -> Fault | Refusal | None:
        """Run code of the library. None: it ended well. No exception, SystemExit included, gets past here."""
        try:
            self._interrupts.run(work)
        except Refused as error:
            return _refusal(error)
        except BaseException as error:  # noqa: BLE001 - what the library raises is data, whatever it is
            return self._fault(error, session)
        return None

    def _fault(self, error: BaseException, session: str) -> Fault:
        fault = faults.describe(error, show_tracebacks=self._show_tracebacks)
        return Fault(
            error=fault.error,
            raised=fault.raised,
            traceback=fault.traceback,
            object_count=self._executor.references.count(session),
        )


def _refusal(error: Refused) -> Refusal:
    return Refusal(error.code.value, error.reason, sendable(error.message))


def _die_with_the_front() -> None:
    """Ask Linux to end this process with the front, even in the middle of a call. Elsewhere the socket's end must do."""
    if sys.platform != "linux":
        return
    import ctypes  # noqa: PLC0415 - only Linux needs it
    import signal  # noqa: PLC0415 - as above

    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
