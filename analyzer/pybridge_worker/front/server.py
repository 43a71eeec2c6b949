"""A server's life: bound, announced, drained, ended."""

import asyncio
import os
import signal
import threading

from grpc import aio

from pybridge_worker import bundle as bundles
from pybridge_worker.front.listening import listening
from pybridge_worker.front.service import Service
from pybridge_worker.front.status import StatusInterceptor
from pybridge_worker.settings import MEBIBYTE, Settings
from pybridge_worker.v1 import pybridge_pb2_grpc

READY = "PYBRIDGE READY 1"
"""The start of the one line on stdout, before the address; 1 is the version of the line itself."""


async def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT, or the parent's end; then finish what is running and return.

    Raises:
        StartupError: the bundle cannot be read, or the address not listened on.
    """
    bundle = await asyncio.to_thread(bundles.load, settings.bundle)
    service = Service(settings, bundle)
    size = settings.max_message_bytes + MEBIBYTE
    server = aio.server(
        interceptors=(StatusInterceptor(),),
        options=(
            ("grpc.max_receive_message_length", size),
            ("grpc.max_send_message_length", size),
            ("grpc.so_reuseport", 0),
        ),
        maximum_concurrent_rpcs=settings.max_concurrent_calls,
    )
    pybridge_pb2_grpc.add_PyBridgeServiceServicer_to_server(service, server)
    stop = _Stop(asyncio.get_running_loop())
    with listening(server, settings.listen) as address:
        await server.start()
        sweeper = asyncio.create_task(service.sessions.sweep())
        print(f"{READY} {address}", flush=True)  # noqa: T201 - the contract with the parent
        if settings.exit_with_parent:
            stop.with_parent()
        await stop.first()
        sweeper.cancel()
        await _drain(server, service, settings, stop)


async def _drain(server: aio.Server, service: Service, settings: Settings, stop: "_Stop") -> None:
    """Refuse new calls, let those that run end, then end the worker processes. A second signal shortens the wait."""
    service.sessions.drain()
    stopping = asyncio.create_task(server.stop(settings.drain_seconds))
    finishing = asyncio.create_task(service.calls.finish_all(settings.drain_seconds))
    hurry = asyncio.create_task(stop.second())
    await asyncio.wait((finishing, hurry), return_when=asyncio.FIRST_COMPLETED)
    if not finishing.done():
        finishing.cancel()
        await service.calls.finish_all(0)
    hurry.cancel()
    await server.stop(1.0)
    await stopping
    await service.sessions.shut()


class _Stop:
    """The wish to stop, said once or twice."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._first = asyncio.Event()
        self._second = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._said)

    async def first(self) -> None:
        await self._first.wait()

    async def second(self) -> None:
        await self._second.wait()

    def with_parent(self) -> None:
        """Stop when stdin ends, as it does with the process that holds its other end. Nobody is left to wait for."""

        def watch() -> None:
            while os.read(0, 4096):
                pass
            self._loop.call_soon_threadsafe(self._said)
            self._loop.call_soon_threadsafe(self._said)

        threading.Thread(target=watch, name="parent", daemon=True).start()

    def _said(self) -> None:
        if self._first.is_set():
            self._second.set()
        self._first.set()
