"""Coroutines run beside each other and beside calls, on the one thread that runs the library's code."""

import grpc
import pytest

from pybridge_worker.v1 import pybridge_pb2 as pb
from pybridge_worker.v1 import pybridge_pb2_grpc
from worker_clients import SECONDS, Server, Session, refusal


@pytest.fixture(scope="module")
def lone(bundle, request, tmp_path_factory, writable):
    """A session of a server with one process."""
    libraries = request.path.parent.parent / "libraries"
    arguments = ("--bundle", bundle, "--python-path", libraries, *writable, "--workers", 1, "--listen", "127.0.0.1:0")
    server = Server(arguments, tmp_path_factory.mktemp("lone"))
    with grpc.insecure_channel(server.address) as channel:
        yield Session(pybridge_pb2_grpc.PyBridgeServiceStub(channel), "lone")
    server.stop()


def begin(session, tool, call_id="", **parameters):
    request = session.request(f"workbench.loops.{tool}", parameters, call_id=call_id)
    return session.stub.ExecuteTool.future(request, timeout=SECONDS)


def test_many_coroutines_wait_at_once_and_calls_run_between(lone):
    waiting = [begin(lone, "patient", gate="many") for _ in range(50)]

    assert lone.call("workbench.values.echo", value=1) == 1
    assert not any(one.done() for one in waiting)
    assert lone.call("workbench.loops.let_go", gate="many") is True
    assert {one.result().result for one in waiting} == {b'"many"'}


def test_streams_of_async_generators_interleave(lone):
    streams = [lone.stream("workbench.loops.pulse") for _ in range(3)]
    items = [[next(stream).payload for stream in streams] for _ in range(100)]
    lone.call("workbench.values.echo")
    for stream in streams:
        stream.cancel()

    assert items == [[str(number).encode()] * 3 for number in range(100)]
    while lone.call("workbench.loops.left").count("pulse") < 3:
        pass


def test_a_stream_that_waits_for_its_client_lets_coroutines_run(lone, told):
    waiting = begin(lone, "patient", gate="stream")
    stream = lone.stream("workbench.streams.forever", None, SECONDS, tell=told.path)
    first = next(stream).payload
    doubled = [lone.call("workbench.values.double", number=number) for number in range(5)]
    stream.cancel()
    told.wait()
    lone.call("workbench.loops.let_go", gate="stream")

    assert (first, doubled) == (b"0", [0, 2, 4, 6, 8])
    assert waiting.result().success


def test_a_synchronous_call_starts_a_loop_of_its_own_while_coroutines_wait(lone):
    waiting = begin(lone, "patient", gate="own")

    assert lone.call("workbench.loops.own_loop", number=4) == 8
    assert lone.call("workbench.loops.unsaid", number=4) == 8
    lone.call("workbench.loops.let_go", gate="own")
    assert waiting.result().success


def test_one_coroutine_is_cancelled_and_the_others_are_not(lone, told):
    others = [begin(lone, "patient", gate="cancel") for _ in range(3)]
    one = begin(lone, "patient", "one", gate="cancelled", tell=told.path)
    told.wait()
    outcome = lone.stub.CancelCall(pb.CancelCallRequest(call_id="one"), timeout=SECONDS).outcome

    assert outcome == pb.CANCEL_OUTCOME_INTERRUPTED
    assert refusal(one.exception())[:2] == ("CANCELLED", "CANCELLED")
    assert "cancelled" in lone.call("workbench.loops.left")
    lone.call("workbench.loops.let_go", gate="cancel")
    assert all(other.result().success for other in others)


def test_an_interrupt_of_a_call_hits_no_coroutine(lone, told):
    waiting = [begin(lone, "patient", gate="spin") for _ in range(3)]
    spinning = lone.stub.ExecuteTool.future(
        lone.request("workbench.faults.spin", {"tell": told.path}, call_id="spin"), timeout=SECONDS
    )
    told.wait()
    outcome = lone.stub.CancelCall(pb.CancelCallRequest(call_id="spin"), timeout=SECONDS).outcome
    lone.call("workbench.loops.let_go", gate="spin")

    assert outcome == pb.CANCEL_OUTCOME_INTERRUPTED
    assert refusal(spinning.exception())[0] == "CANCELLED"
    assert all(one.result().success for one in waiting)


def test_a_deadline_ends_one_coroutine_and_spares_the_objects(lone):
    counter = lone.call("workbench.Counter", start=1)

    assert lone.raw_refused("workbench.loops.patient", {"timeout_ms": 100}, gate="deadline")[0] == "DEADLINE_EXCEEDED"
    assert lone.call("workbench.Counter.increment", self=counter) == 2


def test_a_coroutine_that_will_not_be_cancelled_is_ended_with_its_process(lone, told):
    running = begin(lone, "stubborn", "stubborn", tell=told.path)
    told.wait()
    outcome = lone.stub.CancelCall(pb.CancelCallRequest(call_id="stubborn"), timeout=SECONDS).outcome

    assert outcome == pb.CANCEL_OUTCOME_WORKER_KILLED
    assert refusal(running.exception())[0] == "CANCELLED"
    assert lone.call("workbench.values.double", number=1) == 2


@pytest.mark.parametrize(("below", "told_as"), [(False, "SystemExit: 4"), (True, "SystemExit")])
def test_system_exit_in_a_coroutine_or_a_task_below_it_is_data(lone, below, told_as):
    waiting = begin(lone, "patient", gate=f"exits {below}")
    response = lone.raw("workbench.loops.exits", None, SECONDS, below=below)
    lone.call("workbench.loops.let_go", gate=f"exits {below}")

    assert (response.error or response.result.decode().strip('"')) == told_as
    assert waiting.result().success


def test_a_coroutine_that_stops_the_loop_stops_nobody(lone):
    waiting = begin(lone, "patient", gate="stop")

    assert lone.call("workbench.loops.stops_the_loop") == "still here"
    lone.call("workbench.loops.let_go", gate="stop")
    assert waiting.result().success
