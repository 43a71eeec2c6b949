"""Traces and metrics by OpenTelemetry's API. Needs the extra ``otel``; the SDK behind it is the operator's choice."""

import time
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from pybridge_worker import __version__
from pybridge_worker.errors import BadOption
from pybridge_worker.front.measuring import GAUGES, RESTARTS, Gauges, Measured

if TYPE_CHECKING:
    from opentelemetry.metrics import CallbackOptions, Observation
    from opentelemetry.trace import Span

_SERVICE = "pybridge.v1.PyBridgeService"
_SERVER_ERRORS = frozenset({"DEADLINE_EXCEEDED", "INTERNAL", "UNAVAILABLE", "UNIMPLEMENTED"})
"""The statuses that OpenTelemetry's conventions call an error of a server's span; the others are the client's."""
_TRACE_KEYS = frozenset({"traceparent", "tracestate"})
"""A client that cannot set headers of its own tells its trace in the request's metadata."""
_MAX_TYPES = 200
_Metadata = Iterable[tuple[str, str | bytes]]


class Traces:
    """One span a call, within the trace that the client's metadata tells; none for a trace that is not sampled."""

    def __init__(self) -> None:
        try:
            from opentelemetry import propagate, trace  # noqa: PLC0415 - an extra
        except ImportError as error:
            raise BadOption("--otel", "it needs opentelemetry-api: pip install 'pybridge-worker[otel]'") from error
        self._extract = propagate.extract
        self._tracer = trace.get_tracer("pybridge_worker", __version__)
        self._server = trace.SpanKind.SERVER
        self._failed = trace.Status(trace.StatusCode.ERROR)

    def begin(self, method: str, request: Any, metadata: _Metadata) -> "Span | None":
        """Start a span, if anybody will see it."""
        carrier = {key: value for key, value in metadata if isinstance(value, str)}
        told = getattr(request, "metadata", None) or {}
        for key in _TRACE_KEYS & told.keys() - carrier.keys():
            carrier[key] = told[key]
        if carrier.get("traceparent", "").endswith("-00"):
            return None
        span = self._tracer.start_span(f"{_SERVICE}/{method}", self._extract(carrier), kind=self._server)
        if not span.is_recording():
            return None
        span.set_attributes({"rpc.system": "grpc", "rpc.service": _SERVICE, "rpc.method": method})
        for field, attribute in (("tool_name", "pybridge.tool"), ("call_id", "pybridge.call_id")):
            if text := getattr(request, field, ""):
                span.set_attribute(attribute, text[:200])
        return span

    def end(self, begun: "Span | None", measured: Measured) -> None:
        """End a span, with what was measured; messages of exceptions may have values in them, and stay out."""
        if begun is None:
            return
        now = time.time_ns()
        if measured.queue_seconds is not None:
            started = now - int((measured.seconds - measured.queue_seconds) * 1e9)
            begun.add_event("pybridge.call.start", timestamp=started)
            begun.set_attribute("pybridge.queue_seconds", measured.queue_seconds)
        for raised in measured.exceptions:
            begun.add_event("exception", {"exception.type": raised}, timestamp=now)
            begun.set_attribute("error.type", raised)
        begun.add_event("pybridge.call.stop", {"pybridge.response_bytes": measured.response_bytes}, timestamp=now)
        begun.set_attribute("rpc.response.status_code", measured.status)
        if measured.status in _SERVER_ERRORS:
            begun.set_status(self._failed)
        begun.end(now)


class Metrics:
    """The metrics of OpenTelemetry: counters and histograms by call, gauges when the SDK asks for them."""

    def __init__(self, gauges: Gauges) -> None:
        from opentelemetry import metrics  # noqa: PLC0415 - an extra

        meter = metrics.get_meter("pybridge_worker", __version__)
        self._calls = meter.create_counter("pybridge.calls", "{call}", "Calls that ended, by status.")
        self._seconds = meter.create_histogram("pybridge.call.duration", "s", "How long calls took.")
        self._queue = meter.create_histogram("pybridge.call.queue_time", "s", "How long calls waited.")
        self._request = meter.create_counter("pybridge.request.size", "By", "Bytes of requests.")
        self._response = meter.create_counter("pybridge.response.size", "By", "Bytes of responses.")
        self._raised = meter.create_counter("pybridge.exceptions", "{exception}", "What called code raised, by type.")
        self._types: set[str] = set()
        for name, told in GAUGES.items():
            meter.create_observable_gauge(f"pybridge.{name}", [_reader(gauges, name)], description=told)
        reader = _reader(gauges, "worker_restarts")
        meter.create_observable_counter("pybridge.worker_restarts", [reader], description=RESTARTS)

    def begin(self, method: str, request: Any, metadata: _Metadata) -> None:
        """Nothing is counted before the end."""

    def end(self, _begun: object, measured: Measured) -> None:
        """Count a call."""
        which = {"rpc.method": measured.method, "pybridge.library": measured.library}
        self._calls.add(1, {**which, "rpc.response.status_code": measured.status})
        self._seconds.record(measured.seconds, which)
        if measured.queue_seconds is not None:
            self._queue.record(measured.queue_seconds, which)
        self._request.add(measured.request_bytes, which)
        self._response.add(measured.response_bytes, which)
        for raised in measured.exceptions:
            known = raised in self._types or len(self._types) < _MAX_TYPES
            self._types.update((raised,) if known else ())
            self._raised.add(1, {"exception.type": raised if known else "other"})


def _reader(gauges: Gauges, name: str) -> "Callable[[CallbackOptions], Sequence[Observation]]":
    def read(_options: "CallbackOptions") -> "Sequence[Observation]":
        from opentelemetry.metrics import Observation  # noqa: PLC0415 - an extra

        values = gauges.read()
        return [Observation(values[name])] if name in values else []

    return read
