"""A host: a place where sessions live, one child process at a time, one call at a time."""

import asyncio
import time
from collections import deque
from collections.abc import Coroutine, Sequence
from typing import Any

from pybridge_worker.errors import Draining, LimitReached, Refused
from pybridge_worker.frames import Cancel, CloseSession, Credit, Release, Released, ToFront
from pybridge_worker.hosts.contract import HostState, Processes, WorkerProcess
from pybridge_worker.hosts.running import RunningCall, Stopped
from pybridge_worker.settings import Settings


class Host:
    """Runs calls in their order. A lost process is replaced; its epoch tells the objects of the two apart."""

    def __init__(self, settings: Settings, processes: Processes, modules: set[str]) -> None:
        self.sessions = 0
        self.load = 0
        """Calls queued and running."""
        self._calls_started = 0
        self._processes_started = 0
        self._settings = settings
        self._processes = processes
        self._modules = modules
        """To import in each process that starts; shared by all hosts, and growing."""
        self._child: WorkerProcess | None = None
        # Milliseconds: references made before the server itself was started anew are recognised as lost too.
        self._next_epoch = int(time.time() * 1000)
        self._queue: deque[RunningCall] = deque()
        self._current: RunningCall | None = None
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
        queued = sum(not call.finished.done() for call in self._queue)
        return HostState(
            pid=self._child.pid if self._child is not None else 0,
            resident_bytes=self._child.resident_bytes if self._child is not None else 0,
            calls_started=self._calls_started,
            calls_queued=queued,
            calls_running=self.load - queued,
            restarts=max(0, self._processes_started - 1),
        )

    def submit(self, call: RunningCall) -> None:
        """Queue a call. Whatever becomes of it is told to the call.

        Raises:
            LimitReached: too many calls wait here.
        """
        if self.load > self._settings.max_queue:
            most = self._settings.max_queue
            raise LimitReached("too many calls wait for this worker process; try again", most, retry_seconds=0.5)
        self.load += 1
        call.on_finished.append(self._ended)
        self._queue.append(call)
        self._advance()

    async def stop(self, call: RunningCall, reason: Refused, *, force: bool = False) -> Stopped:
        """Stop a call: out of the queue, else by SIGINT, else by the end of its process. Says which it was."""
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
            child.interrupt()
        await asyncio.wait((call.finished,), timeout=self._settings.cancel_grace_seconds)
        if not call.finished.done():
            child.kill()
            await asyncio.wait((call.finished,))
        return Stopped.WORKER_KILLED if child.is_killed else Stopped.INTERRUPTED

    async def release(self, session: str, numbers: tuple[int, ...]) -> Released:
        """Forget objects of a session, at the child's next free moment."""
        return await self._aside(Release(session, numbers))

    async def close_session(self, session: str) -> Released:
        """Forget all objects of a session, at the child's next free moment."""
        return await self._aside(CloseSession(session))

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
        while self._queue and self._current is None:
            if self._child is None:
                if not self._is_starting:
                    self._is_starting = True
                    self.spawn(self._start_for_queue())
                return
            call = self._queue.popleft()
            if not call.finished.done():
                self._give(call, self._child)

    def _give(self, call: RunningCall, child: WorkerProcess) -> None:
        self._current = call
        call.start()
        self._calls_started += 1
        call.number = child.ask(call.message, call.received, call.fail, call.buffers)
        call.give_credit = lambda chunks: child.send(call.number, Credit(chunks))

    def _ended(self, call: RunningCall) -> None:
        self.load -= 1
        if self._current is call:
            self._current = None
            if self._child is not None:
                self._child.forget(call.number)
            self._advance()

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
        while error is not None and self._queue:
            self._queue.popleft().fail(error)
        self._advance()

    async def _started(self) -> WorkerProcess:
        async with self._starting:
            if self._closed:
                raise Draining
            if self._child is None:
                epoch, self._next_epoch = self._next_epoch, self._next_epoch + 1
                modules = tuple(sorted(self._modules))
                self._child = await self._processes.start(epoch=epoch, modules=modules)
                self._processes_started += 1
                self._child.on_lost = self._lost
            return self._child

    def _lost(self, child: WorkerProcess) -> None:
        if self._child is child:
            self._child = None
            if not self._closed:
                self.spawn(self._warm())

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
