"""An idempotency key: the call runs once, whoever asks how often."""

import concurrent.futures
import json
import os

import grpc
import pytest

from pybridge_worker.v1 import pybridge_pb2 as pb
from pybridge_worker.v1 import pybridge_pb2_grpc
from worker_clients import SECONDS, Session, refusal

INCREMENT = "workbench.Counter.increment"


def keyed(key, **fields):
    return {"idempotency_key": key, **fields}


def value(response):
    assert response.success, response.error
    return json.loads(response.result)


def test_a_repeated_call_gets_the_first_answer_and_does_not_run_again(session):
    counter = session.call("workbench.Counter")
    first = session.raw(INCREMENT, keyed("a", call_id="one"), self=counter)
    again = session.raw(INCREMENT, keyed("a", call_id="two", timeout_ms=5000), self=counter)
    other = session.raw(INCREMENT, keyed("b"), self=counter)

    assert [value(one) for one in (first, again, other)] == [1, 1, 2]
    assert [one.metadata.get("pybridge-repeated") for one in (first, again, other)] == [None, "true", None]
    assert again.stats.call_id == "one"


def test_an_exception_is_an_answer_too(session):
    first = session.raw("workbench.values.fail", keyed("a"), message="x")
    again = session.raw("workbench.values.fail", keyed("a"), message="x")

    assert (first.success, again.success, again.error) == (False, False, first.error)


def test_a_call_that_still_runs_is_waited_for(session, told):
    counter = session.call("workbench.Counter")
    blocker = session.stub.ExecuteTool.future(
        session.request("workbench.values.wait", {"seconds": 60, "tell": told.path}, call_id=f"{session.name}-wait")
    )
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        calls = [pool.submit(session.raw, INCREMENT, keyed("a"), self=counter) for _ in range(4)]
        session.stub.CancelCall(pb.CancelCallRequest(call_id=f"{session.name}-wait"), timeout=SECONDS)
        blocker.exception()
        answers = [value(one.result()) for one in calls]

    assert answers == [1] * 4
    assert session.call("workbench.Counter.value", self=counter) == 1


def test_a_call_goes_on_when_its_client_leaves_and_its_answer_is_there_for_the_next(start, told, tmp_path):
    server = start("--listen", "127.0.0.1:0")
    go = tmp_path / "go"
    os.mkfifo(go)
    with grpc.insecure_channel(server.address) as channel:
        session = Session(pybridge_pb2_grpc.PyBridgeServiceStub(channel), "s")
        request = session.request("workbench.faults.held_up", {"tell": told.path, "go": str(go)}, idempotency_key="a")
        left = session.stub.ExecuteTool.future(request, timeout=SECONDS)
        told.wait()
        left.cancel()
    with go.open("w") as pipe:
        pipe.write("on")
    with grpc.insecure_channel(server.address) as channel:
        again = pybridge_pb2_grpc.PyBridgeServiceStub(channel).ExecuteTool(request, timeout=SECONDS)

    assert value(again) == 1
    assert again.metadata["pybridge-repeated"] == "true"


def test_a_key_is_of_one_call_and_one_session(session):
    session.raw("workbench.values.echo", keyed("a"), value=1)
    other = Session(session.stub, f"{session.name}-other")

    assert session.raw_refused("workbench.values.echo", keyed("a"), value=2) == (
        "INVALID_ARGUMENT",
        "INVALID_ARGUMENT",
        "idempotency_key: it was used for another call of this session",
    )
    assert value(other.raw("workbench.values.echo", keyed("a"), value=2)) == 2


def test_a_key_ends_with_its_session(session):
    session.raw("workbench.values.echo", keyed("a"), value=1)
    session.stub.CloseSession(pb.CloseSessionRequest(session_id=session.name), timeout=SECONDS)

    assert value(session.raw("workbench.values.echo", keyed("a"), value=2)) == 2


def test_what_never_ran_may_be_tried_again_and_what_may_have_run_may_not(session):
    assert session.raw_refused("no.such.tool", keyed("a"))[0] == "NOT_FOUND"
    assert value(session.raw("workbench.values.echo", keyed("a"), value=1)) == 1
    first = session.raw_refused("workbench.faults.leave", keyed("b"), code=3)
    again = session.raw_refused("workbench.faults.leave", keyed("b"), code=3)

    assert first[:2] == ("UNAVAILABLE", "WORKER_LOST")
    assert again == first


def test_an_answer_too_large_to_keep_is_not_run_again(session):
    large = "x" * 2 * 1024 * 1024

    assert value(session.raw("workbench.values.echo", keyed("a"), value=large)) == large
    assert session.raw_refused("workbench.values.echo", keyed("a"), value=large)[:2] == (
        "FAILED_PRECONDITION",
        "ANSWER_NOT_KEPT",
    )


def test_a_key_needs_a_session_a_length_and_no_stream(session, stateless):
    with pytest.raises(grpc.RpcError) as caught:
        list(session.stream("workbench.streams.count", keyed("a"), n=1))

    assert stateless.raw_refused("workbench.values.echo", keyed("a"), value=1)[:2] == ("INVALID_ARGUMENT", "NO_SESSION")
    assert session.raw_refused("workbench.values.echo", keyed("a" * 257), value=1)[0] == "INVALID_ARGUMENT"
    assert refusal(caught.value)[:2] == ("UNIMPLEMENTED", "NOT_SERVED")
