"""Processes that end too often are not started in a loop; those that have served long enough are replaced in time."""

import asyncio
import os
import signal

import grpc
import pytest

from pybridge_worker.bundle import Surface
from pybridge_worker.errors import CrashLoop, WorkerLost
from pybridge_worker.frames import Call, Keywords, Step, Wish
from pybridge_worker.hosts import supervision
from pybridge_worker.hosts.host import Host
from pybridge_worker.hosts.local import LocalProcesses
from pybridge_worker.hosts.running import RunningCall
from pybridge_worker.hosts.supervision import Deaths
from pybridge_worker.settings import Settings
from pybridge_worker.tools import ReadVariable
from pybridge_worker.v1 import pybridge_pb2 as pb
from pybridge_worker.v1 import pybridge_pb2_grpc
from worker_clients import SECONDS, Session, refusal
from worker_hosts import not_on_ray
from worker_processes import WORKER, children


@pytest.fixture
def lone(start):
    """A server with one place, and sessions of it."""
    channels = []

    def begin(*arguments):
        server = start("--workers", 1, "--listen", "127.0.0.1:0", *arguments)
        channels.append(grpc.insecure_channel(server.address))
        stub = pybridge_pb2_grpc.PyBridgeServiceStub(channels[-1])
        return server, lambda name: Session(stub, name)

    yield begin
    for channel in channels:
        channel.close()


def test_crashes_in_a_loop_are_refused_for_a_while_and_logged(lone):
    server, named = lone("--crash-limit", 3)
    session = named("s")
    lost = [session.refused("workbench.faults.leave", code=code) for code in (1, 2, 3)]
    status, reason, message = session.refused("workbench.values.echo")
    lines = server.logged("crash_loop", lambda: None)

    assert [one[1] for one in lost] == ["WORKER_LOST"] * 3
    assert (status, reason) == ("UNAVAILABLE", "CRASH_LOOP")
    assert "refused for" in message
    assert any("exited with code 3" in line for line in lines if "crash_loop" in line)


def test_a_kill_that_was_asked_for_is_no_crash(lone):
    _, named = lone("--crash-limit", 1)
    session = named("s")

    for _ in range(2):
        assert session.raw_refused("workbench.faults.deaf", {"timeout_ms": 50})[0] == "DEADLINE_EXCEEDED"
    assert session.call("workbench.values.echo", value=1) == 1


def test_a_process_that_never_comes_up_is_not_tried_again_at_once(tmp_path):
    (tmp_path / "ends.py").write_text("import os\nos._exit(7)\n")
    settings = Settings(bundle=tmp_path, python_path=(str(tmp_path),))
    step = Step(operation=ReadVariable("ends:x"), arguments=Keywords("json", {}), wish=Wish())

    async def ended(host, number):
        call = RunningCall(str(number), Call(session="", step=step))
        try:
            host.submit(call)
            await asyncio.wait_for(call.result(), SECONDS)
        except (CrashLoop, WorkerLost) as error:
            return error

    async def run():
        processes = LocalProcesses(settings, Surface())
        host = Host(settings, processes, {"ends"})
        errors = [await ended(host, number) for number in range(4)]
        await host.close()
        await processes.close()
        return errors

    *lost, held = asyncio.run(run())

    assert [error.status for error in lost] == [7, 7, 7]
    assert isinstance(held, CrashLoop)
    assert 0 < held.retry_seconds < 1


def test_a_hold_doubles_when_it_happens_again_soon_and_is_forgotten_later(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(supervision.time, "monotonic", lambda: now[0])
    deaths = Deaths(2, 60.0)
    held = []
    for pause in (0, 6, 11, 21, 500):
        now[0] += pause
        assert deaths.held_seconds == 0
        held.append(([deaths.died(), deaths.died()], deaths.held_seconds))

    assert [one for one, _ in held] == [[False, True]] * 5
    assert [seconds for _, seconds in held] == [5, 10, 20, 40, 5]


def test_deaths_far_apart_are_no_loop(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(supervision.time, "monotonic", lambda: now[0])
    deaths = Deaths(3, 60.0)
    for _ in range(20):
        now[0] += 31
        assert deaths.died() is False
    assert deaths.held_seconds == 0


def test_starts_that_fail_are_delayed_ever_longer_until_one_goes_well(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(supervision.time, "monotonic", lambda: now[0])
    deaths = Deaths(100, 60.0)
    delays = []
    for _ in range(12):
        deaths.failed_to_start()
        delays.append(round(deaths.held_seconds, 3))
        now[0] += deaths.held_seconds
    deaths.started()
    deaths.failed_to_start()

    assert delays == [0, 0, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 30, 30, 30]
    assert deaths.held_seconds == 0


def workers(server):
    return set(children(server.process.pid, WORKER))


@pytest.mark.parametrize("loop", ["asyncio", "auto"])
@not_on_ray("it kills the server's children")
def test_a_call_that_meets_a_dying_process_runs_in_the_next_one_or_is_unavailable(lone, loop):
    server, named = lone("--crash-limit", 100, "--loop", loop)
    session = named("s")
    session.call("workbench.values.echo")
    answers = []
    for number in range(20):
        for pid in workers(server):
            os.kill(pid, signal.SIGKILL)
        request = session.request("workbench.values.echo", {"value": number})
        answer = session.stub.ExecuteTool.future(request, timeout=SECONDS)
        answers.append(refusal(answer.exception())[:2] if answer.exception() else answer.result().result)
        session.call("workbench.values.echo")

    assert {one for one in answers if isinstance(one, tuple)} <= {("UNAVAILABLE", "WORKER_LOST")}


@not_on_ray("it looks for the processes among the server's children; the next test does not")
def test_a_process_is_replaced_after_its_calls_once_nobody_holds_objects_in_it(lone):
    server, named = lone("--recycle-calls", 4)
    session = named("s")
    response = session.raw("workbench.Counter")
    first = workers(server)
    for _ in range(5):
        session.call("workbench.values.echo")
    kept = workers(server)
    request = pb.ReleaseObjectsRequest(object_refs=[response.object_ref])
    released = session.stub.ReleaseObjects(request, timeout=SECONDS).released
    session.call("workbench.values.echo")
    lines = server.logged("worker_recycled", lambda: None)

    assert kept == first
    assert released == 1
    assert workers(server) - first
    assert any("objects_lost=0" in line for line in lines)


def test_an_overdue_process_is_replaced_and_its_objects_are_lost_not_mistaken(lone):
    server, named = lone("--recycle-calls", 3)
    session = named("s")
    counter = session.call("workbench.Counter", start=5)
    for _ in range(5):
        session.call("workbench.values.echo")

    assert session.refused("workbench.Counter.increment", self=counter)[1] == "OBJECT_LOST"
    lines = server.logged("worker_recycled", lambda: None)
    assert any("objects_lost=1" in line for line in lines)


def test_a_process_that_has_grown_too_large_is_replaced(lone):
    server, named = lone("--recycle-rss-mib", 1)
    session = named("s")
    session.call("workbench.values.echo")

    assert session.call("workbench.values.echo", value=2) == 2
    server.logged("MiB", lambda: None)
