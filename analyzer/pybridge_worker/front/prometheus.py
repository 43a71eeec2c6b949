"""Metrics for Prometheus, over HTTP on an address of their own. Needs the extra ``prometheus``."""

import contextlib
import ipaddress
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from pybridge_worker.errors import BadOption
from pybridge_worker.front.measuring import GAUGES, RESTARTS, Gauges, Measured

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry, Counter, Histogram
    from prometheus_client.core import Metric

_SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)
_MAX_TYPES = 200


class _Counters(NamedTuple):
    calls: "Counter"
    seconds: "Histogram"
    queue: "Histogram"
    request: "Counter"
    response: "Counter"


class Prometheus:
    """Counts calls in a registry of its own."""

    def __init__(self, gauges: Gauges) -> None:
        try:
            from prometheus_client import (  # noqa: PLC0415 - an extra
                CollectorRegistry,
                Counter,
                Histogram,
                disable_created_metrics,
            )
        except ImportError as error:
            raise BadOption(
                "--metrics", "it needs prometheus-client: pip install 'pybridge-worker[prometheus]'"
            ) from error
        # Else each has a further series, which says when it began.
        disable_created_metrics()  # type: ignore[no-untyped-call] # it has no types
        registry = self.registry = CollectorRegistry()
        which = ("method", "library")
        self._calls = Counter("pybridge_calls", "Calls that ended, by status.", (*which, "status"), registry=registry)
        self._seconds = Histogram(
            "pybridge_call_duration_seconds", "How long calls took.", which, buckets=_SECONDS, registry=registry
        )
        self._queue = Histogram(
            "pybridge_call_queue_seconds", "How long calls waited.", which, buckets=_SECONDS, registry=registry
        )
        self._request = Counter("pybridge_request_bytes", "Bytes of requests.", which, registry=registry)
        self._response = Counter("pybridge_response_bytes", "Bytes of responses.", which, registry=registry)
        self._raised = Counter("pybridge_exceptions", "What called code raised, by type.", ("type",), registry=registry)
        self._types: set[str] = set()
        self._known: dict[tuple[str, str, str], _Counters] = {}
        registry.register(_GaugeCollector(gauges))

    def begin(self, method: str, request: Any, metadata: Iterable[tuple[str, str | bytes]]) -> None:
        """Nothing is counted before the end."""

    def end(self, _begun: object, measured: Measured) -> None:
        """Count a call."""
        counters = self._counters(measured.method, measured.library, measured.status)
        counters.calls.inc()
        counters.seconds.observe(measured.seconds)
        if measured.queue_seconds is not None:
            counters.queue.observe(measured.queue_seconds)
        counters.request.inc(measured.request_bytes)
        counters.response.inc(measured.response_bytes)
        for raised in measured.exceptions:
            self._raised.labels(self._bounded(raised)).inc()

    def _counters(self, method: str, library: str, status: str) -> "_Counters":
        """The counters of these labels, which the library would look up anew for each."""
        found = self._known.get((method, library, status))
        if found is None:
            which = (method, library)
            found = self._known[(*which, status)] = _Counters(
                self._calls.labels(*which, status),
                self._seconds.labels(*which),
                self._queue.labels(*which),
                self._request.labels(*which),
                self._response.labels(*which),
            )
        return found

    def _bounded(self, raised: str) -> str:
        """A library can make types up without end; each costs memory here and at Prometheus."""
        if raised not in self._types and len(self._types) >= _MAX_TYPES:
            return "other"
        self._types.add(raised)
        return raised


class _GaugeCollector:
    def __init__(self, gauges: Gauges) -> None:
        self._gauges = gauges

    def describe(self) -> "Iterator[Metric]":
        return iter(())  # asked when it is registered; the server does not run yet

    def collect(self) -> "Iterator[Metric]":
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily  # noqa: PLC0415 - an extra

        values = self._gauges.read()
        for name, told in GAUGES.items():
            if name in values:
                yield GaugeMetricFamily(f"pybridge_{name}", told, values[name])
        if "worker_restarts" in values:
            yield CounterMetricFamily("pybridge_worker_restarts", RESTARTS, values["worker_restarts"])


@contextmanager
def exposed(registry: "CollectorRegistry", address: str, *, anywhere: bool) -> Iterator[str]:
    """Serve a registry over HTTP for as long as the context lasts; gives the address.

    Raises:
        BadOption: the address is none, is taken, or can be reached from elsewhere and nobody said that it may.
    """
    from prometheus_client import start_http_server  # noqa: PLC0415 - an extra

    host, colon, port = address.rpartition(":")
    bare = "127.0.0.1" if host == "localhost" else host.removeprefix("[").removesuffix("]")
    if not colon or not port.isascii() or not port.isdecimal() or int(port) > 65535:
        raise BadOption("--metrics", f"{address}: an address is HOST:PORT, as 127.0.0.1:9464")
    try:
        ip = ipaddress.ip_address(bare)
    except ValueError as error:
        raise BadOption("--metrics", f"{address}: a host is an IP address or localhost") from error
    if not ip.is_loopback and not anywhere:
        raise BadOption(
            "--metrics", f"{address}: other machines reach it, without TLS or token; add --metrics-anywhere"
        )
    try:
        server, thread = start_http_server(int(port), bare, registry)
    except OSError as error:
        raise BadOption("--metrics", f"{address}: {error.strerror}") from error
    try:
        yield f"{host}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        with contextlib.suppress(RuntimeError):
            thread.join(1.0)
