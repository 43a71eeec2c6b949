"""OpenTelemetry's SDK, set up by the standard environment in this process alone: the libraries' own know nothing of it."""

import os
from importlib.metadata import entry_points

from pybridge_worker.errors import BadOption

_GROUP = "opentelemetry_configurator"
"""Where distributions of OpenTelemetry say how they are set up; `opentelemetry-instrument` looks there, too."""


def configure() -> None:
    """Set the SDK up, unless somebody has: a program that started us, or `opentelemetry-instrument`.

    Raises:
        BadOption: there is none.
    """
    try:
        from opentelemetry import trace  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise BadOption("--otel", "it needs opentelemetry-api: pip install 'pybridge-worker[otel]'") from error
    if not isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider):
        return
    wanted = os.environ.get("OTEL_PYTHON_CONFIGURATOR", "")
    found = [point for point in entry_points(group=_GROUP) if wanted in {"", point.name}]
    if not found:
        raise BadOption("--otel", "no SDK is there to set up; pip install opentelemetry-distro and an exporter")
    found[0].load()().configure(auto_instrumentation_version="")
