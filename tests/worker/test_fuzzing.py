"""Bytes from anywhere are values, frames and requests, or are refused; a server that gets them goes on."""

import json
import time

import grpc
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pybridge_worker import frames
from pybridge_worker.front import raw
from pybridge_worker.v1 import pybridge_pb2 as pb
from pybridge_worker.values.as_msgpack import CODES
from worker_clients import SECONDS
from worker_fuzzing import TARGETS

TAGS = [*CODES, "float", "bytes", "nothing"]
short = settings(max_examples=150, deadline=None)
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
)
trees = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=5), inner, max_size=3)
        | st.builds(lambda tag, payload: {f"__pybridge_{tag}__": payload}, st.sampled_from(TAGS), inner)
    ),
    max_leaves=12,
)
plain = scalars.filter(lambda one: not isinstance(one, int) or -(2**63) <= one < 2**64) | st.binary()
packed = st.recursive(
    plain.map(msgspec.msgpack.encode),
    lambda inner: (
        st.builds(
            lambda code, data: msgspec.msgpack.encode(msgspec.msgpack.Ext(code, data)), st.integers(-128, 127), inner
        )
        | st.lists(inner, max_size=3).map(lambda parts: bytes([0x90 + len(parts)]) + b"".join(parts))
    ),
    max_leaves=8,
)


@short
@given(st.binary(max_size=300) | trees.map(lambda one: json.dumps(one).encode()))
def test_bytes_are_json_values_or_unreadable(data):
    TARGETS["json_value"](data)


@short
@given(st.binary(max_size=300) | packed)
def test_bytes_are_messagepack_values_or_unreadable(data):
    TARGETS["msgpack_value"](data)


payloads = st.builds(
    pb.Payload,
    format=st.integers(0, 5),
    data=st.binary(max_size=50),
    buffers=st.lists(st.binary(max_size=20), max_size=3),
    upload_id=st.sampled_from(["", "u"]),
)
references = st.builds(
    pb.ObjectRef,
    session_id=st.sampled_from(["", "s", "t"]),
    object_id=st.integers(0, 2**64 - 1),
    epoch=st.integers(0, 9),
)
names = st.sampled_from(
    ["", "workbench.Counter", "workbench.Counter.increment", "workbench.values.echo", "workbench.things.Shape",
     "workbench.values.LIMIT", "batch_execute", "workbench.Counter.__class__", "os.system"]
) | st.text(max_size=20)  # fmt: skip
options = st.builds(
    pb.ResultOptions, mode=st.integers(0, 5), format=st.integers(0, 6), max_bytes=st.integers(0, 2**64 - 1)
)
calls = st.builds(
    pb.ExecuteToolRequest,
    session_id=st.sampled_from(["", "fuzzed"]),
    tool_name=names,
    parameters=st.dictionaries(
        st.sampled_from(["*", "self", "value", "operations", "by"]),
        st.binary(max_size=40) | trees.map(lambda one: json.dumps(one).encode()),
        max_size=2,
    ),
    parameters_format=st.integers(0, 5),
    arguments=st.none() | payloads,
    target=st.none() | references,
    result_options=st.none() | options,
    descriptor_hash=st.just(b"") | st.binary(max_size=33),
    timeout_ms=st.integers(-(2**31), 2**31 - 1).map(lambda one: one if one <= 0 or one > 5000 else 5000),
)
operations = st.builds(
    pb.BatchOperation,
    call_function=st.none()
    | st.builds(pb.CallOperation, tool_name=names, arguments=payloads, result_of=st.integers(0, 3)),
    result_options=st.none() | options,
) | st.builds(
    pb.BatchOperation, release=st.builds(pb.ReleaseObjectsRequest, object_refs=st.lists(references, max_size=2))
)
batches = st.builds(
    pb.ExecuteBatchRequest, session_id=st.sampled_from(["", "fuzzed"]), operations=st.lists(operations, max_size=4)
)


@short
@given((calls | batches).map(lambda one: one.SerializeToString()) | st.binary(max_size=200))
def test_messages_become_steps_or_are_refused(data):
    TARGETS["message"](data)


@short
@given(calls.map(lambda one: one.SerializeToString()) | st.binary(max_size=200))
def test_requests_are_read_by_hand_as_protobuf_reads_them(data):
    TARGETS["request"](data)
    TARGETS["large_request"](data)


heads = st.builds(
    lambda size, number, data, flag: frames.HEAD.pack(size | flag, number) + data,
    st.integers(0, 2**20 + 1) | st.integers(0, 40),
    st.integers(0, 2**32 - 1),
    st.binary(max_size=60),
    st.sampled_from([0, frames.HAS_BUFFERS]),
)
good = st.builds(
    lambda number, items, buffers: (
        b"".join(map(bytes, frames.encode_parts(number, frames.Chunk(items), buffers)))
        if buffers
        else frames.encode(number, frames.Chunk(items))
    ),
    st.integers(0, 2**32 - 1),
    st.lists(st.binary(max_size=20), max_size=3).map(tuple),
    st.lists(st.binary(max_size=20), max_size=3),
)


@short
@given(st.binary(min_size=1, max_size=1), st.lists(good | heads | st.binary(max_size=50), max_size=5))
def test_frames_of_a_child_arrive_or_end_its_connection(step, parts):
    TARGETS["child_frames"](step + b"".join(parts))


FOUND = [
    ("child_frames", b"\x01\x08\0\0\0\0\0\0\0\x92\xa5re\xd8\0\0\x92\xa5re"),  # text that is not UTF-8
    ("child_frames", b"\0" + frames.HEAD.pack(frames.HAS_BUFFERS, 4) + b"\xff" * 20),  # an empty message, in pieces
]


@pytest.mark.parametrize(("target", "data"), FOUND, ids=range(len(FOUND)))
def test_what_was_found_once_is_not_found_again(target, data):
    TARGETS[target](data)


@pytest.mark.parametrize(
    "data",
    [
        b"\x1a\0" * 2_000_000,
        pb.ExecuteToolRequest(arguments=pb.Payload(buffers=[b""] * 2_000_000)).SerializeToString(),
    ],
    ids=["parameters", "buffers"],
)
def test_a_request_of_millions_of_fields_does_not_hold_the_server_up(data):
    started = time.process_time()
    raw.read_request(data)
    by_hand = time.process_time() - started
    started = time.process_time()
    pb.ExecuteToolRequest.FromString(data)

    assert by_hand < 20 * (time.process_time() - started)


# ---- a running server


@pytest.fixture(scope="module")
def channel(server):
    with grpc.insecure_channel(server.address) as channel:
        yield channel


def ask(channel, method, data):
    """The name of the status that bytes are answered with."""
    call = channel.unary_unary if method in {"ExecuteTool", "ExecuteBatch"} else channel.unary_stream
    try:
        answer = call(f"/pybridge.v1.PyBridgeService/{method}")(data, timeout=SECONDS)
        if method not in {"ExecuteTool", "ExecuteBatch"}:
            list(answer)
    except grpc.RpcError as error:
        return error.code().name, error.details()
    return "OK", ""


REFUSALS = {"OK", "INVALID_ARGUMENT", "NOT_FOUND", "FAILED_PRECONDITION", "RESOURCE_EXHAUSTED", "UNIMPLEMENTED"}


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(method=st.sampled_from(["ExecuteTool", "ExecuteToolStreaming"]), request=calls)
def test_a_server_answers_any_call_with_a_status_of_its_own(channel, method, request):
    status, details = ask(channel, method, request.SerializeToString())

    assert status in REFUSALS, details


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(request=batches)
def test_a_server_answers_any_batch_with_a_status_of_its_own(channel, request):
    status, details = ask(channel, "ExecuteBatch", request.SerializeToString())

    assert status in REFUSALS, details


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    method=st.sampled_from(["ExecuteTool", "ExecuteBatch", "UploadPayload", "DescribeLibrary"]),
    data=st.binary(max_size=100),
)
def test_a_server_goes_on_after_bytes_that_are_no_message(channel, stub, method, data):
    before = stub.GetServerInfo(pb.GetServerInfoRequest(), timeout=SECONDS).load.worker_restarts
    ask(channel, method, data)

    assert stub.GetServerInfo(pb.GetServerInfoRequest(), timeout=SECONDS).load.worker_restarts == before
