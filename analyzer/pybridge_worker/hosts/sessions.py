"""Sessions: which host holds a client's objects, and for how long."""

import asyncio
import contextlib
import logging
import os
import secrets
import time
from collections import deque
from collections.abc import Callable

from pybridge_worker import logs
from pybridge_worker.bundle import Surface
from pybridge_worker.errors import (
    CallCancelled,
    Draining,
    InvalidArgument,
    LimitReached,
    Refused,
    SessionClosing,
    SessionExists,
    SessionNotFound,
)
from pybridge_worker.hosts.contract import Processes, SessionHost
from pybridge_worker.hosts.host import Host
from pybridge_worker.hosts.local import LocalProcesses
from pybridge_worker.hosts.pool import Pool
from pybridge_worker.hosts.running import RunningCall
from pybridge_worker.settings import Settings

MAX_NAME = 256
_SWEEP_SECONDS = 1.0
_log = logging.getLogger(__name__)


class Session:
    """One open session. Ten thousand idle ones are no burden: there is nothing to each but this."""

    __slots__ = (
        "_objects",
        "affinity_key",
        "created_at",
        "has_own_process",
        "host",
        "is_closing",
        "name",
        "running",
        "ttl_seconds",
        "used_at",
    )

    def __init__(
        self, name: str, host: SessionHost, *, affinity_key: str, ttl_seconds: float, has_own_process: bool
    ) -> None:
        self.name = name
        self.host = host
        self.affinity_key = affinity_key
        self.ttl_seconds = ttl_seconds
        self.has_own_process = has_own_process
        self.created_at = time.time()
        self.used_at = time.monotonic()
        self.running: set[RunningCall] = set()
        self.is_closing = False
        self._objects = (0, 0)

    def touch(self) -> None:
        """Start its idle time anew."""
        self.used_at = time.monotonic()

    def note_objects(self, count: int) -> None:
        """Note how many objects its host says it holds."""
        self._objects = (self.host.epoch, count)

    @property
    def object_count(self) -> int:
        """How many objects it held when it was last heard of; none once their process is lost."""
        epoch, count = self._objects
        return count if epoch == self.host.epoch else 0

    @property
    def expires_at(self) -> float:
        """Unix time at which it is closed if it is not used before."""
        return time.time() + self.ttl_seconds - (time.monotonic() - self.used_at)

    def is_expired(self) -> bool:
        """Whether it was idle for too long; a session with a running call is not idle."""
        return not self.running and time.monotonic() - self.used_at > self.ttl_seconds


class _Opening:
    """A session that waits for room."""

    def __init__(
        self, name: str, affinity_key: str, ttl_seconds: float | None, *, has_own_process: bool, memory_bytes: int
    ) -> None:
        self.name = name
        self.memory_bytes = memory_bytes
        self.affinity_key = affinity_key
        self.ttl_seconds = ttl_seconds
        self.has_own_process = has_own_process
        self.session: asyncio.Future[Session] = asyncio.get_running_loop().create_future()


class Sessions:
    """The open sessions by name, and the hosts that they share."""

    def __init__(self, settings: Settings, processes: Processes) -> None:
        self._settings = settings
        self._processes = processes
        self.preloaded: set[str] = set(settings.preload)
        self._pool = Pool(settings, self._new_host)
        self._waiting: deque[_Opening] = deque()
        self._next_expiry = 0.0
        """No session expires before."""
        self.on_closed: list[Callable[[str], None]] = []
        """Told of each session that is closed, by its name."""
        self._open: dict[str, Session] = {}
        self._is_draining = False
        self.past_calls = self.past_restarts = 0
        """Of hosts that were closed with their session, so that sums only grow."""

    @property
    def shared_hosts(self) -> tuple[SessionHost, ...]:
        """The hosts that sessions share, and that stateless calls run on."""
        return tuple(self._pool.shared)

    @property
    def is_draining(self) -> bool:
        """Whether the server is about to stop."""
        return self._is_draining

    def is_able(self) -> bool:
        """Whether a shared host takes calls: not when the processes of all of them end again and again."""
        return any(not host.held_seconds for host in self._pool.shared)

    def all_open(self) -> tuple[Session, ...]:
        """The open sessions, the longest unused first."""
        return tuple(sorted(self._open.values(), key=lambda session: session.used_at))

    def hosts(self) -> tuple[SessionHost, ...]:
        """All hosts: the shared ones, and those that belong to one session."""
        return (*self._pool.shared, *(one.host for one in self._open.values() if one.has_own_process))

    def idle_host(self) -> SessionHost:
        """The shared host with the fewest calls, for a call without a session."""
        if self._is_draining:
            raise Draining
        return self._pool.idlest()

    def get(self, name: str) -> Session:
        """Find an open session.

        Raises:
            SessionNotFound: it is not open.
        """
        session = self._open.get(name)
        if session is None or session.is_closing:
            raise SessionNotFound(name)
        return session

    def get_or_open(self, name: str) -> Session:
        """Find a session for a call, or open it: a client of the specification has no call to open one with.

        Raises:
            SessionClosing: it waits for its last calls to end.
            LimitReached: it has as many calls as it may.
            Draining: the server is stopping.
            Refused: it cannot be opened.
        """
        if self._is_draining:
            raise Draining
        session = self._open.get(name)
        if session is None:
            return self.open(name)
        if session.is_closing:
            raise SessionClosing(name)
        if len(session.running) >= self._settings.max_session_calls:
            most = self._settings.max_session_calls
            raise LimitReached("the session has too many calls, running and waiting", most, retry_seconds=0.5)
        return session

    def open(
        self,
        name: str,
        *,
        affinity_key: str = "",
        ttl_seconds: float | None = None,
        has_own_process: bool = False,
        memory_bytes: int = 0,
    ) -> Session:
        """Open a session; an empty name lets the server choose. `memory_bytes` limits a process of its own; 0: as the server does.

        Raises:
            SessionExists: one of that name is open, or not closed yet.
            LimitReached: there are too many.
            InvalidArgument: the name is too long.
            Draining: the server is stopping.
        """
        if self._is_draining:
            raise Draining
        name = name or secrets.token_urlsafe(16)
        if len(name) > MAX_NAME:
            raise InvalidArgument("session_id", f"it is longer than {MAX_NAME} characters")
        if name in self._open:
            raise SessionExists(name)
        host = self._pool.place(affinity_key, has_own_process=has_own_process, memory_bytes=memory_bytes)
        ttl = self._settings.session_ttl_seconds if ttl_seconds is None else ttl_seconds
        session = Session(name, host, affinity_key=affinity_key, ttl_seconds=ttl, has_own_process=has_own_process)
        self._open[name] = session
        self._next_expiry = min(self._next_expiry, session.used_at + ttl)
        return session

    async def open_in_time(
        self,
        seconds: float,
        name: str,
        *,
        affinity_key: str,
        ttl_seconds: float | None,
        has_own_process: bool,
        memory_bytes: int = 0,
    ) -> Session:
        """Open a session, as soon as there is room for it, within some time; those who wait are served in turn.

        Raises:
            LimitReached: there is no room, and none came in time, or too many wait for it.
            Refused: as for `open`.
        """
        wanted = _Opening(name, affinity_key, ttl_seconds, has_own_process=has_own_process, memory_bytes=memory_bytes)
        try:
            return self._opened(wanted)
        except LimitReached:
            if seconds <= 0 or len(self._waiting) >= self._settings.max_queue:
                raise
        self._waiting.append(wanted)
        try:
            await asyncio.wait((wanted.session,), timeout=seconds)
            return wanted.session.result() if wanted.session.done() else self._opened(wanted)
        except asyncio.CancelledError:
            if wanted.session.done() and not wanted.session.exception():
                session = wanted.session.result()
                session.host.spawn(self.close(session, cancel_running=False))
            raise
        finally:
            with contextlib.suppress(ValueError):
                self._waiting.remove(wanted)

    def _opened(self, wanted: "_Opening") -> Session:
        return self.open(
            wanted.name,
            affinity_key=wanted.affinity_key,
            ttl_seconds=wanted.ttl_seconds,
            has_own_process=wanted.has_own_process,
            memory_bytes=wanted.memory_bytes,
        )

    def _serve_waiting(self) -> None:
        """Give room that has come to those who wait for it."""
        for wanted in tuple(self._waiting):
            try:
                session = self._opened(wanted)
            except LimitReached:
                continue
            except Refused as error:
                wanted.session.set_exception(error)
            else:
                wanted.session.set_result(session)
            self._waiting.remove(wanted)

    async def close(self, session: Session, *, cancel_running: bool) -> int:
        """Close a session once its calls have ended; says how many objects it held."""
        session.is_closing = True
        if cancel_running:
            reason = CallCancelled("the session was closed")
            for call in tuple(session.running):
                session.host.spawn(session.host.stop(call, reason))
        if session.running:
            await asyncio.wait([call.finished for call in session.running])
        if self._open.get(session.name) is not session:
            return 0
        released = (await session.host.close_session(session.name)).released
        if self._open.get(session.name) is session:
            del self._open[session.name]
            for notify in self.on_closed:
                notify(session.name)
            self._pool.leave(session.host, session.affinity_key, has_own_process=session.has_own_process)
            self._serve_waiting()
        if session.has_own_process:
            state = session.host.state()
            self.past_calls, self.past_restarts = (
                self.past_calls + state.calls_started,
                self.past_restarts + state.restarts,
            )
            await session.host.close()
        return released

    def expired(self) -> tuple[Session, ...]:
        """The sessions that were idle for too long."""
        now = time.monotonic()
        if now < self._next_expiry:
            return ()
        ends = (now if one.running else one.used_at + one.ttl_seconds for one in self._open.values())
        self._next_expiry = min(ends, default=now)
        return tuple(one for one in self._open.values() if one.is_expired() and not one.is_closing)

    async def sweep(self) -> None:
        """Close expired sessions, for ever."""
        while True:
            await asyncio.sleep(_SWEEP_SECONDS)
            for session in self.expired():
                objects = session.object_count
                logs.event(_log, logging.INFO, "session_expired", session=session.name, objects=objects)
                session.host.spawn(self.close(session, cancel_running=False))

    @property
    def confined(self) -> tuple[str, ...]:
        """The layers of the sandbox that hold, as far as is known."""
        return self._processes.confined

    async def open_processes(self) -> None:
        """Reach what processes are started on.

        Raises:
            StartupError: it cannot be reached, or must not be.
        """
        await self._processes.open()

    async def begin(self) -> None:
        """Make ready what processes are started from, before the first call asks for one."""
        await self._processes.preload(tuple(sorted(self.preloaded)))

    async def preload(self, modules: tuple[str, ...]) -> None:
        """Have modules imported in every process that starts from now on."""
        self.preloaded.update(modules)
        await self._processes.preload(modules)

    def drain(self) -> None:
        """Take no new sessions and no new calls."""
        self._is_draining = True

    async def shut(self) -> None:
        """End every worker process."""
        self.drain()
        hosts = {*self._pool.shared, *(session.host for session in self._open.values())}
        await asyncio.gather(*(host.close() for host in hosts))
        await self._processes.close()

    def _new_host(self, place: str, memory_bytes: int) -> SessionHost:
        return Host(self._settings, self._processes.at(place), self.preloaded, memory_bytes=memory_bytes)


def processes_for(settings: Settings, surface: Surface) -> Processes:
    """Where the worker processes of a server come from."""
    if settings.host == "ray":
        from pybridge_worker.hosts.ray.processes import RayProcesses  # noqa: PLC0415 - local servers do without

        return RayProcesses(settings, surface)
    return LocalProcesses(settings, surface)


def default_workers() -> int:
    """Two to four processes, by the machine's cores."""
    return max(2, min(4, os.cpu_count() or 2))
