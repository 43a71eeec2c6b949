"""A host: a place where sessions live, one child process at a time.

Its calls run one after another, but for coroutines, which the child runs beside them and beside each other.
"""

import asyncio
import contextlib
import logging
import time
from collections import deque
from collections.abc import Coroutine, Sequence
from typing import Any

from pybridge_worker import logs
from pybridge_worker.errors import CrashLoop, Draining, LimitReached, Refused, WorkerLost
from pybridge_worker.frames import Call, Cancel, CloseSession, Credit, Release, Released, ToFront
from pybridge_worker.hosts.contract import HostState, Starter, WorkerProcess
from pybridge_worker.hosts.recycling import Wear
from pybridge_worker.hosts.running import RunningCall, Stopped
from pybridge_worker.hosts.supervision import Deaths
from pybridge_worker.settings import Settings
from pybridge_worker.tools import is_coroutine

_log = logging.getLogger(__name__)


class Host:
    """Runs calls in their order. A lost process is replaced; its epoch tells the objects of the two apart."""

    def __init__(self, settings: Settings, processes: Starter, modules: set[str], *, memory_bytes: int = 0) -> None:
        self.sessions = 0
        self.load = 0
        """Calls queued and running."""
        self._calls_started = 0
        self._processes_started = 0
        self._settings = settings
        self._processes = processes
        self._modules = modules
        """To import in each process that starts; shared by all hosts, and growing."""
        self._memory_bytes = memory_bytes
        """Limit of each process, where it is lower than the server's; 0: the server's."""
        self._child: WorkerProcess | None = None
        # Milliseconds: references made before the server itself was started anew are recognised as lost too.
        self._next_epoch = int(time.time() * 1000)
        self._queue: deque[RunningCall] = deque()
        self._current: RunningCall | None = None
        self._waiting_coroutines: deque[RunningCall] = deque()
        self._coroutines: set[RunningCall] = set()
        """Those that the child has."""
        self._deaths = Deaths(settings.crash_limit, settings.crash_window_seconds)
        self._wear = Wear(settings)
        self._is_starting = False
        self._starting = asyncio.Lock()
        self._closed = False
        self._background: set[asyncio.Task[Any]] = set()

    @property
    def epoch(self) -> int:
        """The epoch of the references that are good now; of the next process while none runs."""
        return self._child.epoch if self._child is not None else self._next_epoch

    def state(self) -> HostState:
        """Tell how it is."""
        queued = len(self._queue) + len(self._waiting_coroutines)
        return HostState(
            pid=self._child.pid if self._child is not None else 0,
            resident_bytes=self._child.resident_bytes if self._child is not None else 0,
            calls_started=self._calls_started,
            calls_queued=queued,
            calls_running=self.load - queued,
            restarts=max(0, self._processes_started - 1),
        )

    @property
    def held_seconds(self) -> float:
        """For how long no calls are taken, because processes end again and again; 0: they are taken."""
        return self._deaths.held_seconds if self._child is None else 0.0

    def submit(self, call: RunningCall) -> None:
        """Queue a call. Whatever becomes of it is told to the call.

        Raises:
            LimitReached: too many calls wait here.
            CrashLoop: processes end again and again, and none is started for a while.
        """
        if self._child is None and (seconds := self._deaths.held_seconds):
            raise CrashLoop(seconds)
        if len(self._queue) + len(self._waiting_coroutines) >= self._settings.max_queue:
            most = self._settings.max_queue
            raise LimitReached("too many calls wait for this worker process; try again", most, retry_seconds=0.5)
        self.load += 1
        call.on_finished.append(self._ended)
        message = call.message
        if isinstance(message, Call) and is_coroutine(message.step.operation, streams=message.stream is not None):
            self._waiting_coroutines.append(call)
        else:
            self._queue.append(call)
        self._advance()

    async def stop(self, call: RunningCall, reason: Refused, *, force: bool = False) -> Stopped:
        """Stop a call: out of the queue, else by SIGINT or its task's cancel, else by the end of its process."""
        if call.finished.done():
            return Stopped.NOT_FOUND
        is_first = call.stopping is None
        call.stopping = call.stopping or reason
        child = self._child
        if not call.is_started or child is None:
            call.fail(reason)
            return Stopped.DEQUEUED
        if force:
            child.kill()
        elif is_first:
            child.send(call.number, Cancel())
            if call is self._current:
                child.interrupt()
        await asyncio.wait((call.finished,), timeout=self._settings.cancel_grace_seconds)
        if not call.finished.done():
            child.kill()
            await asyncio.wait((call.finished,))
        return Stopped.WORKER_KILLED if child.is_killed else Stopped.INTERRUPTED

    async def release(self, session: str, numbers: tuple[int, ...]) -> Released:
        """Forget objects of a session, at the child's next free moment."""
        released = await self._aside(Release(session, numbers))
        self._holds(session, released.object_count)
        return released

    async def close_session(self, session: str) -> Released:
        """Forget all objects of a session, at the child's next free moment."""
        released = await self._aside(CloseSession(session))
        self._holds(session, 0)
        return released

    async def close(self) -> None:
        """End the child; calls still with it are lost, and none is taken any more."""
        self._closed = True
        async with self._starting:
            child, self._child = self._child, None
        if child is not None:
            await child.close()

    def spawn(self, work: Coroutine[Any, Any, object]) -> None:
        """Do something beside what is going on; it is kept from being forgotten half way."""
        task = asyncio.ensure_future(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    def _advance(self) -> None:
        """Give the next call to the child, if it is free. Only the start of a child takes a task of its own."""
        child = self._child
        if child is None:
            if (self._queue or self._waiting_coroutines) and not self._is_starting:
                self._is_starting = True
                self.spawn(self._start_for_queue())
            return
        if child.is_lost:
            return  # what waits is for the next one, as soon as it is known how this one ended
        if self._current is None and self._queue:
            self._current = call = self._queue.popleft()
            self._give(call, child)
        while self._waiting_coroutines and len(self._coroutines) < self._settings.max_coroutines:
            call = self._waiting_coroutines.popleft()
            self._coroutines.add(call)
            self._give(call, child)

    def _give(self, call: RunningCall, child: WorkerProcess) -> None:
        call.start()
        self._calls_started += 1
        call.number = child.ask(call.message, call.received, call.fail, call.buffers)
        call.give_credit = lambda chunks: child.send(call.number, Credit(chunks))

    def _ended(self, call: RunningCall) -> None:
        self.load -= 1
        if not call.is_started:
            for queue in (self._queue, self._waiting_coroutines):
                with contextlib.suppress(ValueError):
                    queue.remove(call)
            return
        if call is self._current:
            self._current = None
        else:
            self._coroutines.discard(call)
        if self._child is not None:
            self._child.forget(call.number)
            if self._wear.is_watched:
                self._wear.served(call)
                self._replace_worn()
        self._advance()

    def _holds(self, session: str, count: int) -> None:
        if self._wear.is_watched:
            self._wear.holds(session, count)
            self._replace_worn()
            self._advance()

    def _replace_worn(self) -> None:
        """Part with the child between two calls, if it has served its time."""
        child = self._child
        if child is None or self._current is not None or self._coroutines:
            return
        why = self._wear.why_replace(child)
        if why:
            logs.event(_log, logging.INFO, "worker_recycled", pid=child.pid, after=why, objects_lost=self._wear.objects)
            self._child = None
            self.spawn(child.close())
            self.spawn(self._warm())

    async def _start_for_queue(self) -> None:
        error: Refused | None = None
        try:
            await self._started()
        except Refused as refused:
            error = refused
        except OSError as failed:
            error = LimitReached(f"no worker process can be started: {failed.strerror}", self._settings.workers)
        finally:
            self._is_starting = False
        waiting = (*self._queue, *self._waiting_coroutines) if error is not None else ()
        for call in waiting:
            call.fail(error or Draining())
        self._advance()

    async def _started(self) -> WorkerProcess:
        async with self._starting:
            if self._closed:
                raise Draining
            if self._child is None:
                if seconds := self._deaths.held_seconds:
                    raise CrashLoop(seconds)
                self._child = await self._new_child()
            return self._child

    async def _new_child(self) -> WorkerProcess:
        epoch, self._next_epoch = self._next_epoch, self._next_epoch + 1
        try:
            modules = tuple(sorted(self._modules))
            child = await self._processes.start(epoch=epoch, modules=modules, memory_bytes=self._memory_bytes)
        except WorkerLost as error:
            if self._deaths.failed_to_start():
                self._log_held(error)
            raise
        child.on_lost = self._lost
        if child.is_lost:
            raise WorkerLost(child.status, phase="before it could be called")
        self._deaths.started()
        self._processes_started += 1
        self._wear = Wear(self._settings)
        return child

    def _lost(self, child: WorkerProcess) -> None:
        if self._child is not child:
            return
        self._child = None
        if self._closed:
            return
        how = WorkerLost(child.status).message
        logs.event(
            _log, logging.WARNING, "worker_lost", pid=child.pid, epoch=child.epoch, how=how, was_killed=child.is_killed
        )
        if not child.is_killed and self._deaths.died():
            self._log_held(WorkerLost(child.status))
        self.spawn(self._warm())
        self._advance()

    def _log_held(self, last: WorkerLost) -> None:
        seconds = round(self._deaths.held_seconds, 1)
        logs.event(_log, logging.ERROR, "crash_loop", refused_seconds=seconds, last=last.message)

    async def _warm(self) -> None:
        """Replace a lost process before the next call asks for it; if that fails, the next call says why."""
        try:
            await self._started()
        except (Refused, OSError):
            return

    async def _aside(self, message: Release | CloseSession) -> Released:
        child = self._child
        if child is None:
            return Released(0, 0)
        answer: asyncio.Future[ToFront] = asyncio.get_running_loop().create_future()

        def receive(message: ToFront, _buffers: Sequence[bytearray] = ()) -> None:
            if not answer.done():
                answer.set_result(message)

        number = child.ask(message, receive, lambda _: receive(Released(0, 0)))
        try:
            released = await answer
        finally:
            child.forget(number)
        return released if isinstance(released, Released) else Released(0, 0)
