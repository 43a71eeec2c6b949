"""What a session needs of the host that it lives on, and what a host needs of the process behind it.

Two seams. `SessionHost` is all that sessions and calls know of a place. `WorkerProcess` and `Processes` are all that our
one host knows of what runs the code: a child on this machine, or a process of ours that a Ray actor holds. An
implementation lives in a room of its own below `hosts` and passes the same conformance and fault tests.
"""

from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Protocol

import msgspec

from pybridge_worker.errors import Refused
from pybridge_worker.frames import Buffer, Released, ToChild, ToFront
from pybridge_worker.hosts.running import RunningCall, Stopped

Receive = Callable[[ToFront, Sequence[bytearray]], None]
"""Takes an answer and the raw buffers that came with it. Called on the event loop's thread; must not raise."""
Lose = Callable[[Refused], None]
"""Takes the reason why there will be no further answer."""


class HostState(msgspec.Struct, frozen=True, kw_only=True):
    """What a host says of itself to an operator."""

    pid: int = 0
    """Of its process; 0 while none runs."""
    resident_bytes: int = 0
    """Memory of its process; 0 where that cannot be told."""
    calls_started: int = 0
    calls_queued: int = 0
    calls_running: int = 0
    restarts: int = 0
    """Processes that took the place of a lost one."""


class SessionHost(Protocol):
    """A place where sessions live. All methods are called on the event loop's thread.

    Calls of a host run in the order in which they were submitted; those that are declared coroutines run beside them.
    A host outlives its processes: a lost one is replaced, and `epoch` grows, so that references to objects of the
    earlier one are told from those of the later one.
    """

    sessions: int
    """How many sessions were placed here; counted by who places them."""
    load: int
    """Calls queued and running."""

    @property
    def epoch(self) -> int:
        """The epoch of the references that are good now. Never the same for two processes of a host."""

    @property
    def held_seconds(self) -> float:
        """For how long it takes no calls, because its processes end again and again; 0: it takes them."""

    def state(self) -> HostState:
        """Tell how it is."""

    def submit(self, call: RunningCall) -> None:
        """Queue a call. Whatever becomes of it is told to the call, exactly once.

        Raises:
            Refused: it is not taken, and nothing is told to the call.
        """

    async def stop(self, call: RunningCall, reason: Refused, *, force: bool = False) -> Stopped:
        """Stop a call and wait until it has ended: `reason` is what it is answered with.

        The mildest way that works: out of the queue; else an interrupt in the called code; else, after the grace
        time or at once with `force`, the end of its process, which takes the objects with it. Says which it was;
        `Stopped.NOT_FOUND` for a call that had ended.
        """

    async def release(self, session: str, numbers: tuple[int, ...]) -> Released:
        """Forget objects of a session. Of numbers that are not held, and of a lost process, nothing is released."""

    async def close_session(self, session: str) -> Released:
        """Forget all objects of a session."""

    async def close(self) -> None:
        """End the process behind the host; calls still with it are lost, and none is taken any more."""

    def spawn(self, work: Coroutine[Any, Any, object]) -> None:
        """Do something beside what is going on; it is kept from being forgotten half way."""


class WorkerProcess(Protocol):
    """A running process that we talk frames with: `frames` is the language, `child.main` the other end.

    It has said `Ready` before anyone gets hold of it. Frames arrive in the order they were sent; none is lost or
    doubled while the process lives. When it is lost, everyone who still waits for an answer is told with a
    `WorkerLost`, after `on_lost` was called.
    """

    on_lost: "Callable[[Any], None] | None"
    """Called once, with the process, when it is gone. Set by the host right after the start, before it yields."""

    @property
    def epoch(self) -> int:
        """The incarnation that it was started as; every reference that it makes carries it."""

    @property
    def pid(self) -> int:
        """Its process number, on the machine where it runs."""

    @property
    def resident_bytes(self) -> int:
        """The memory that it has now; 0 where that cannot be told."""

    @property
    def is_lost(self) -> bool:
        """Whether it is gone. What is sent to it then is dropped."""

    @property
    def status(self) -> int | None:
        """How it ended: an exit code, or a signal's number negated. None: it has not, or nobody knows."""

    @property
    def is_killed(self) -> bool:
        """Whether `kill` was called: then its end was our wish and is not held against the library."""

    def ask(self, message: ToChild, receive: Receive, lose: Lose, buffers: Sequence[Buffer] = ()) -> int:
        """Send a message; its answers go to `receive` until `forget`. Gives the number of the call, from 1."""

    def send(self, number: int, message: ToChild, buffers: Sequence[Buffer] = ()) -> None:
        """Send a message about a call: `Credit`, `Cancel`."""

    def forget(self, number: int) -> None:
        """Stop listening to a call's answers."""

    def interrupt(self) -> None:
        """Raise KeyboardInterrupt in the synchronous code that it is running. Where that cannot be done, do nothing."""

    def kill(self) -> None:
        """End it at once, whatever it is doing; comes back before it is gone."""

    async def close(self) -> None:
        """Let it end by itself for a moment, then kill it; comes back when it is gone."""


class Starter(Protocol):
    """What starts the processes of a host."""

    async def start(self, *, epoch: int, modules: tuple[str, ...], memory_bytes: int = 0) -> WorkerProcess:
        """Start a process and wait until it can be called. `modules` are imported before that, as far as they can be.

        Raises:
            Refused: it ended before that (`WorkerLost`), or none may be started now.
            OSError: this machine has no room for it.
        """


class Processes(Starter, Protocol):
    """Where worker processes come from. One for a server; hosts share it."""

    @property
    def confined(self) -> tuple[str, ...]:
        """The layers of the sandbox that hold in processes that are started, as far as is known by now."""

    async def open(self) -> None:
        """Reach what processes are started on. Called once, before anything is served.

        Raises:
            StartupError: it cannot be reached, or must not be.
        """

    def at(self, place: str) -> Starter:
        """The same, for one host. Where there are several machines, processes of a place are started near each other."""

    async def preload(self, modules: tuple[str, ...]) -> None:
        """Make ready to start processes, with modules imported ahead where that is possible; else do nothing.

        A module that cannot be imported is told in the log; a process that needs it will say more.
        """

    async def close(self) -> None:
        """Give back what is kept for starting processes. The processes themselves are closed by their hosts."""
