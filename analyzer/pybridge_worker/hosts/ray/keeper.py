"""The actor on a node: keeps a process there, one at a time, and passes on what it and the front say to each other.

It never meets the library: that is in the process, which `hosts.local` starts and ends as it does for a front of the
same machine. When the actor ends, so does the process.
"""

import asyncio
import os

from pybridge_worker.errors import Code, Refused, StartupError, WorkerLost
from pybridge_worker.frames import Refusal
from pybridge_worker.hosts.local import LocalProcesses
from pybridge_worker.hosts.ray import cluster, relay
from pybridge_worker.hosts.ray.gathering import Gathering
from pybridge_worker.hosts.ray.passing import Passing
from pybridge_worker.hosts.ray.relay import Begun, Lost, News, NoRoom

NEWS_SECONDS = 2.0
"""How often a keeper says that it is there when there is nothing else to say."""
_SECRETS = ("RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH")


class Keeper:
    """All methods but those of one process say nothing of it; `number` is which process the front means."""

    def __init__(self, office: bytes) -> None:
        self._office = relay.office.decode(office)
        self._gathering = Gathering(self._office.log_level)
        self._processes: LocalProcesses | None = None
        self._passing: Passing | None = None
        self._is_open = False
        self._count = 0
        # Ray itself has read them; the library that runs below has no business with the cluster.
        for name in _SECRETS:
            os.environ.pop(name, None)

    async def greet(self) -> bytes:
        """Say where it is, and which versions are there."""
        return relay.encode(relay.greeting(*cluster.here()))

    async def begin(self, order: bytes) -> bytes:
        """Start a process, in the place of the last one."""
        begin = relay.begin.decode(order)
        await self._part()
        if self._processes is None:
            self._processes = LocalProcesses(self._office.settings, self._office.surface)
        try:
            await self._opened(self._processes, begin.preload)
            process = await self._processes.start(
                epoch=begin.epoch, modules=begin.modules, memory_bytes=begin.memory_bytes
            )
        except WorkerLost as error:
            return relay.encode(Lost(error.status))
        except Refused as error:
            refusal = Refusal(error.code.value, error.reason, error.message, error.field, error.limit)
            return relay.encode(refusal)
        except StartupError as error:
            return relay.encode(Refusal(Code.FAILED_PRECONDITION.value, "NODE_UNFIT", str(error)))
        except OSError as error:
            return relay.encode(NoRoom(error.errno or 0, error.strerror or str(error)))
        self._count += 1
        self._passing = Passing(process, self._count)
        begun = Begun(self._count, process.pid, process.resident_bytes, self._processes.confined)
        return relay.encode(begun)

    async def ask(self, number: int, turn: int, blob: bytes) -> bytes:
        """Pass a call on to a process, and give what it is answered with first."""
        passing = self._of(number)
        return await passing.ask(turn, blob) if passing is not None else relay.lost(None)

    async def more(self, number: int, call: int) -> bytes:
        """Wait for what else a call is answered with."""
        passing = self._of(number)
        return await passing.more(call) if passing is not None else relay.lost(None)

    async def tell(self, number: int, turn: int, blob: bytes) -> None:
        """Pass on what is about calls."""
        passing = self._of(number)
        if passing is not None:
            await passing.tell(turn, blob)

    async def news(self, number: int) -> bytes:
        """Wait for something to tell about a process, for a moment; of none, or of an earlier one, at once."""
        passing = self._of(number)
        if passing is None:
            return relay.encode(News(self._gathering.take(), 0, Lost(None)))
        await asyncio.wait(
            (passing.lost, self._gathering.something()),
            timeout=NEWS_SECONDS,
            return_when=asyncio.FIRST_COMPLETED,
        )
        lost = passing.lost.result() if passing.lost.done() else None
        size = 0 if lost is not None else passing.process.resident_bytes
        return relay.encode(News(self._gathering.take(), size, lost))

    async def kill(self, number: int) -> None:
        """End a process at once."""
        passing = self._of(number)
        if passing is not None:
            passing.process.kill()

    async def end(self, number: int) -> None:
        """Let a process end by itself for a moment, then kill it; comes back when it is gone."""
        if self._of(number) is not None:
            await self._part()

    async def _opened(self, processes: LocalProcesses, modules: tuple[str, ...]) -> None:
        if not self._is_open:
            await processes.open()
            self._is_open = True
        await processes.preload(modules)

    def _of(self, number: int) -> Passing | None:
        return self._passing if self._passing is not None and self._passing.number == number else None

    async def _part(self) -> None:
        passing = self._passing
        if passing is not None and not passing.process.is_lost:
            await passing.process.close()
