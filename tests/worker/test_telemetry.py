"""Traces and metrics: what a recorder is told of calls, by the field's own parts, and that nothing is in the way when off."""

import json
import re
import subprocess
import sys
import urllib.request
from pathlib import Path

import grpc
import pytest
from prometheus_client.parser import text_string_to_metric_families

from pybridge_worker.v1 import pybridge_pb2 as pb
from pybridge_worker.v1 import pybridge_pb2_grpc
from worker_clients import SECONDS, Server, Session

HERE = Path(__file__).parent
TRACE = "0af7651916cd43dd8448eb211c80319c"
SECRET = "the-value-of-an-argument"


def run(*arguments):
    command = [sys.executable, "-m", "pybridge_worker", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)


def call_everything(address):
    """One call that goes well, one that raises, one that is refused, a stream, a batch, and one that nobody samples."""
    with grpc.insecure_channel(address) as channel:
        stub = pybridge_pb2_grpc.PyBridgeServiceStub(channel)
        session = Session(stub, "s")
        traced = (("traceparent", f"00-{TRACE}-b7ad6b7169203331-01"),)
        stub.ExecuteTool(
            session.request("workbench.values.echo", {"value": SECRET}, call_id="mine"),
            timeout=SECONDS,
            metadata=traced,
        )
        session.raw("workbench.values.fail", {"metadata": dict(traced)}, message=SECRET)
        session.refused("no.such.tool", value=SECRET)
        list(session.stream("workbench.streams.count", n=3))
        session.call("workbench.Counter")
        operation = pb.BatchOperation(
            call_function=pb.CallOperation(tool_name="workbench.values.fail", arguments=pb.Payload(data=b'[["x"],{}]'))
        )
        stub.ExecuteBatch(pb.ExecuteBatchRequest(session_id="s", operations=[operation] * 2), timeout=SECONDS)
        unsampled = (("traceparent", f"00-{TRACE}-b7ad6b7169203331-00"),)
        stub.GetSession(pb.GetSessionRequest(session_id="s"), timeout=SECONDS, metadata=unsampled)


# ---- Prometheus


@pytest.fixture
def scraped(start):
    server = start("--listen", "127.0.0.1:0", "--metrics", "127.0.0.1:0", "--log-format", "json")
    call_everything(server.address)
    started = next(
        json.loads(line) for line in server.logged("metrics_started", lambda: None) if "metrics_started" in line
    )
    with urllib.request.urlopen(f"http://{started['address']}/metrics", timeout=SECONDS) as answer:
        text = answer.read().decode()
    return text, {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_prometheus_finds_calls_times_bytes_exceptions_and_gauges(scraped):
    text, found = scraped

    assert found["pybridge_calls_total", "ExecuteTool", "OK", "workbench"] == 3
    assert found["pybridge_calls_total", "", "ExecuteTool", "NOT_FOUND"] == 1
    assert found["pybridge_calls_total", "ExecuteToolStreaming", "OK", "workbench"] == 1
    assert found["pybridge_call_duration_seconds_count", "ExecuteTool", "workbench"] == 3
    assert found["pybridge_call_queue_seconds_count", "ExecuteTool", "workbench"] == 3
    assert found["pybridge_exceptions_total", "ValueError"] == 3
    assert found["pybridge_request_bytes_total", "ExecuteTool", "workbench"] > len(SECRET) * 2
    assert found["pybridge_response_bytes_total", "ExecuteTool", "workbench"] > len(SECRET) * 2
    assert (found["pybridge_sessions",], found["pybridge_objects",]) == (1, 1)
    assert found["pybridge_workers",] >= 1
    assert found["pybridge_worker_resident_bytes",] > 1_000_000
    assert found["pybridge_worker_restarts_total",] == 0
    assert SECRET not in text


def test_the_page_of_operations_names_every_metric_and_no_other(scraped):
    page = (HERE.parents[1] / "docs" / "worker.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(pybridge_[a-z_]+)`", page))
    told = {family.name for family in text_string_to_metric_families(scraped[0])}

    assert {name.removesuffix("_total") for name in named} == {name.removesuffix("_total") for name in told}


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("0.0.0.0:0", "other machines reach it"),
        ("nowhere", "HOST:PORT"),
        ("example.org:80", "IP address"),
        ("127.0.0.1:99999", "HOST:PORT"),
    ],
)
def test_metrics_are_told_on_loopback_only_unless_said_otherwise(bundle, address, why):
    done = run("serve", "--bundle", bundle, "--metrics", address)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1].startswith(f"pybridge-worker: error: --metrics: {address}: ")
    assert why in done.stderr


# ---- OpenTelemetry


@pytest.fixture
def told(bundle, tmp_path):
    """What an SDK was told of `call_everything`: spans by method, and metrics by name."""
    path = tmp_path / "told"
    server = Server(
        ("--bundle", bundle, "--python-path", HERE.parent / "libraries", "--listen", f"unix:{tmp_path}/s", "--otel"),
        tmp_path,
        program=(HERE.parent / "worker_observed.py", path),
    )
    try:
        call_everything(server.address)
    finally:
        server.stop()
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    return path.read_text(), [line["span"] for line in lines[:-1]], lines[-1]["metrics"]


def test_a_call_is_a_span_of_the_clients_trace_with_events_and_without_values(told):
    text, spans, _ = told
    echo, raised, refused, stream, created, batch = spans

    assert echo["name"] == "pybridge.v1.PyBridgeService/ExecuteTool"
    assert echo["context"]["trace_id"] == f"0x{TRACE}"
    assert echo["parent_id"] == "0xb7ad6b7169203331"
    assert echo["kind"] == "SpanKind.SERVER"
    assert echo["attributes"]["pybridge.tool"] == "workbench.values.echo"
    assert echo["attributes"]["pybridge.call_id"] == "mine"
    assert [event["name"] for event in echo["events"]] == ["pybridge.call.start", "pybridge.call.stop"]
    assert raised["attributes"]["error.type"] == "ValueError"
    assert raised["context"]["trace_id"] == f"0x{TRACE}"
    assert "exception" in [event["name"] for event in raised["events"]]
    assert raised["attributes"]["rpc.response.status_code"] == "OK"
    assert refused["attributes"]["rpc.response.status_code"] == "NOT_FOUND"
    assert refused["status"]["status_code"] == "UNSET"
    assert stream["name"].endswith("/ExecuteToolStreaming")
    assert created["attributes"]["pybridge.tool"] == "workbench.Counter"
    assert [event["name"] for event in batch["events"]].count("exception") == 2
    assert SECRET not in text


def test_a_trace_that_is_not_sampled_has_no_span(told):
    assert not any("GetSession" in span["name"] for span in told[1])


def test_metrics_are_counted_by_method_and_library(told):
    points = {
        metric["name"]: metric["data"]["data_points"]
        for scope in told[2]["resource_metrics"][0]["scope_metrics"]
        for metric in scope["metrics"]
    }
    calls = {
        (point["attributes"]["rpc.method"], point["attributes"]["rpc.response.status_code"]): point["value"]
        for point in points["pybridge.calls"]
    }

    assert calls == {
        ("ExecuteTool", "OK"): 3,
        ("ExecuteTool", "NOT_FOUND"): 1,
        ("ExecuteToolStreaming", "OK"): 1,
        ("ExecuteBatch", "OK"): 1,
        ("GetSession", "OK"): 1,
    }
    assert points["pybridge.exceptions"][0]["value"] == 3
    assert sum(point["count"] for point in points["pybridge.call.duration"]) == 7


def test_without_an_sdk_the_option_says_what_is_missing(bundle):
    done = run("serve", "--bundle", bundle, "--otel")

    assert (done.returncode, done.stdout) == (2, "")
    assert "pip install opentelemetry-distro" in done.stderr


# ---- off


def test_a_server_that_nobody_listens_to_loads_neither_library():
    code = "import sys; import pybridge_worker.front.server; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()

    assert not {"opentelemetry", "prometheus_client"} & set(loaded)
