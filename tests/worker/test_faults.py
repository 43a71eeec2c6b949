"""Whatever the called code does, the server answers, says what happened, and goes on."""

import time

import grpc
import pytest

from pybridge_worker.v1 import pybridge_pb2 as pb
from worker_clients import refusal


@pytest.mark.parametrize(
    ("tool", "parameters", "why"),
    [("leave", {"code": 3}, "exited with code 3"), ("crash", {}, "was killed by SIGSEGV")],
)
def test_a_dead_process_is_unavailable_and_its_objects_are_lost(session, tool, parameters, why):
    counter = session.call("workbench.Counter", start=1)
    status, reason, message = session.refused(f"workbench.faults.{tool}", **parameters)

    assert (status, reason) == ("UNAVAILABLE", "WORKER_LOST")
    assert why in message
    assert session.refused("workbench.Counter.increment", self=counter)[:2] == ("NOT_FOUND", "OBJECT_LOST")
    again = session.call("workbench.Counter", start=1)
    assert again["__pybridge_ref__"]["epoch"] == counter["__pybridge_ref__"]["epoch"] + 1


@pytest.mark.parametrize(("tool", "error"), [("system_exit", "SystemExit: 3"), ("interrupt", "KeyboardInterrupt")])
def test_exceptions_that_would_end_a_program_are_data(session, tool, error):
    counter = session.call("workbench.Counter", start=1)

    assert session.error(f"workbench.faults.{tool}").error == error
    assert session.call("workbench.Counter.increment", self=counter) == 2


def test_an_endless_loop_ends_at_the_deadline_and_the_objects_live(session):
    counter = session.call("workbench.Counter", start=1)
    with pytest.raises(grpc.RpcError) as caught:
        session.raw("workbench.faults.spin", None, 0.3)

    assert caught.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
    assert session.call("workbench.Counter.increment", self=counter) == 2


def test_code_deaf_to_interrupts_is_killed_after_the_grace(session):
    counter = session.call("workbench.Counter", start=1)
    began = time.monotonic()
    status = session.raw_refused("workbench.faults.deaf", {"timeout_ms": 200})

    assert status[:2] == ("DEADLINE_EXCEEDED", "DEADLINE_EXCEEDED")
    assert time.monotonic() - began < 5
    assert session.refused("workbench.Counter.increment", self=counter)[:2] == ("NOT_FOUND", "OBJECT_LOST")


def test_prints_and_raw_bytes_on_descriptor_1_break_nothing(session, server):
    assert session.call("workbench.faults.shout") == "ok"
    server.logged("on stdout", lambda: session.call("workbench.values.echo"))


def test_a_forked_copy_that_returns_too_gives_no_second_answer(session):
    assert session.call("workbench.faults.fork_and_return") == "original"
    assert session.call("workbench.values.echo", value=1) == 1


@pytest.mark.parametrize(
    ("force", "tool", "outcome", "lives"),
    [
        (False, "spin", pb.CANCEL_OUTCOME_INTERRUPTED, True),
        (False, "deaf", pb.CANCEL_OUTCOME_WORKER_KILLED, False),
        (True, "spin", pb.CANCEL_OUTCOME_WORKER_KILLED, False),
    ],
)
def test_cancel_call_says_what_it_took(session, told, force, tool, outcome, lives):
    counter = session.call("workbench.Counter", start=1)
    request = session.request(f"workbench.faults.{tool}", {"tell": told.path}, call_id=told.path)
    running = session.stub.ExecuteTool.future(request, timeout=20)
    told.wait()
    answer = session.stub.CancelCall(pb.CancelCallRequest(call_id=told.path, force=force), timeout=20)

    assert answer.outcome == outcome
    assert refusal(running.exception())[:2] == ("CANCELLED", "CANCELLED")
    if lives:
        assert session.call("workbench.Counter.increment", self=counter) == 2
    else:
        assert session.refused("workbench.Counter.increment", self=counter)[1] == "OBJECT_LOST"


def test_a_queued_call_is_cancelled_without_touching_the_running_one(session, told):
    running = session.stub.ExecuteTool.future(
        session.request("workbench.faults.spin", {"tell": told.path}, call_id="first"), timeout=20
    )
    told.wait()
    queued = session.stub.ExecuteTool.future(
        session.request("workbench.values.echo", {"value": 1}, call_id="second"), timeout=20
    )
    cancel = session.stub.CancelCall
    outcome = pb.CANCEL_OUTCOME_NOT_FOUND
    while outcome == pb.CANCEL_OUTCOME_NOT_FOUND:  # until the second call has reached the server
        outcome = cancel(pb.CancelCallRequest(call_id="second"), timeout=20).outcome

    assert outcome == pb.CANCEL_OUTCOME_DEQUEUED
    assert refusal(queued.exception())[0] == "CANCELLED"
    assert not running.done()
    assert cancel(pb.CancelCallRequest(call_id="first"), timeout=20).outcome == pb.CANCEL_OUTCOME_INTERRUPTED


def test_a_call_that_waits_past_its_deadline_is_dequeued_without_touching_the_running_one(session, told):
    running = session.stub.ExecuteTool.future(
        session.request("workbench.faults.spin", {"tell": told.path}, call_id="in the way"), timeout=20
    )
    told.wait()

    assert session.raw_refused("workbench.values.echo", {"timeout_ms": 50}, value=1)[0] == "DEADLINE_EXCEEDED"
    assert not running.done()
    outcome = session.stub.CancelCall(pb.CancelCallRequest(call_id="in the way"), timeout=20).outcome
    assert outcome == pb.CANCEL_OUTCOME_INTERRUPTED


def test_cancelling_an_unknown_call_finds_nothing(stub):
    answer = stub.CancelCall(pb.CancelCallRequest(call_id="nobody's"), timeout=20)

    assert answer.outcome == pb.CANCEL_OUTCOME_NOT_FOUND


def test_a_client_that_leaves_frees_the_worker(session, told):
    running = session.stub.ExecuteTool.future(session.request("workbench.faults.spin", {"tell": told.path}))
    told.wait()
    running.cancel()

    assert session.call("workbench.values.echo", value=1) == 1


def test_two_sessions_run_at_the_same_time(stub, session, told):
    other = type(session)(stub, f"{session.name}-other")
    stub.OpenSession(pb.OpenSessionRequest(session_id=session.name, isolation=pb.ISOLATION_PROCESS))
    running = session.stub.ExecuteTool.future(
        session.request("workbench.faults.spin", {"tell": told.path}, call_id=session.name), timeout=20
    )
    told.wait()

    assert other.call("workbench.values.echo", value="meanwhile") == "meanwhile"
    assert not running.done()
    stub.CancelCall(pb.CancelCallRequest(call_id=session.name), timeout=20)


def test_a_traceback_is_told_only_when_the_operator_allows_it(session, start):
    from pybridge_worker.v1 import pybridge_pb2_grpc

    quiet = session.error("workbench.values.fail", message="no")
    server = start("--show-tracebacks", "--listen", "127.0.0.1:0")
    with grpc.insecure_channel(server.address) as channel:
        loud = type(session)(pybridge_pb2_grpc.PyBridgeServiceStub(channel), "s").error(
            "workbench.values.fail", message="no"
        )

    assert (quiet.traceback, list(quiet.exception.frames)) == ("", [])
    assert "raise ValueError(message) from error" in loud.traceback
    assert [frame.function for frame in loud.exception.frames] == ["fail"]


def test_an_exception_tells_its_type_bases_and_cause(session):
    exception = session.error("workbench.values.fail", message="no").exception

    assert (exception.type, exception.message) == ("ValueError", "no")
    assert list(exception.bases) == ["ValueError", "Exception", "BaseException"]
    assert (exception.cause.type, exception.suppress_context) == ("KeyError", True)


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("unspeakable", "Unspeakable: <SystemExit when asked for the message>"),
        ("untouchable", "Exception: an exception that raised 'do not look at me' when it was looked at"),
        ("surrogates", "Odd: \\udcff"),
    ],
)
def test_exceptions_that_cannot_be_looked_at_are_still_told(session, name, error):
    counter = session.call("workbench.Counter", start=1)

    assert session.error(f"workbench.hostile.{name}").error == error
    assert session.call("workbench.Counter.increment", self=counter) == 2


def test_a_class_with_an_unspeakable_name_is_held_like_any_other(session):
    assert session.call("workbench.hostile.odd_object")["__pybridge_ref__"]["type"] == "\\udc80.Odd"


def test_code_that_swallows_interrupts_is_killed(session):
    assert session.raw_refused("workbench.hostile.swallowing", {"timeout_ms": 100})[0] == "DEADLINE_EXCEEDED"
    assert session.call("workbench.values.echo", value=1) == 1


def test_a_coroutine_is_cancelled_at_the_deadline_and_cleans_up(session, told):
    counter = session.call("workbench.Counter", start=1)
    with pytest.raises(grpc.RpcError) as caught:
        session.raw("workbench.values.wait", {"timeout_ms": 200}, seconds=60, tell=told.path)
    told.wait()

    assert caught.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
    assert session.call("workbench.values.double", number=2) == 4
    assert session.call("workbench.Counter.increment", self=counter) == 2


def test_a_generator_without_a_session_is_sent_to_the_streaming_call(stateless):
    assert "ExecuteToolStreaming" in stateless.refused("workbench.streams.count", n=1)[2]
