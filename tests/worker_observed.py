"""Runs `pybridge-worker` under an SDK of OpenTelemetry that writes what it is told to a file, one JSON object a line.

Stands in for `opentelemetry-instrument`, which sets up an SDK by the environment before it runs a program.
"""

import json
import sys

from opentelemetry import metrics, trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult

from pybridge_worker.cli import main


class Lines(SpanExporter):
    def __init__(self, file):
        self.file = file

    def export(self, spans):
        for span in spans:
            self.file.write(json.dumps({"span": json.loads(span.to_json(indent=None))}) + "\n")
        self.file.flush()
        return SpanExportResult.SUCCESS


def observed(path, arguments):
    """Serve, and write what was measured by the end."""
    with open(path, "w", encoding="utf-8") as file:  # noqa: PTH123 - a path of the command line
        traces = TracerProvider()
        traces.add_span_processor(BatchSpanProcessor(Lines(file)))
        trace.set_tracer_provider(traces)
        reader = InMemoryMetricReader()
        metrics.set_meter_provider(MeterProvider([reader]))
        code = main(arguments)
        traces.shutdown()
        told = reader.get_metrics_data()
        file.write(json.dumps({"metrics": json.loads(told.to_json()) if told else None}) + "\n")
    return code


if __name__ == "__main__":
    sys.exit(observed(sys.argv[1], sys.argv[2:]))
