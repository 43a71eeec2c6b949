"""Sessions hold objects: each its own, until they are released, lost or forgotten."""

import asyncio
import tracemalloc

import grpc
import pytest
from google.protobuf.duration_pb2 import Duration

from pybridge_worker.bundle import Surface
from pybridge_worker.errors import LimitReached
from pybridge_worker.hosts.sessions import Sessions, processes_for
from pybridge_worker.settings import Settings
from pybridge_worker.v1 import pybridge_pb2 as pb
from pybridge_worker.v1 import pybridge_pb2_grpc
from worker_clients import SECONDS, Session, refusal


def opened(settings):
    return Sessions(settings, processes_for(settings, Surface()))


def ref(reference, **changes):
    return {"__pybridge_ref__": {**reference["__pybridge_ref__"], **changes}}


def refused(call, request):
    with pytest.raises(grpc.RpcError) as caught:
        call(request, timeout=20)
    return refusal(caught.value)[:2]


def test_one_object_has_one_reference(session):
    counter = session.call("workbench.Counter")

    assert session.call("workbench.Counter.itself", self=counter) == counter


def test_a_reference_of_another_session_is_foreign(stub, session):
    other = type(session)(stub, f"{session.name}-other")
    counter = other.call("workbench.Counter")

    assert session.refused("workbench.Counter.increment", self=counter)[:2] == ("INVALID_ARGUMENT", "OBJECT_FOREIGN")


def test_another_sessions_object_is_not_reached_by_rewriting_the_reference(stub, session):
    other = type(session)(stub, f"{session.name}-other")
    counter = ref(other.call("workbench.Counter"), session=session.name)
    # Two processes serve two sessions, and their epochs differ at most by what has died before.
    reason = session.refused("workbench.Counter.increment", self=counter)[1]

    assert reason in {"OBJECT_NOT_FOUND", "OBJECT_LOST"}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [({"id": 10**6}, "OBJECT_NOT_FOUND"), ({"epoch": 1}, "OBJECT_LOST"), ({"epoch": 2**60}, "OBJECT_NOT_FOUND")],
)
def test_a_reference_that_never_was_is_not_found(session, changes, reason):
    counter = session.call("workbench.Counter")

    assert session.refused("workbench.Counter.increment", self=ref(counter, **changes))[:2] == ("NOT_FOUND", reason)


def test_a_released_object_is_not_found_and_releasing_it_again_is_no_error(session):
    response = session.raw("workbench.Counter")
    request = pb.ReleaseObjectsRequest(object_refs=[response.object_ref])

    assert session.stub.ReleaseObjects(request).released == 1
    assert session.stub.ReleaseObjects(request).released == 0
    with pytest.raises(grpc.RpcError) as caught:
        session.raw("workbench.Counter.increment", {"target": response.object_ref})
    assert refusal(caught.value)[:2] == ("NOT_FOUND", "OBJECT_NOT_FOUND")


def test_a_closed_sessions_references_do_not_come_back_with_its_name(stub, session):
    counter = session.call("workbench.Counter")
    closed = stub.CloseSession(pb.CloseSessionRequest(session_id=session.name))

    assert closed.objects_released == 1
    assert session.refused("workbench.Counter.increment", self=counter)[1] == "OBJECT_NOT_FOUND"


def test_without_a_session_values_come_back_and_objects_do_not(stateless):
    status, reason, message = stateless.refused("workbench.Counter")

    assert stateless.call("workbench.values.echo", value=[1]) == [1]
    assert (status, reason) == ("FAILED_PRECONDITION", "RESULT_NOT_ENCODABLE")
    assert "name a session_id" in message


def test_without_a_session_references_are_refused(stateless, session):
    counter = session.call("workbench.Counter")

    assert stateless.refused("workbench.values.echo", value=counter)[1] == "NO_SESSION"


def test_open_get_keep_and_close(stub):
    opened = stub.OpenSession(pb.OpenSessionRequest(idle_ttl=Duration(seconds=90))).session
    name = opened.session_id
    lasts = opened.expire_time.ToSeconds() - opened.create_time.ToSeconds()
    kept = stub.KeepSessionAlive(pb.KeepSessionAliveRequest(session_id=name)).session
    again = refused(stub.OpenSession, pb.OpenSessionRequest(session_id=name))
    closed = [stub.CloseSession(pb.CloseSessionRequest(session_id=name)).objects_released for _ in range(2)]

    assert len(name) > 16
    assert 88 <= lasts <= 91
    assert kept.session_id == name
    assert again == ("ALREADY_EXISTS", "SESSION_EXISTS")
    assert closed == [0, 0]
    assert refused(stub.GetSession, pb.GetSessionRequest(session_id=name)) == ("NOT_FOUND", "SESSION_NOT_FOUND")
    assert refused(stub.KeepSessionAlive, pb.KeepSessionAliveRequest(session_id=name))[0] == "NOT_FOUND"


def test_a_session_counts_its_objects(stub, session):
    for _ in range(3):
        session.call("workbench.Counter")

    assert stub.GetSession(pb.GetSessionRequest(session_id=session.name)).session.object_count == 3


def test_a_session_named_too_long_is_refused(stub, session):
    long = type(session)(stub, "n" * 300)

    assert long.refused("workbench.values.echo")[2].startswith("session_id: ")


def test_closing_with_cancel_running_ends_the_running_call(stub, session, told):
    running = stub.ExecuteTool.future(session.request("workbench.faults.spin", {"tell": told.path}), timeout=20)
    told.wait()
    stub.CloseSession(pb.CloseSessionRequest(session_id=session.name, cancel_running=True), timeout=20)

    assert refusal(running.exception())[:2] == ("CANCELLED", "CANCELLED")


def test_a_session_of_its_own_process_has_other_objects_than_the_shared(stub, session):
    opened = stub.OpenSession(pb.OpenSessionRequest(session_id=session.name, isolation=pb.ISOLATION_PROCESS)).session
    counter = session.call("workbench.Counter")

    assert opened.isolation == pb.ISOLATION_PROCESS
    assert counter["__pybridge_ref__"]["id"] == 1


@pytest.mark.parametrize(
    ("mode", "value"),
    [
        (pb.RESULT_MODE_BY_VALUE, b"[1]"),
        (pb.RESULT_MODE_DISCARD, b"null"),
        (pb.RESULT_MODE_UNSPECIFIED, b"[1]"),
    ],
)
def test_a_result_comes_as_asked_for(session, mode, value):
    response = session.raw("workbench.values.echo", {"result_options": pb.ResultOptions(mode=mode)}, value=[1])

    assert response.result == value


def test_a_value_is_held_when_asked_for(session):
    options = pb.ResultOptions(mode=pb.RESULT_MODE_BY_REFERENCE)
    held = session.raw("workbench.values.echo", {"result_options": options}, value=[1]).object_ref
    read = session.stub.ExecuteTool(
        session.request("workbench.values.echo", {"value": {"__pybridge_ref__": fields(held)}})
    )

    assert held.type_path == "builtins.list"
    assert read.result == b"[1]"


def fields(reference):
    return {"session": reference.session_id, "id": reference.object_id, "epoch": reference.epoch}


def test_a_result_over_its_limit_is_refused(session):
    options = pb.ResultOptions(max_bytes=10)

    assert session.raw_refused("workbench.values.echo", {"result_options": options}, value="x" * 20)[:2] == (
        "RESOURCE_EXHAUSTED",
        "LIMIT_REACHED",
    )


def test_a_batch_uses_earlier_results_without_a_session(stub):
    create = pb.CallOperation(tool_name="workbench.Counter", arguments=pb.Payload(data=b"[[5],{}]"))
    read = pb.AttributeOperation(result_of=0, name="doubled")
    by = pb.Payload(data=b'[[],{"by":{"__pybridge_result__":1}}]')
    increment = pb.CallOperation(tool_name="workbench.Counter.increment", result_of=0, arguments=by)
    operations = [
        pb.BatchOperation(create=create, result_options=pb.ResultOptions(mode=pb.RESULT_MODE_DISCARD)),
        pb.BatchOperation(get_attribute=read),
        pb.BatchOperation(call_method=increment),
    ]
    answer = stub.ExecuteBatch(pb.ExecuteBatchRequest(operations=operations))

    assert [one.payload.data for one in answer.results] == [b"null", b"10", b"15"]


@pytest.mark.parametrize(("stop", "count"), [(True, 1), (False, 2)])
def test_a_batch_stops_at_the_first_error_when_asked_to(stub, stop, count):
    fail = pb.CallOperation(tool_name="workbench.values.fail", arguments=pb.Payload(data=b'[["no"],{}]'))
    echo = pb.CallOperation(tool_name="workbench.values.echo", arguments=pb.Payload(data=b"[[1],{}]"))
    operations = [pb.BatchOperation(call_function=fail), pb.BatchOperation(call_function=echo)]
    answer = stub.ExecuteBatch(pb.ExecuteBatchRequest(operations=operations, stop_on_error=stop))

    assert len(answer.results) == count
    assert answer.results[0].error == "ValueError: no"


def test_a_batch_assigns_fields_and_not_methods(session):
    reference = session.raw("workbench.Counter").object_ref
    seven = pb.Payload(data=b"[[7],{}]")
    operations = [
        pb.BatchOperation(set_attribute=pb.AttributeOperation(object_ref=reference, name=name, value=seven))
        for name in ("value", "increment", "doubled")
    ]
    answer = session.stub.ExecuteBatch(pb.ExecuteBatchRequest(session_id=session.name, operations=operations))

    assert [one.success for one in answer.results] == [True, False, False]
    assert answer.results[2].exception.type == "AttributeError"


def test_prefetching_takes_only_modules_of_the_bundle(stub):
    stub.PrefetchModules(pb.PrefetchModulesRequest(module_paths=["workbench.values"]), timeout=20)

    assert refused(stub.PrefetchModules, pb.PrefetchModulesRequest(module_paths=["os"]))[0] == "INVALID_ARGUMENT"


def test_server_info_tells_versions_formats_and_libraries(stub):
    info = stub.GetServerInfo(pb.GetServerInfoRequest())

    assert info.libraries == {"Work-Bench": "1.2.3", "Jinja2": "3.1.6"}
    assert sorted(info.formats) == sorted(set(pb.PayloadFormat.values()) - {pb.PAYLOAD_FORMAT_UNSPECIFIED})
    assert "sessions" in info.features


@pytest.mark.parametrize("seconds", [-1, 10**11])
def test_an_idle_time_that_is_none_is_refused(stub, seconds):
    request = pb.OpenSessionRequest(idle_ttl=Duration(seconds=seconds))

    assert refused(stub.OpenSession, request) == ("INVALID_ARGUMENT", "INVALID_ARGUMENT")


def test_a_session_expires_when_it_is_idle_and_not_while_a_call_runs(monkeypatch, tmp_path):
    now = [1000.0]
    monkeypatch.setattr("pybridge_worker.hosts.sessions.time.monotonic", lambda: now[0])
    sessions = opened(Settings(bundle=tmp_path))
    busy, idle = (sessions.open(name, ttl_seconds=60) for name in ("busy", "idle"))
    busy.running.add(object())
    sessions.open("other", ttl_seconds=70)
    now[0] += 61
    expired = [one.name for one in sessions.expired()]
    idle.touch()

    assert expired == ["idle"]
    assert sessions.expired() == ()


def test_sessions_of_one_affinity_key_share_a_process_and_others_spread(tmp_path):
    sessions = opened(Settings(bundle=tmp_path, workers=3))
    first = sessions.open("a", affinity_key="k")
    spread = [sessions.open(name).host for name in ("b", "c")]
    same = sessions.open("d", affinity_key="k")

    assert same.host is first.host
    assert len({first.host, *spread}) == 3


def test_limits_name_what_is_too_much(tmp_path):
    sessions = opened(Settings(bundle=tmp_path, max_sessions=2, max_process_sessions=1))
    sessions.open("a", has_own_process=True)
    with pytest.raises(LimitReached, match=r"process of their own \(limit 1\)"):
        sessions.open("b", has_own_process=True)
    sessions.open("c")

    with pytest.raises(LimitReached, match=r"too many sessions are open \(limit 2\)"):
        sessions.open("d")


def test_sessions_of_one_key_are_bounded_and_others_are_not(tmp_path):
    sessions = opened(Settings(bundle=tmp_path, max_key_sessions=1))
    sessions.open("a", affinity_key="k")
    with pytest.raises(LimitReached, match=r"have this affinity_key \(limit 1\)"):
        sessions.open("b", affinity_key="k")

    assert sessions.open("c", affinity_key="other").name == "c"
    assert sessions.open("d").name == "d"


def test_a_session_waits_for_room_until_its_deadline(start):
    server = start("--max-sessions", 1, "--listen", "127.0.0.1:0")
    with grpc.insecure_channel(server.address) as channel:
        stub = pybridge_pb2_grpc.PyBridgeServiceStub(channel)
        stub.OpenSession(pb.OpenSessionRequest(session_id="first"), timeout=20)
        at_once = refused(lambda request, timeout: stub.OpenSession(request), pb.OpenSessionRequest(session_id="now"))
        with pytest.raises(grpc.RpcError) as late:
            stub.OpenSession(pb.OpenSessionRequest(session_id="late"), timeout=0.1)
        waiting = stub.OpenSession.future(pb.OpenSessionRequest(session_id="second"), timeout=20)
        stub.CloseSession(pb.CloseSessionRequest(session_id="first"), timeout=20)
        second = waiting.result(timeout=20).session.session_id

    assert at_once == ("RESOURCE_EXHAUSTED", "LIMIT_REACHED")
    assert late.value.code() in {grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.RESOURCE_EXHAUSTED}
    assert second == "second"


def test_those_who_wait_for_room_are_served_in_turn_and_those_who_left_are_not(tmp_path):
    async def run():
        sessions = opened(Settings(bundle=tmp_path, max_key_sessions=1))

        def wait(name, key):
            work = sessions.open_in_time(20, name, affinity_key=key, ttl_seconds=None, has_own_process=False)
            return asyncio.ensure_future(work)

        first = sessions.open("first", affinity_key="k")
        gone, second, third = waiting = [wait(name, "k") for name in ("gone", "second", "third")]
        other = await wait("other", "another key")
        await asyncio.sleep(0)
        gone.cancel()
        await asyncio.wait((gone,))
        await sessions.close(first, cancel_running=False)
        await asyncio.wait((second,))
        before = [one.done() for one in waiting]
        await sessions.close(await second, cancel_running=False)
        names = [other.name, (await second).name, (await third).name]
        await sessions.shut()
        return before, names, [one.name for one in sessions.all_open()]

    before, names, left = asyncio.run(run())

    assert before == [True, True, False]
    assert names == ["other", "second", "third"]
    assert sorted(left) == ["other", "third"]


def test_ten_thousand_idle_sessions_take_little_room_and_are_placed_at_once(tmp_path):
    sessions = opened(Settings(bundle=tmp_path, workers=4))
    tracemalloc.start()
    for number in range(10_000):
        sessions.open(f"session-{number}", affinity_key=f"key-{number % 100}")
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert size < 16 * 1024 * 1024
    assert sorted(host.sessions for host in sessions.shared_hosts) == [2500] * 4
    assert sessions.expired() == ()


def test_a_batch_releases_objects_of_its_session_and_no_others(session):
    held = session.raw("workbench.Counter").object_ref
    later = pb.ObjectRef(session_id=session.name, object_id=held.object_id, epoch=held.epoch + 1)
    release = pb.BatchOperation(release=pb.ReleaseObjectsRequest(object_refs=[held, later]))
    request = pb.ExecuteBatchRequest(session_id=session.name, operations=[release, release])
    answer = session.stub.ExecuteBatch(request, timeout=SECONDS)
    foreign = pb.ExecuteBatchRequest(session_id="another", operations=[release])
    with pytest.raises(grpc.RpcError) as caught:
        session.stub.ExecuteBatch(foreign, timeout=SECONDS)

    assert [one.payload.data for one in answer.results] == [b"1", b"0"]
    assert refusal(caught.value)[1] == "OBJECT_FOREIGN"


def test_a_session_of_its_own_process_may_have_less_memory_than_others(start):
    server = start("--listen", "127.0.0.1:0", "--workers", 1)
    with grpc.insecure_channel(server.address) as channel:
        stub = pybridge_pb2_grpc.PyBridgeServiceStub(channel)
        stub.OpenSession(
            pb.OpenSessionRequest(
                session_id="small", isolation=pb.ISOLATION_PROCESS, memory_limit_bytes=256 * 1024 * 1024
            ),
            timeout=SECONDS,
        )
        small, shared = Session(stub, "small"), Session(stub, "shared")
        refused = small.error("workbench.reaches.allocate", mib=512).exception.type
        again = small.call("workbench.reaches.allocate", mib=8)
        larger = shared.call("workbench.reaches.allocate", mib=512)

    assert (refused, again, larger) == ("MemoryError", 8, 512)


@pytest.mark.parametrize("fields", [{}, {"isolation": pb.ISOLATION_PROCESS, "memory_limit_bytes": 1}])
def test_a_limit_that_cannot_be_kept_is_refused(stub, fields):
    request = pb.OpenSessionRequest(**{"session_id": "limited", "memory_limit_bytes": 2**30, **fields})
    with pytest.raises(grpc.RpcError) as caught:
        stub.OpenSession(request, timeout=SECONDS)

    assert refusal(caught.value)[0] == "INVALID_ARGUMENT"
    assert refusal(caught.value)[2].startswith("memory_limit_bytes: ")
