"""What is measured of every call, for whoever records it. In place only when something does: else no call passes here."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from concurrent import futures
from contextlib import aclosing
from typing import Any, Protocol

import msgspec
from google.protobuf.message import Message

from pybridge_worker.errors import Refused
from pybridge_worker.front import raw
from pybridge_worker.hosts.sessions import Sessions
from pybridge_worker.v1 import pybridge_pb2 as pb

_SNAPSHOT_SECONDS = 2.0


class Measured(msgspec.Struct, kw_only=True):
    """One call at its end."""

    method: str
    library: str = ""
    """Import name of the library whose tool was called; empty for other calls, and for names that are no library's."""
    status: str = "OK"
    seconds: float = 0.0
    queue_seconds: float | None = None
    """Until its turn in a worker process; None where it had none."""
    request_bytes: int = 0
    response_bytes: int = 0
    exceptions: tuple[str, ...] = ()
    """Types of what the called code raised."""


class Recorder(Protocol):
    """Takes what is measured. Called on the event loop; must be quick, and must not raise."""

    def begin(self, method: str, request: Any, metadata: Iterable[tuple[str, str | bytes]]) -> Any:
        """A call begins; what is given back comes with its end."""

    def end(self, begun: Any, measured: Measured) -> None:
        """A call has ended."""


def measuring(
    methods: Mapping[str, Any], recorders: tuple[Recorder, ...], libraries: Iterable[str]
) -> Mapping[str, Any]:
    """Wrap the handlers of methods, by path, so that every recorder is told of every call."""
    return {path: _wrapped(path.rpartition("/")[2], methods[path], recorders, tuple(libraries)) for path in methods}


def _wrapped(method: str, handler: Any, recorders: tuple[Recorder, ...], libraries: tuple[str, ...]) -> Any:
    unary, stream = handler.unary_unary or handler.stream_unary, handler.unary_stream

    async def answer(request: Any, context: Any) -> Any:
        with _Watch(recorders, method, request, context.invocation_metadata() or (), libraries) as watch:
            response = await unary(request, context)
            watch.saw(response)
            return response

    async def answers(request: Any, context: Any) -> AsyncIterator[Any]:
        with _Watch(recorders, method, request, context.invocation_metadata() or (), libraries) as watch:
            async with aclosing(stream(request, context)) as messages:
                async for message in messages:
                    watch.saw(message)
                    yield message

    if stream is not None:
        return handler._replace(unary_stream=answers)
    return handler._replace(**{"unary_unary" if handler.unary_unary is not None else "stream_unary": answer})


class _Watch:
    """One call, from its begin to its end."""

    def __init__(
        self, recorders: tuple[Recorder, ...], method: str, request: Any, metadata: Any, libraries: tuple[str, ...]
    ) -> None:
        message, size = _weighed(request)
        self._measured = Measured(method=method, request_bytes=size)
        if isinstance(message, pb.ExecuteToolRequest):
            self._measured.library = _library_of(message.tool_name, libraries)
        self._started = time.perf_counter()
        self._begun = [(recorder, recorder.begin(method, message, metadata)) for recorder in recorders]

    def saw(self, answered: Any) -> None:
        """Note one message of the answer."""
        measured = self._measured
        message, size = _weighed(answered)
        measured.response_bytes += size
        if isinstance(message, pb.ExecuteToolResponse | pb.ExecuteToolChunk):
            if message.HasField("stats") and message.stats.HasField("queue_time"):
                measured.queue_seconds = message.stats.queue_time.ToNanoseconds() / 1e9
            if message.HasField("exception"):
                measured.exceptions = (*measured.exceptions, message.exception.type)
        elif isinstance(message, pb.ExecuteBatchResponse):
            raised = tuple(one.exception.type for one in message.results if one.HasField("exception"))
            measured.exceptions = raised

    def __enter__(self) -> "_Watch":  # noqa: PYI034 - typing.Self is not in Python 3.10
        return self

    def __exit__(self, _type: object, error: BaseException | None, _traceback: object) -> None:
        self._measured.seconds = time.perf_counter() - self._started
        self._measured.status = _status(error)
        for recorder, begun in self._begun:
            recorder.end(begun, self._measured)


def _weighed(sent: Any) -> tuple[Any, int]:
    """A message, and how many bytes it has on the wire; one that comes in pieces has no size before it is read."""
    match sent:
        case raw.Request(message=message, buffers=buffers):
            apart = 0 if message.arguments.buffers else sum(map(len, buffers))
            return message, message.ByteSize() + apart
        case raw.Response(message=message, buffers=buffers):
            return message, message.ByteSize() + sum(map(len, buffers))
        case raw.Written(data=data, kind=kind):
            return kind.FromString(data), len(data)
        case bytes():  # a batch's answer, which was written by hand
            return pb.ExecuteBatchResponse.FromString(sent), len(sent)
        case Message():
            return sent, sent.ByteSize()
        case _:
            return sent, 0


def _status(error: BaseException | None) -> str:
    if error is None:
        return "OK"
    if isinstance(error, Refused):
        return error.code.value
    # A client that leaves cancels the handler, or closes its generator.
    return "CANCELLED" if isinstance(error, asyncio.CancelledError | GeneratorExit) else "INTERNAL"


def _library_of(tool: str, libraries: tuple[str, ...]) -> str:
    """Only names of libraries that are served become labels: what clients make up must not."""
    return next((name for name in libraries if tool.startswith(f"{name}.")), "")


class Gauges:
    """How much of everything there is, for recorders that ask from threads of their own."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._loop = asyncio.get_running_loop()

    def read(self) -> Mapping[str, float]:
        """Read on the event loop, from any other thread. Empty when the server is stopping, or too busy to answer."""
        try:
            return asyncio.run_coroutine_threadsafe(self._read(), self._loop).result(_SNAPSHOT_SECONDS)
        except (RuntimeError, futures.TimeoutError):
            return {}

    async def _read(self) -> Mapping[str, float]:
        states = [host.state() for host in self._sessions.hosts()]
        sessions = self._sessions.all_open()
        return {
            "sessions": len(sessions),
            "objects": sum(session.object_count for session in sessions),
            "workers": sum(state.pid > 0 for state in states),
            "worker_restarts": sum(state.restarts for state in states) + self._sessions.past_restarts,
            "worker_resident_bytes": sum(state.resident_bytes for state in states),
            "calls_running": sum(state.calls_running for state in states),
            "calls_queued": sum(state.calls_queued for state in states),
        }


GAUGES = {
    "sessions": "Open sessions.",
    "objects": "Objects that sessions hold.",
    "workers": "Worker processes that run.",
    "worker_resident_bytes": "Memory of all worker processes.",
    "calls_running": "Calls that run.",
    "calls_queued": "Calls that wait for their turn.",
}
"""Gauges by name, with what they tell. ``worker_restarts`` only grows, and is told as a counter."""
RESTARTS = "Worker processes that took the place of a lost one."
