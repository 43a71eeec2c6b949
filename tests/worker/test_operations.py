"""What an operator sees of a server: health, reflection, its drain, its log, and the details of refusals."""

import json
import os
import signal
import socket

import grpc
import pytest
from google.protobuf.descriptor_pool import DescriptorPool
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

from pybridge_worker.v1 import pybridge_pb2 as pb
from pybridge_worker.v1 import pybridge_pb2_grpc, status_pb2
from worker_clients import SECONDS, Session, refusal

SERVICE = "pybridge.v1.PyBridgeService"
SERVING, NOT_SERVING = health_pb2.HealthCheckResponse.SERVING, health_pb2.HealthCheckResponse.NOT_SERVING


def details(error):
    """The rich details of a refusal, by the name that Google gives them."""
    status = status_pb2.RpcStatus.FromString(dict(error.trailing_metadata())["grpc-status-details-bin"])
    return {one.type_url.rpartition(".")[2]: one.value for one in status.details}


# ---- health and reflection, asked by the field's own clients


def test_health_is_told_by_service(server):
    with grpc.insecure_channel(server.address) as channel:
        health = health_pb2_grpc.HealthStub(channel)
        told = [
            health.Check(health_pb2.HealthCheckRequest(service=name), timeout=SECONDS).status for name in ("", SERVICE)
        ]
        with pytest.raises(grpc.RpcError) as caught:
            health.Check(health_pb2.HealthCheckRequest(service="nobody"), timeout=SECONDS)
        watch = health.Watch(health_pb2.HealthCheckRequest(service="nobody"), timeout=SECONDS)
        first = next(watch).status
        watch.cancel()

    assert told == [SERVING, SERVING]
    assert caught.value.code() is grpc.StatusCode.NOT_FOUND
    assert first == health_pb2.HealthCheckResponse.SERVICE_UNKNOWN


def test_a_server_whose_processes_all_end_again_and_again_does_not_serve(start):
    server = start("--listen", "127.0.0.1:0", "--workers", 1, "--crash-limit", 2)
    with grpc.insecure_channel(server.address) as channel:
        watch = health_pb2_grpc.HealthStub(channel).Watch(health_pb2.HealthCheckRequest(), timeout=SECONDS)
        session = Session(pybridge_pb2_grpc.PyBridgeServiceStub(channel), "s")
        told = [next(watch).status]
        for _ in range(2):
            session.refused("workbench.faults.leave", code=3)
        told.append(next(watch).status)
        watch.cancel()

    assert told == [SERVING, NOT_SERVING]
    assert server.logged("health_changed serving=False", lambda: None)


def test_watching_health_has_a_limit_that_asking_does_not_share(start):
    server = start("--listen", "127.0.0.1:0")
    with grpc.insecure_channel(server.address) as channel:
        health = health_pb2_grpc.HealthStub(channel)
        watches = [health.Watch(health_pb2.HealthCheckRequest(), timeout=SECONDS) for _ in range(64)]
        told = {next(watch).status for watch in watches}
        with pytest.raises(grpc.RpcError) as caught:
            next(health.Watch(health_pb2.HealthCheckRequest(), timeout=SECONDS))
        asked = health.Check(health_pb2.HealthCheckRequest(), timeout=SECONDS).status
        for watch in watches:
            watch.cancel()

    assert (told, asked) == ({SERVING}, SERVING)
    assert caught.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED


def test_reflection_tells_services_and_their_messages(server):
    with grpc.insecure_channel(server.address) as channel:
        database = ProtoReflectionDescriptorDatabase(channel)
        pool = DescriptorPool(database)
        services = database.get_services()
        method = pool.FindServiceByName(SERVICE).FindMethodByName("ExecuteTool")
        with pytest.raises(KeyError):
            pool.FindMessageTypeByName("pybridge.v1.Nothing")

    assert {SERVICE, "grpc.health.v1.Health"} <= set(services)
    assert method.input_type.fields_by_name["tool_name"].number == 2


def test_reflection_can_be_left_out(start):
    server = start("--listen", "127.0.0.1:0", "--no-reflection")
    with grpc.insecure_channel(server.address) as channel, pytest.raises(grpc.RpcError) as caught:
        ProtoReflectionDescriptorDatabase(channel).get_services()

    assert caught.value.code() is grpc.StatusCode.UNIMPLEMENTED


# ---- drain


def test_a_drain_turns_health_off_refuses_new_calls_and_lets_running_ones_end(start, tmp_path):
    server = start("--listen", "127.0.0.1:0")
    with grpc.insecure_channel(server.address) as channel:
        watch = health_pb2_grpc.HealthStub(channel).Watch(health_pb2.HealthCheckRequest(), timeout=SECONDS)
        stub = pybridge_pb2_grpc.PyBridgeServiceStub(channel)
        session = Session(stub, "s")
        stream = session.stream("workbench.streams.forever", {"call_id": "running"})
        before = [next(watch).status, next(stream).payload]
        os.kill(server.process.pid, signal.SIGTERM)
        turned = next(watch).status
        with pytest.raises(grpc.RpcError) as old_session:
            session.raw("workbench.values.echo", value=1)
        with pytest.raises(grpc.RpcError) as new_session:
            Session(stub, "other").raw("workbench.values.echo", value=1)
        state = stub.GetServerInfo(pb.GetServerInfoRequest(), timeout=SECONDS).state
        more = [next(stream).payload for _ in range(50)]
        stub.CancelCall(pb.CancelCallRequest(call_id="running"), timeout=SECONDS)
        rest = list(watch)
    code = server.process.wait(SECONDS)

    assert before == [SERVING, b"0"]
    assert turned == NOT_SERVING
    assert [refusal(one.value)[:2] for one in (old_session, new_session)] == [("UNAVAILABLE", "DRAINING")] * 2
    assert "RetryInfo" in details(old_session.value)
    assert state == pb.SERVER_STATE_DRAINING
    assert len(more) == 50
    assert (rest, code) == ([], 0)


def test_a_drain_ends_after_its_time(start):
    server = start("--listen", "127.0.0.1:0", "--drain", "0.2")
    with grpc.insecure_channel(server.address) as channel:
        session = Session(pybridge_pb2_grpc.PyBridgeServiceStub(channel), "s")
        stream = session.stream("workbench.streams.forever")
        next(stream)
        os.kill(server.process.pid, signal.SIGTERM)
        with pytest.raises(grpc.RpcError) as caught:
            list(stream)

    assert refusal(caught.value)[0] in {"CANCELLED", "UNAVAILABLE"}
    assert server.process.wait(SECONDS) == 0


# ---- service managers


def test_a_service_manager_is_told_of_readiness_and_the_end(start, tmp_path, monkeypatch):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(SECONDS)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        monkeypatch.setenv("WATCHDOG_USEC", "200000")
        server = start("--listen", "127.0.0.1:0")
        told = {manager.recv(1000).decode() for _ in range(4)}
        server.process.terminate()
        while (last := manager.recv(1000)) == b"WATCHDOG=1":
            pass

    assert told == {"WATCHDOG=1", f"READY=1\nSTATUS=serving on {server.address}"}
    assert last == b"STOPPING=1"


# ---- the log


def log_lines(server):
    return [json.loads(line) for line in server.log.read_text().splitlines()]


def test_the_log_has_one_json_line_an_event_with_ids_and_without_values(start):
    server = start("--listen", "127.0.0.1:0", "--log-format", "json", "--log-level", "info", "--workers", 1)
    secret = "the-value-of-an-argument"
    with grpc.insecure_channel(server.address) as channel:
        session = Session(pybridge_pb2_grpc.PyBridgeServiceStub(channel), "s")
        session.refused("no.such\ntool", value=secret)
        session.raw_refused("workbench.values.echo", {"call_id": "mine"}, value={"__pybridge_time__": [secret, secret]})
        session.error("workbench.values.fail", message=secret)
        session.refused("workbench.faults.leave", code=3)
    server.stop()
    lines = log_lines(server)
    events = [line["event"] for line in lines]
    refused = [line for line in lines if line["event"] == "call_refused"]

    assert events[0] == "server_started"
    assert events[-2:] == ["server_draining", "server_stopped"]
    assert secret not in server.log.read_text()
    assert [(one["reason"], one["tool"], one["session"]) for one in refused[:2]] == [
        ("TOOL_NOT_FOUND", "no.such\ntool", "s"),
        ("INVALID_ARGUMENT", "workbench.values.echo", "s"),
    ]
    assert refused[1]["call_id"] == "mine"
    assert refused[-1]["reason"] == "WORKER_LOST"
    (lost,) = [line for line in lines if line["event"] == "worker_lost"]
    assert (lost["level"], lost["was_killed"], "code 3" in lost["how"]) == ("warning", False, True)
    assert all({"time", "level", "event"} <= set(line) for line in lines)


def test_the_end_of_an_unused_session_is_logged(start):
    server = start("--listen", "127.0.0.1:0", "--log-format", "json", "--session-ttl", "0.1")
    with grpc.insecure_channel(server.address) as channel:
        session = Session(pybridge_pb2_grpc.PyBridgeServiceStub(channel), "s")
        session.call("workbench.Counter")
        lines = server.logged("session_expired", lambda: None)
    (expired,) = [json.loads(line) for line in lines if "session_expired" in line]

    assert (expired["session"], expired["objects"]) == ("s", 1)


def test_the_log_as_text_keeps_an_event_on_its_line(start):
    server = start("--listen", "127.0.0.1:0")
    with grpc.insecure_channel(server.address) as channel:
        Session(pybridge_pb2_grpc.PyBridgeServiceStub(channel), "").refused("no.such\npybridge-worker: INFO forged")
    server.stop()
    lines = server.log.read_text().splitlines()

    assert all(line.startswith("pybridge-worker: INFO ") for line in lines), lines
    (forged,) = [line for line in lines if " forged" in line]
    assert forged.startswith(
        "pybridge-worker: INFO call_refused method=ExecuteTool code=NOT_FOUND reason=TOOL_NOT_FOUND "
    )
    assert forged.endswith(r'tool="no.such\npybridge-worker: INFO forged"')


def test_the_log_is_as_talkative_as_asked(start):
    server = start("--listen", "127.0.0.1:0", "--log-level", "error")
    with grpc.insecure_channel(server.address) as channel:
        Session(pybridge_pb2_grpc.PyBridgeServiceStub(channel), "").refused("no.such.tool")
    server.stop()

    assert server.log.read_text() == ""


# ---- refusals


def test_a_bad_part_of_a_request_is_a_field_violation(session):
    with pytest.raises(grpc.RpcError) as caught:
        session.raw("workbench.Counter.doubled", self=session.call("workbench.Counter"), by=1)
    (violation,) = status_pb2.RpcBadRequest.FromString(details(caught.value)["BadRequest"]).field_violations

    assert (violation.field, violation.reason) == ('parameters["by"]', "INVALID_ARGUMENT")
    assert caught.value.details() == f"{violation.field}: {violation.description}"


def test_a_full_queue_says_what_is_full_and_when_to_try_again(start, told):
    server = start("--listen", "127.0.0.1:0", "--workers", 1, "--max-session-calls", 2)
    with grpc.insecure_channel(server.address) as channel:
        session = Session(pybridge_pb2_grpc.PyBridgeServiceStub(channel), "s")
        running = session.stub.ExecuteTool.future(
            session.request("workbench.faults.spin", {"tell": told.path}, call_id="spin"), timeout=SECONDS
        )
        told.wait()
        waiting = session.stub.ExecuteTool.future(
            session.request("workbench.values.echo", {"value": 1}, call_id="next")
        )
        while session.stub.GetSession(pb.GetSessionRequest(session_id="s"), timeout=SECONDS).session.calls_running < 2:
            pass
        with pytest.raises(grpc.RpcError) as caught:
            session.raw("workbench.values.echo", value=2)
        for name in ("next", "spin"):
            session.stub.CancelCall(pb.CancelCallRequest(call_id=name), timeout=SECONDS)
        running.exception()
        waiting.exception()
    (quota,) = status_pb2.RpcQuotaFailure.FromString(details(caught.value)["QuotaFailure"]).violations
    retry = status_pb2.RpcRetryInfo.FromString(details(caught.value)["RetryInfo"])

    assert refusal(caught.value)[:2] == ("RESOURCE_EXHAUSTED", "LIMIT_REACHED")
    assert quota.quota_value == 2
    assert retry.retry_delay.ToMilliseconds() == 500


def test_a_server_with_all_the_calls_it_takes_still_tells_its_health_and_cancels(start, told):
    server = start("--listen", "127.0.0.1:0", "--max-calls", 1)
    with grpc.insecure_channel(server.address) as channel:
        stub = pybridge_pb2_grpc.PyBridgeServiceStub(channel)
        running = stub.ExecuteTool.future(
            Session(stub, "s").request("workbench.faults.spin", {"tell": told.path}, call_id="spin"), timeout=SECONDS
        )
        told.wait()
        refused = Session(stub, "t").refused("workbench.values.echo", value=1)
        healthy = health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(), timeout=SECONDS).status
        stub.CancelCall(pb.CancelCallRequest(call_id="spin"), timeout=SECONDS)
        running.exception()
        then = Session(stub, "t").call("workbench.values.echo", value=1)

    assert refused[:2] == ("RESOURCE_EXHAUSTED", "LIMIT_REACHED")
    assert (healthy, then) == (SERVING, 1)


def test_a_result_over_the_limit_says_the_limit(session):
    with pytest.raises(grpc.RpcError) as caught:
        session.raw("workbench.values.echo", {"result_options": pb.ResultOptions(max_bytes=10)}, value="x" * 100)
    found = details(caught.value)

    assert status_pb2.RpcQuotaFailure.FromString(found["QuotaFailure"]).violations[0].quota_value == 10
    assert "RetryInfo" not in found
