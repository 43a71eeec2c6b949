"""A server's life: bound, announced, drained, ended."""

import asyncio
import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack

from grpc import aio

from pybridge_worker import __version__, allowing, logs
from pybridge_worker import bundle as bundles
from pybridge_worker.front import raw, supervisor
from pybridge_worker.front.dispatch import Dispatch
from pybridge_worker.front.health import NAME as HEALTH
from pybridge_worker.front.health import Health
from pybridge_worker.front.listening import is_local, listening
from pybridge_worker.front.measuring import Gauges, Recorder, measuring
from pybridge_worker.front.reflection import NAMES as REFLECTION
from pybridge_worker.front.reflection import Reflection
from pybridge_worker.front.service import Service
from pybridge_worker.front.tls import read_tls
from pybridge_worker.front.tokens import TokenGate, read_tokens
from pybridge_worker.settings import MEBIBYTE, Settings
from pybridge_worker.v1 import pybridge_pb2

READY = "PYBRIDGE READY 1"
"""The start of the one line on stdout, before the address; 1 is the version of the line itself."""
_OTHER_RPCS = 256
"""For health, status, closing and cancelling, which must work when no further call is taken."""
SERVICE: str = pybridge_pb2.DESCRIPTOR.services_by_name["PyBridgeService"].full_name
_log = logging.getLogger(__name__)


async def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT, or the parent's end; then finish what is running and return.

    Raises:
        StartupError: a file that the settings name cannot be used, or the address not listened on.
    """
    tls, tokens = read_tls(settings), read_tokens(settings.token_file, settings.token_descriptor)
    bundle = await asyncio.to_thread(_load, settings)
    service, health = Service(settings, bundle), Health((SERVICE,))
    with ExitStack() as held:
        server = aio.server(
            options=_options(settings), maximum_concurrent_rpcs=settings.max_concurrent_calls + _OTHER_RPCS
        )
        recorders = tuple(_recorders(settings, Gauges(service.sessions), held))
        methods = raw.handlers(service)
        if recorders:
            methods = measuring(methods, recorders, [one.library for one in bundle.libraries])
        has_reflection = settings.reflection and is_local(settings.listen)
        reflection = Reflection((SERVICE, HEALTH, *REFLECTION)).handlers() if has_reflection else ()
        gate = TokenGate(tokens) if tokens is not None else None
        server.add_generic_rpc_handlers((Dispatch(methods, (health.handler(), *reflection), gate),))
        address = held.enter_context(listening(server, settings.listen, tls, has_tokens=tokens is not None))
        await service.sessions.open_processes()
        stop = _Stop(asyncio.get_running_loop())  # after Ray, which has a handler for SIGTERM too
        await server.start()
        health.say(is_serving=True)
        for work in (
            service.sessions.begin(),
            service.sessions.sweep(),
            service.transfers.sweep(),
            health.follow(service.sessions.is_able),
            supervisor.feed_watchdog(),
        ):
            held.callback(asyncio.create_task(work).cancel)
        print(f"{READY} {address}", file=sys.__stdout__, flush=True)  # the contract with the parent
        supervisor.notify(f"READY=1\nSTATUS=serving on {address}")
        _log_start(address, settings, asks_for_token=tokens is not None)
        if settings.exit_with_parent:
            stop.with_parent()
        await stop.first()
        await _drain(server, service, health, settings, stop)
    logs.event(_log, logging.INFO, "server_stopped", pid=os.getpid())


def _recorders(settings: Settings, gauges: Gauges, held: ExitStack) -> Iterator[Recorder]:
    """Who wants to know of every call; what they hold is given back when the server has ended."""
    if settings.metrics is not None:
        from pybridge_worker.front.prometheus import Prometheus, exposed  # noqa: PLC0415 - an extra

        prometheus = Prometheus(gauges)
        where = exposed(prometheus.registry, settings.metrics, anywhere=settings.metrics_anywhere)
        logs.event(_log, logging.INFO, "metrics_started", address=held.enter_context(where))
        yield prometheus
    if settings.otel:
        from pybridge_worker.front.opentelemetry import Metrics, Traces  # noqa: PLC0415 - an extra

        yield from (Traces(), Metrics(gauges))


def _load(settings: Settings) -> bundles.Bundle:
    bundle = bundles.load(settings.bundle)
    if settings.also_allow is None:
        return bundle
    listed = allowing.load(settings.also_allow)
    logs.event(_log, logging.INFO, "also_allowed", file=str(settings.also_allow), entries=len(listed.allow))
    return allowing.extend(bundle, listed, settings.also_allow)


def _options(settings: Settings) -> tuple[tuple[str, int], ...]:
    size = settings.max_message_bytes + MEBIBYTE
    return (
        ("grpc.max_receive_message_length", size),
        ("grpc.max_send_message_length", size),
        ("grpc.so_reuseport", 0),
        # A client whose machine is gone says nothing: it is asked, so that its calls end and their slots are free.
        ("grpc.keepalive_time_ms", int(settings.keepalive_seconds * 1000)),
        ("grpc.keepalive_timeout_ms", 10_000),
        ("grpc.keepalive_permit_without_calls", 1),
        # Clients may ask as well, every ten seconds, between calls too.
        ("grpc.http2.min_ping_interval_without_data_ms", 10_000),
    )


def _log_start(address: str, settings: Settings, *, asks_for_token: bool) -> None:
    logs.event(
        _log,
        logging.INFO,
        "server_started",
        address=address,
        pid=os.getpid(),
        version=__version__,
        workers=settings.workers,
        tls="none" if settings.tls_cert is None else "mutual" if settings.tls_client_ca else "server",
        token=asks_for_token,
        bundle=str(settings.bundle),
    )


async def _drain(server: aio.Server, service: Service, health: Health, settings: Settings, stop: "_Stop") -> None:
    """Refuse new calls, let those that run end, then end the worker processes. A second signal shortens the wait."""
    health.drain()
    supervisor.notify("STOPPING=1")
    logs.event(_log, logging.INFO, "server_draining", seconds=settings.drain_seconds, calls=len(service.calls))
    service.sessions.drain()
    finishing = asyncio.create_task(service.calls.finish_all(settings.drain_seconds))
    hurry = asyncio.create_task(stop.second())
    await asyncio.wait((finishing, hurry), return_when=asyncio.FIRST_COMPLETED)
    if not finishing.done():
        finishing.cancel()
        await service.calls.finish_all(0)
    hurry.cancel()
    health.end()
    await server.stop(1.0)
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
