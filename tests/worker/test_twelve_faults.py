"""Twelve ways in which called code goes wrong: the caller learns of it, others do not, and the next call works."""

import grpc
import pytest

from pybridge_worker.v1 import pybridge_pb2_grpc
from worker_clients import SECONDS, Server, Session, refusal
from worker_processes import WORKER, children

FAULTS = {
    "crash": "UNAVAILABLE WORKER_LOST",
    "leave": "UNAVAILABLE WORKER_LOST",
    "abort": "UNAVAILABLE WORKER_LOST",
    "system_exit": "raised SystemExit",
    "interrupt": "raised KeyboardInterrupt",
    "base_exception": "raised workbench.faults.Bottomless",
    "spin": "DEADLINE_EXCEEDED DEADLINE_EXCEEDED",
    "deadlock": "DEADLINE_EXCEEDED DEADLINE_EXCEEDED",
    "hold_the_interpreter": "DEADLINE_EXCEEDED DEADLINE_EXCEEDED",
    "shout": "returned",
    "fork_and_return": "returned",
    "leak": "raised MemoryError",
}
PARAMETERS = {"leave": {"code": 3}, "leak": {"mib": 4096}}
LIVES = {"system_exit", "interrupt", "base_exception", "spin", "deadlock", "shout", "fork_and_return", "leak"}


@pytest.fixture(scope="module")
def sessions(bundle, request, tmp_path_factory):
    """Two sessions, each with objects, in two processes of one server."""
    arguments = ("--bundle", bundle, "--python-path", request.path.parent.parent / "libraries", "--workers", 2)
    limits = ("--max-memory-mib", 1024, "--cancel-grace", 0.3, "--listen", "127.0.0.1:0")
    server = Server((*arguments, *limits), tmp_path_factory.mktemp("faults"))
    with grpc.insecure_channel(server.address) as channel:
        stub = pybridge_pb2_grpc.PyBridgeServiceStub(channel)
        yield Session(stub, "faulty"), Session(stub, "other"), server
    server.stop()


def told(answer):
    error = answer.exception()
    if error is not None:
        return " ".join(refusal(error)[:2])
    response = answer.result()
    return "returned" if response.success else f"raised {response.exception.type}"


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_to_its_caller_and_costs_nobody_else(sessions, fault):
    faulty, other, server = sessions
    mine, theirs = faulty.call("workbench.Counter", start=1), other.call("workbench.Counter", start=1)
    before = set(children(server.process.pid, WORKER))
    timeout = 400 if FAULTS[fault].startswith("DEADLINE") else 0
    request = faulty.request(f"workbench.faults.{fault}", PARAMETERS.get(fault, {}), timeout_ms=timeout)
    answer = faulty.stub.ExecuteTool.future(request, timeout=SECONDS)
    meanwhile = [other.call("workbench.Counter.increment", self=theirs) for _ in range(5)]

    assert told(answer) == FAULTS[fault]
    assert meanwhile == [2, 3, 4, 5, 6]
    assert faulty.call("workbench.values.echo", value="next") == "next"
    if fault in LIVES:
        assert faulty.call("workbench.Counter.increment", self=mine) == 2
        assert set(children(server.process.pid, WORKER)) == before
    else:
        assert faulty.refused("workbench.Counter.increment", self=mine)[1] == "OBJECT_LOST"
    assert other.call("workbench.Counter.increment", self=theirs) == 7
