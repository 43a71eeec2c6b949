"""Calls with an idempotency key: run once, answered the same as often as they are repeated, for as long as that is kept."""

import asyncio
import hashlib
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any

from grpc import aio

from pybridge_worker.errors import Code, InvalidArgument, Refused
from pybridge_worker.front import raw
from pybridge_worker.settings import MEBIBYTE
from pybridge_worker.v1 import pybridge_pb2 as pb

MAX_KEY_LENGTH = 256
REPEATED = "pybridge-repeated"
"""In the metadata of an answer that was given before."""
_MAX_KEYS = 10_000
_MAX_BYTES = 64 * MEBIBYTE
_MAX_ANSWER_BYTES = MEBIBYTE
_NEVER_RAN = frozenset({Code.NOT_FOUND, Code.INVALID_ARGUMENT, Code.ALREADY_EXISTS, Code.UNIMPLEMENTED})

Answered = pb.ExecuteToolResponse | raw.Response


class Detached:
    """Stands in for the context of a call that does not end with its client."""

    def __init__(self, context: aio.ServicerContext[Any, Any]) -> None:
        remaining: float | None = context.time_remaining()
        self._latest = None if remaining is None else time.monotonic() + remaining

    def time_remaining(self) -> float | None:
        """Until the deadline, which stays what the client made it."""
        return None if self._latest is None else max(0.0, self._latest - time.monotonic())

    def add_done_callback(self, callback: object) -> None:
        """Forget it: there is no end of the client to be told of."""


def is_detached(context: object) -> bool:
    """Whether a call goes on without its client."""
    return isinstance(context, Detached)


class _Call:
    """What is known of a key."""

    def __init__(self, fingerprint: bytes, task: "asyncio.Task[Answered]") -> None:
        self.fingerprint = fingerprint
        self.task = task
        self.size = 0
        self.is_too_large = False
        """It ran, and its answer was too large to be kept."""


class Repeats:
    """The latest keys of all sessions."""

    def __init__(self) -> None:
        self._calls: OrderedDict[tuple[str, str], _Call] = OrderedDict()
        self._of_session: dict[str, set[tuple[str, str]]] = {}
        self._size = 0

    def close_session(self, name: str) -> None:
        """Forget the keys of a session."""
        for key in self._of_session.pop(name, ()):
            self._forget(key)

    async def once(self, request: raw.Request, run: Callable[[], Awaitable[Answered]]) -> Answered:
        """Run a call, or give the answer of the first of that key in the session, waiting for it if need be.

        A call with a key goes on when its client leaves: that is what the client will ask for again.

        Raises:
            InvalidArgument: the key was used for another call.
            Refused: as the call was; or its answer was too large to be kept.
        """
        key = (request.session_id, request.message.idempotency_key)
        if len(key[1]) > MAX_KEY_LENGTH:
            raise InvalidArgument("idempotency_key", f"it is longer than {MAX_KEY_LENGTH} characters")
        fingerprint = _fingerprint(request)
        known = self._calls.get(key)
        if known is None:
            task = asyncio.ensure_future(run())
            self._calls[key] = _Call(fingerprint, task)
            self._of_session.setdefault(key[0], set()).add(key)
            task.add_done_callback(lambda _: self._ended(key, task))
            return await asyncio.shield(task)
        if known.fingerprint != fingerprint:
            raise InvalidArgument("idempotency_key", "it was used for another call of this session")
        if known.is_too_large:
            message = "the call ran, and its answer was too large to be kept for a repetition"
            raise Refused(Code.FAILED_PRECONDITION, "ANSWER_NOT_KEPT", message)
        self._calls.move_to_end(key)
        return _marked(await asyncio.shield(known.task))

    def _ended(self, key: tuple[str, str], task: "asyncio.Task[Answered]") -> None:
        error = None if task.cancelled() else task.exception()
        call = self._calls.get(key)
        if call is None or call.task is not task:
            return
        if task.cancelled() or (error is not None and not _may_have_run(error)):
            self._forget(key)
            return
        if error is None:
            call.size = _size(task.result())
            if call.size > _MAX_ANSWER_BYTES:
                call.is_too_large, call.size = True, 0
                call.task = asyncio.ensure_future(_nothing())
        self._size += call.size
        self._make_room()

    def _make_room(self) -> None:
        for key in [key for key, call in self._calls.items() if call.task.done() or call.is_too_large]:
            if len(self._calls) <= _MAX_KEYS and self._size <= _MAX_BYTES:
                return
            self._forget(key)

    def _forget(self, key: tuple[str, str]) -> None:
        call = self._calls.pop(key, None)
        if call is not None:
            self._size -= call.size
            self._of_session.get(key[0], set()).discard(key)


def _may_have_run(error: BaseException) -> bool:
    """Whether running it again could do twice what it does; refusals from before a call runs, or that advise to try again, do not count."""
    return isinstance(error, Refused) and error.code not in _NEVER_RAN and not error.retry_seconds


def _fingerprint(request: raw.Request) -> bytes:
    message = request.message
    same = pb.ExecuteToolRequest(
        tool_name=message.tool_name,
        parameters=message.parameters,
        parameters_format=message.parameters_format,
        arguments=message.arguments if message.HasField("arguments") else None,
        target=message.target if message.HasField("target") else None,
    )
    digest = hashlib.sha256(same.SerializeToString(deterministic=True))
    if not message.arguments.buffers:
        for one in request.buffers:
            digest.update(one)
    return digest.digest()


def _marked(answered: Answered) -> Answered:
    """A copy that says that it is not the first."""
    message = pb.ExecuteToolResponse()
    message.CopyFrom(answered.message if isinstance(answered, raw.Response) else answered)
    message.metadata[REPEATED] = "true"
    return answered._replace(message=message) if isinstance(answered, raw.Response) else message


def _size(answered: Answered) -> int:
    if isinstance(answered, raw.Response):
        return answered.message.ByteSize() + sum(map(len, answered.buffers))
    return answered.ByteSize()


async def _nothing() -> Answered:
    return pb.ExecuteToolResponse()
