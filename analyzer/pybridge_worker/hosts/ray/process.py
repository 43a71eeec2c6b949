"""A process on another machine as the front sees it: spoken to through its keeper, and missed when either is gone."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from pybridge_worker import frames, logs
from pybridge_worker.errors import WorkerLost
from pybridge_worker.frames import Buffer, ToChild
from pybridge_worker.hosts.contract import Lose, Receive
from pybridge_worker.hosts.ray import relay
from pybridge_worker.hosts.ray.cluster import Cluster
from pybridge_worker.hosts.ray.relay import Begun, Hello, Interrupt, Lost, News

SILENCE_SECONDS = 30.0
"""A keeper that says nothing for so long is taken for gone, and its node with it."""
END_SECONDS = 5.0
"""How long a process may take to end that was told to, before its keeper is ended as well."""
_log = logging.getLogger(__name__)


class RayProcess:
    """A running process. Whoever waits for an answer is told when it is lost."""

    def __init__(self, cluster: Cluster, keeper: Any, hello: Hello, begun: Begun, epoch: int) -> None:
        self.epoch = epoch
        self.pid = begun.pid
        self.resident_bytes = begun.resident_bytes
        self.is_lost = False
        self.is_killed = False
        self.is_keeper_lost = False
        """Whether the actor is of no use any more either."""
        self.status: int | None = None
        self.on_lost: Callable[[RayProcess], None] | None = None
        self.gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._cluster = cluster
        self._keeper = keeper
        self._hello = hello
        self._number = begun.number
        self._waiting: dict[int, tuple[Receive, Lose]] = {}
        self._last = 0
        self._turn = 0
        self._unsent: list[bytes] = []
        self._is_telling = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._spawn(self._listen())

    def ask(self, message: ToChild, receive: Receive, lose: Lose, buffers: Sequence[Buffer] = ()) -> int:
        """Send a message; its answers go to `receive`, until `forget`. Gives the number of the call."""
        self._last += 1
        number = self._last
        self._waiting[number] = (receive, lose)
        if self.is_lost:
            return number
        self._tell()
        blob = relay.frame(number, message, buffers)
        self._spawn(self._follow(number, self._keeper.ask.remote(self._number, self._next_turn(), blob)))
        return number

    def send(self, number: int, message: ToChild, buffers: Sequence[Buffer] = ()) -> None:
        """Send a message about a call. What comes while another is on its way goes together with what comes after it."""
        if self.is_lost:
            return
        self._unsent.append(relay.frame(number, message, buffers))
        if not self._is_telling:
            self._tell()

    def forget(self, number: int) -> None:
        """Stop listening to a call's answers."""
        self._waiting.pop(number, None)

    def interrupt(self) -> None:
        """Raise KeyboardInterrupt in the code that the process is running."""
        if not self.is_lost:
            self._unsent.append(relay.about_process(Interrupt()))
            self._tell()

    def kill(self) -> None:
        """End the process, and what it started in its own group, at once."""
        self.is_killed = True
        if not self.is_lost:
            self._spawn(self._end_by(self._keeper.kill.remote(self._number)))

    async def close(self) -> None:
        """Let the process end by itself, for a moment; then kill it."""
        if not self.is_lost:
            await self._guarded(self._end_by(self._keeper.end.remote(self._number)))

    def lose(self, status: int | None, *, with_keeper: bool = False) -> None:
        """Tell everyone that there will be no further answer."""
        if self.is_lost:
            return
        self.is_lost, self.status, self.is_keeper_lost = True, status, with_keeper
        waiting, self._waiting = self._waiting, {}
        self.gone.set_result(None)
        if self.on_lost is not None:
            self.on_lost(self)
        for _, lose in waiting.values():
            lose(WorkerLost(status))

    async def _listen(self) -> None:
        """Hear what the keeper has to tell, until the process is gone."""
        while not self.is_lost:
            told = await asyncio.wait_for(self._keeper.news.remote(self._number), SILENCE_SECONDS)
            news = relay.told.decode(told)
            if not isinstance(news, News):
                continue
            self.resident_bytes = news.resident_bytes
            relay.log(_log, news, self._hello)
            if news.lost is not None:
                self.lose(news.lost.status)

    async def _follow(self, number: int, reference: Any) -> None:
        """Take the answers to a call. The next are asked for when the last were taken: it is not flooded with them."""
        while not self._received(await reference):
            reference = self._keeper.more.remote(self._number, number)

    def _received(self, blob: bytes) -> bool:
        """Tell what came; whether there will be no more."""
        has_ended = False
        for number, message, buffers in relay.split(blob, frames.to_front, relay.told):
            if isinstance(message, Lost):
                self.lose(message.status)
                return True
            has_ended = relay.is_end(message)
            receive, _ = self._waiting.get(number, (None, None))
            if receive is not None:
                receive(message, [bytearray(one) for one in buffers])
        return has_ended

    def _tell(self) -> None:
        """Send what is there to be told."""
        if self._unsent:
            blob = b"".join(self._unsent)
            self._unsent.clear()
            self._is_telling = True
            self._spawn(self._told(self._keeper.tell.remote(self._number, self._next_turn(), blob)))

    async def _told(self, reference: Any) -> None:
        await reference
        self._is_telling = False
        self._tell()

    async def _end_by(self, reference: Any) -> None:
        """Wait until the process is gone by what its keeper was told, and end the keeper if it is not."""
        await asyncio.wait_for(reference, END_SECONDS)
        await asyncio.wait_for(asyncio.shield(self.gone), END_SECONDS)

    def _next_turn(self) -> int:
        turn = self._turn
        self._turn += 1
        return turn

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(self._guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something that fails when the keeper, or its node, is gone, or talks nonsense: then so is the process."""
        try:
            await work
        except self._cluster.errors as error:
            if self.is_lost:  # the keeper may have another process by now
                return
            why = type(error).__name__
            logs.event(_log, logging.WARNING, "ray_actor_lost", node=self._hello.address, pid=self.pid, why=why)
            self._cluster.end(self._keeper)
            self.lose(None, with_keeper=True)
