"""How worker processes come to be: forked from a zygote where that is safe, spawned elsewhere."""

import asyncio
import logging
import socket
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from pybridge_worker import logs
from pybridge_worker.bundle import Surface
from pybridge_worker.errors import NotConfined, WorkerLost
from pybridge_worker.frames import Confinement, Start
from pybridge_worker.hosts.contract import WorkerProcess
from pybridge_worker.hosts.local import orphans
from pybridge_worker.hosts.local.folders import Folders, remove_abandoned
from pybridge_worker.hosts.local.handles import Handle, has_pidfd
from pybridge_worker.hosts.local.output import Output
from pybridge_worker.hosts.local.process import ChildProcess
from pybridge_worker.hosts.local.spawning import WORKER, ZYGOTE, spawn
from pybridge_worker.hosts.local.zygote import Zygote
from pybridge_worker.settings import MEBIBYTE, Settings

MAX_FAILURES = 3
"""So many zygotes may be lost in a row; then workers are spawned."""
_REAP_SECONDS = 1.0
_log = logging.getLogger(__name__)


class LocalProcesses:
    """Starts children of this process."""

    def __init__(self, settings: Settings, surface: Surface) -> None:
        self._settings = settings
        self._surface = surface
        self._modules = list(settings.preload)
        self._unfit: set[str] = set()
        """Modules after whose import no process may be forked."""
        self._fatal: set[str] = set()
        """Those of them that no process came through."""
        self._zygote: Zygote | None = None
        self._preparing = asyncio.Lock()
        self._failures = 0 if settings.fork and has_pidfd() and orphans.adopt() else MAX_FAILURES
        self._confined: tuple[str, ...] = ()
        self._folders = Folders()
        self._count = 0
        self._forking = 0
        self._living: set[int] = set()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closed = False
        self._has_tidied = False

    @property
    def confined(self) -> tuple[str, ...]:
        """The layers of the sandbox that held in the process that was started last."""
        return self._confined

    async def open(self) -> None:
        """Try whether processes can be confined, where they have to be.

        Raises:
            NotConfined: they cannot.
        """
        if self._settings.sandbox != "required":
            return
        try:
            process = await self.start(epoch=0, modules=())
        except (WorkerLost, OSError) as error:
            raise NotConfined(str(error)) from error
        await process.close()

    def at(self, place: str) -> "LocalProcesses":  # noqa: ARG002 - there is one place
        """The same."""
        return self

    async def preload(self, modules: tuple[str, ...]) -> None:
        """Import modules where later processes are forked from. What cannot be imported is told in the log."""
        self._modules += [one for one in modules if one not in self._modules]
        await self._prepared()
        if not self._has_tidied:
            self._has_tidied = True
            await asyncio.to_thread(remove_abandoned)

    async def start(self, *, epoch: int, modules: tuple[str, ...], memory_bytes: int = 0) -> WorkerProcess:
        """Start a child and wait until it can be called.

        Raises:
            WorkerLost: it ended before that.
            OSError: there is no room for it.
        """
        self._count += 1
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                output = Output(self._count)
                handle, is_forked = await self._born(theirs, output)
            except BaseException:
                ours.close()
                raise
        self._begun(handle, output)
        folder = self._folders.new(output.worker)
        handle.exited.add_done_callback(lambda _: self._spawn_task(self._folders.remove(folder)))
        child = ChildProcess(handle, output, epoch)
        modules = tuple(one for one in modules if one not in self._fatal)
        start = self._start(epoch, modules, folder, is_forked=is_forked, memory_bytes=memory_bytes)
        await child.begin(ours, start, self._settings.max_message_bytes + MEBIBYTE)
        if child.ready is not None:
            self._note_confined(child.ready.confined)
        return child

    async def close(self) -> None:
        """End the zygote."""
        self._closed = True
        async with self._preparing:
            zygote, self._zygote = self._zygote, None
        if zygote is not None:
            await zygote.close()
        for task in tuple(self._tasks):
            task.cancel()
        await self._folders.close()

    def _start(
        self, epoch: int, modules: tuple[str, ...], folder: Path, *, is_forked: bool, memory_bytes: int = 0
    ) -> Start:
        given = self._settings
        limits = [one for one in (given.max_memory_bytes, memory_bytes) if one]
        confinement = Confinement(
            level=given.sandbox,
            readable=given.allow_read,
            writable=given.allow_write,
            temporary=str(folder),
            programs=given.allow_programs,
            network=given.allow_network,
            all_processes=epoch == 0,
            memory_bytes=min(limits, default=0) if epoch else 0,
            cpu_seconds=given.max_cpu_seconds if epoch else 0,
        )
        return Start(
            confinement=confinement,
            epoch=epoch,
            surface=Surface() if is_forked else self._surface,
            python_path=self._settings.python_path,
            modules=modules,
            max_result_bytes=self._settings.max_message_bytes,
            max_objects=self._settings.max_objects,
            show_tracebacks=self._settings.show_tracebacks,
            validation=self._settings.validation,
        )

    async def _born(self, connection: socket.socket, output: Output) -> tuple[Handle, bool]:
        """Make a process with this connection and this output; whether it was forked."""
        try:
            zygote = await self._prepared()
            if zygote is not None:
                handle = await self._forked(zygote, connection, output)
                if handle is not None:
                    return handle, True
            return spawn(WORKER, connection.fileno(), output), False
        except BaseException:
            output.close()
            raise

    async def _forked(self, zygote: Zygote, connection: socket.socket, output: Output) -> Handle | None:
        self._forking += 1
        try:
            handle = await zygote.fork(connection, output)
        except WorkerLost:
            return None
        except OSError as error:
            logs.event(_log, logging.WARNING, "worker_not_forked", why=error.strerror)
            return None
        finally:
            self._forking -= 1
        self._failures = 0
        return handle

    async def _prepared(self) -> Zygote | None:
        """The zygote, with everything imported that can be; None where workers are spawned."""
        async with self._preparing:
            while self._failures < MAX_FAILURES and not self._closed:
                try:
                    if self._zygote is None or self._zygote.is_lost:
                        self._zygote = None
                        self._zygote = await self._new_zygote()
                    if await self._import_into(self._zygote):
                        return self._zygote
                except (WorkerLost, OSError) as error:
                    self._failures += 1
                    if self._failures == MAX_FAILURES:
                        logs.event(_log, logging.WARNING, "zygote_given_up", why=str(error))
            return None

    async def _new_zygote(self) -> Zygote:
        ours, theirs = socket.socketpair()
        with theirs:
            output = Output(0)
            try:
                handle = spawn(ZYGOTE, theirs.fileno(), output)
            except BaseException:
                output.close()
                ours.close()
                raise
        self._begun(handle, output)
        zygote = Zygote(handle, output, ours)
        handle.exited.add_done_callback(lambda _: self._zygote_ended(zygote))
        await zygote.prepare(self._start(0, (), self._folders.root, is_forked=False))
        if zygote.prepared is not None:
            self._note_confined(zygote.prepared.confined)
        return zygote

    async def _import_into(self, zygote: Zygote) -> bool:
        """Import what is missing; False when the zygote is of no use any more."""
        for module in self._modules:
            if module in zygote.imported or module in self._unfit:
                continue
            try:
                told = await zygote.preload(module)
            except (WorkerLost, TimeoutError) as error:
                self._unfit.add(module)
                self._fatal.add(module)
                _not_ahead(module, str(error) if isinstance(error, TimeoutError) else "it ended the process")
                return False
            if told.problem:
                _not_ahead(module, told.problem)
            if not told.may_fork:
                self._unfit.add(module)
                self._zygote = None
                await zygote.close()
                return False
        return True

    def _zygote_ended(self, zygote: Zygote) -> None:
        """Have another ready before it is asked for."""
        if zygote is self._zygote and not self._closed and zygote.prepared is not None:
            logs.event(_log, logging.WARNING, "zygote_lost", pid=zygote.handle.pid)
            self._failures += 1
            self._spawn_task(self._prepared())

    def _note_confined(self, layers: tuple[str, ...]) -> None:
        if layers != self._confined:
            self._confined = layers
            logs.event(_log, logging.INFO, "worker_confined", by=" ".join(layers))

    def _begun(self, handle: Handle, output: Output) -> None:
        output.handed_over()
        output.pid = handle.pid
        if not self._tasks:
            self._spawn_task(self._reap_orphans())
        self._living.add(handle.pid)
        handle.exited.add_done_callback(lambda _: self._living.discard(handle.pid))

    def _spawn_task(self, work: Coroutine[Any, Any, object]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _reap_orphans(self) -> None:
        while True:
            await asyncio.sleep(_REAP_SECONDS)
            if not self._forking:
                orphans.reap(self._living)


def _not_ahead(module: str, why: str) -> None:
    logs.event(_log, logging.WARNING, "module_not_preloaded", module=module, why=why)
