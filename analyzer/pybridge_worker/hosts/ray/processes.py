"""Worker processes on the nodes of a cluster: where each is started, and what becomes of the actors that keep them."""

import asyncio
import logging
from collections import OrderedDict
from typing import Any

from pybridge_worker import __version__, logs
from pybridge_worker.bundle import Surface
from pybridge_worker.errors import LimitReached, NodeUnfit, WorkerLost
from pybridge_worker.frames import Refusal
from pybridge_worker.hosts.contract import WorkerProcess
from pybridge_worker.hosts.ray import relay
from pybridge_worker.hosts.ray.cluster import Cluster, connect
from pybridge_worker.hosts.ray.keeper import Keeper
from pybridge_worker.hosts.ray.process import RayProcess
from pybridge_worker.hosts.ray.relay import Begin, Begun, Hello, Lost, News, NoRoom, Office
from pybridge_worker.hosts.running import refused
from pybridge_worker.settings import Settings

PLACE_SECONDS = 60.0
"""How long the cluster may take to find a place for an actor; a call waits meanwhile."""
IDLE_SECONDS = 10.0
"""An actor whose process is gone is kept for so long: another process starts in it much faster than in a new one."""
_MAX_PLACES = 10_000
_BEFORE = "before it could be called; see the server's log"
_log = logging.getLogger(__name__)


class Hired:
    """An actor that keeps a process, or waits for one."""

    def __init__(self, actor: Any, hello: Hello) -> None:
        self.actor = actor
        self.hello = hello
        self.place = ""
        self.fired: asyncio.TimerHandle | None = None


class RayProcesses:
    """Starts processes on the nodes of a cluster, each kept by an actor of its own."""

    def __init__(self, settings: Settings, surface: Surface) -> None:
        self._settings = settings
        self._surface = surface
        self._modules = list(settings.preload)
        self._office: Any = None
        self._idle: list[Hired] = []
        self._nodes: OrderedDict[str, str] = OrderedDict()
        """On which node the last process of a place was."""
        self._cluster: Cluster | None = None
        self._confined: tuple[str, ...] = ()

    @property
    def confined(self) -> tuple[str, ...]:
        """The layers that held in the process that was started last; nodes may differ in what they have."""
        return self._confined

    async def open(self) -> None:
        """Start a cluster or join one.

        Raises:
            BadOption: it cannot be joined, or must not be.
        """
        self._cluster = await asyncio.to_thread(connect, self._settings)
        level = logging.getLogger().getEffectiveLevel()
        office = Office(relay.settings_for_nodes(self._settings), self._surface, level)
        self._office = self._cluster.put(relay.encode(office))

    def at(self, place: str) -> "RayPlace":
        """The same, for one host: what it starts is put where its last process was, or those of the same place."""
        return RayPlace(self, place)

    async def start(
        self, *, epoch: int, modules: tuple[str, ...], place: str = "", memory_bytes: int = 0
    ) -> WorkerProcess:
        """Start a process on a node and wait until it can be called.

        Raises:
            WorkerLost: it ended before that, or its actor did.
            LimitReached: no node has room for an actor.
            NodeUnfit: the node has another version of the worker.
            OSError: the node has no room for a process.
        """
        cluster = self._connected()
        hired = self._idle_at(place) or await self._hire(cluster, self._nodes.get(place, ""))
        hired.place = place
        begin = Begin(epoch, modules, tuple(self._modules), memory_bytes)
        try:
            told = relay.told.decode(await hired.actor.begin.remote(relay.encode(begin)))
        except BaseException as error:
            cluster.end(hired.actor)
            if isinstance(error, cluster.errors):
                raise WorkerLost(None, phase="with its node before it could be called") from error
            raise
        if isinstance(told, Begun):
            return self._begun(cluster, hired, told, epoch)
        self._free(hired)
        await self._log_of(hired)
        match told:
            case Refusal():
                raise refused(told)
            case NoRoom(number=number, why=why):
                raise OSError(number, why)
            case Lost(status=status):
                raise WorkerLost(status, phase=_BEFORE)
            case _:
                raise WorkerLost(None, phase=_BEFORE)

    async def preload(self, modules: tuple[str, ...]) -> None:
        """Have modules imported in the keepers that are hired from now on, where processes are forked from."""
        self._modules += [one for one in modules if one not in self._modules]

    async def close(self) -> None:
        """End the actors, and leave the cluster."""
        cluster, self._cluster = self._cluster, None
        if cluster is None:
            return
        for hired in self._idle:
            if hired.fired is not None:
                hired.fired.cancel()
        await asyncio.to_thread(cluster.close)

    def _connected(self) -> Cluster:
        if self._cluster is None:
            raise WorkerLost(None, phase="before it could be called: there is no cluster")
        return self._cluster

    def _begun(self, cluster: Cluster, hired: Hired, begun: Begun, epoch: int) -> RayProcess:
        if hired.place:
            self._nodes[hired.place] = hired.hello.node
            self._nodes.move_to_end(hired.place)
            if len(self._nodes) > _MAX_PLACES:
                self._nodes.popitem(last=False)
        self._confined = begun.confined
        process = RayProcess(cluster, hired.actor, hired.hello, begun, epoch)
        process.gone.add_done_callback(lambda _: None if process.is_keeper_lost else self._free(hired))
        return process

    async def _hire(self, cluster: Cluster, node: str) -> Hired:
        actor = cluster.actor(Keeper, self._office, node)
        try:
            hello = await self._greeted(cluster, actor)
        except BaseException:
            cluster.end(actor)
            raise
        return Hired(actor, hello)

    async def _greeted(self, cluster: Cluster, actor: Any) -> Hello:
        try:
            hello = relay.hello.decode(await asyncio.wait_for(actor.greet.remote(), PLACE_SECONDS))
        except asyncio.TimeoutError as error:  # noqa: UP041 - Python 3.10 has two of them
            what = "no node of the cluster had a place for a worker process within so many seconds"
            raise LimitReached(what, int(PLACE_SECONDS), retry_seconds=5.0) from error
        except cluster.errors as error:
            logs.event(_log, logging.ERROR, "ray_actor_not_started", why=str(error))
            raise WorkerLost(None, phase=_BEFORE) from error
        if hello.worker_version != __version__:
            raise NodeUnfit(hello.address, hello.worker_version, __version__)
        return hello

    def _idle_at(self, place: str) -> Hired | None:
        """An actor that waits: of this place, else of its node; else any, if the place has been nowhere yet."""
        node = self._nodes.get(place) if place else None
        fit = [one for one in self._idle if node is None or one.hello.node == node]
        if not fit:
            return None
        hired = next((one for one in fit if one.place == place), fit[0])
        self._idle.remove(hired)
        if hired.fired is not None:
            hired.fired.cancel()
        return hired

    def _free(self, hired: Hired) -> None:
        self._idle.append(hired)
        hired.fired = asyncio.get_running_loop().call_later(IDLE_SECONDS, self._fire, hired)

    def _fire(self, hired: Hired) -> None:
        if hired in self._idle and self._cluster is not None:
            self._idle.remove(hired)
            self._cluster.end(hired.actor)

    async def _log_of(self, hired: Hired) -> None:
        """Tell what a process said that could never be called."""
        try:
            news = relay.told.decode(await asyncio.wait_for(hired.actor.news.remote(0), PLACE_SECONDS))
        except self._connected().errors:
            return
        if isinstance(news, News):
            relay.log(_log, news, hired.hello)


class RayPlace:
    """Starts the processes of one host."""

    def __init__(self, processes: RayProcesses, place: str) -> None:
        self._processes = processes
        self._place = place

    async def start(self, *, epoch: int, modules: tuple[str, ...], memory_bytes: int = 0) -> WorkerProcess:
        """As `RayProcesses.start`."""
        return await self._processes.start(epoch=epoch, modules=modules, place=self._place, memory_bytes=memory_bytes)
