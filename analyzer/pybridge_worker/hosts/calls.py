"""Running calls: given to a host, watched by a clock, found by their id, stopped when nobody waits any more."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from functools import partial

from pybridge_worker.errors import CallCancelled, DeadlinePassed, InvalidArgument, LimitReached
from pybridge_worker.frames import Answer, Batch, BatchAnswer, Buffer, Call, Chunk, Fault
from pybridge_worker.hosts.contract import SessionHost
from pybridge_worker.hosts.running import CallIds, RunningCall, Stopped
from pybridge_worker.hosts.sessions import Session, Sessions


class Calls:
    """The calls that are queued or running, by id."""

    def __init__(self, sessions: Sessions, most: int) -> None:
        self._sessions = sessions
        self._most = most
        self._ids = CallIds()
        self._running: dict[str, tuple[RunningCall, SessionHost]] = {}

    def __len__(self) -> int:
        return len(self._running)

    def begin(
        self, call_id: str, message: Call | Batch, buffers: Sequence[Buffer] = (), *, host: SessionHost | None = None
    ) -> RunningCall:
        """Queue a call in its session, which is opened if need be, or without one on `host` or the idlest host.

        Raises:
            Refused: the queue is full, the session cannot be opened, or a call of that id is running.
        """
        if call_id in self._running:
            raise InvalidArgument("call_id", "a call of this id is running")
        if len(self._running) >= self._most:
            raise LimitReached("the server has too many calls, running and waiting", self._most, retry_seconds=0.5)
        session = self._sessions.get_or_open(message.session) if message.session else None
        if session is not None:
            host = session.host
        elif host is None:
            host = self._sessions.idle_host()
        call = RunningCall(call_id or self._ids.take(), message, buffers)
        host.submit(call)
        self._running[call.call_id] = (call, host)
        call.on_finished.append(partial(self._ended, session))
        if session is not None:
            session.touch()
            session.running.add(call)
        return call

    def stop_soon(self, call: RunningCall) -> None:
        """Stop a call that nobody waits for; one that has ended is left alone."""
        found, host = self._running.get(call.call_id, (None, None))
        if found is call and host is not None:
            host.spawn(host.stop(call, CallCancelled("the client is gone")))

    async def result(self, call: RunningCall, seconds: float | None) -> Answer | Fault | BatchAnswer:
        """Wait for the end of a call; None: however long it takes.

        Raises:
            Refused: by the child, for its loss, or because it was stopped.
        """
        timer = self._timer(call, seconds)
        try:
            return await call.result()
        finally:
            if timer is not None:
                timer.cancel()
            if not call.finished.done():
                self.stop_soon(call)

    async def stream(
        self, call: RunningCall, seconds: float | None
    ) -> AsyncIterator[tuple[Chunk | Answer | Fault, Sequence[bytearray]]]:
        """Give the chunks of a stream, and then its end, each with the buffers that came with it.

        Raises:
            Refused: as for `result`.
        """
        timer = self._timer(call, seconds)
        try:
            while (chunk := await call.next_chunk()) is not None:
                yield chunk
            end = await call.result()
            if not isinstance(end, BatchAnswer):
                yield end, call.answered
        finally:
            if timer is not None:
                timer.cancel()
            if not call.finished.done():
                self.stop_soon(call)

    async def cancel(self, call_id: str, *, force: bool) -> Stopped:
        """Stop a call by its id."""
        call, host = self._running.get(call_id, (None, None))
        if call is None or host is None:
            return Stopped.NOT_FOUND
        return await host.stop(call, CallCancelled("the call was cancelled"), force=force)

    async def finish_all(self, seconds: float) -> None:
        """Wait for all calls to end, and stop those that have not after some time."""
        waits = [call.finished for call, _ in self._running.values()]
        if waits:
            await asyncio.wait(waits, timeout=seconds)
        left = list(self._running.values())
        reason = CallCancelled("the server is stopping")
        await asyncio.gather(*(host.stop(call, reason) for call, host in left))

    def _timer(self, call: RunningCall, seconds: float | None) -> asyncio.TimerHandle | None:
        """Stop a call when its time has passed."""
        _, host = self._running.get(call.call_id, (None, None))
        if seconds is None or host is None:
            return None
        loop = asyncio.get_running_loop()
        return loop.call_later(seconds, lambda: host.spawn(host.stop(call, DeadlinePassed())))

    def _ended(self, session: Session | None, call: RunningCall) -> None:
        del self._running[call.call_id]
        if session is not None:
            session.running.discard(call)
            session.touch()
            if call.object_count is not None:
                session.note_objects(call.object_count)
