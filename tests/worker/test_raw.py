"""Messages read and written by hand are those that protobuf reads and writes."""

import pytest
from google.protobuf.message import DecodeError
from hypothesis import given
from hypothesis import strategies as st

from pybridge_worker.front import raw
from pybridge_worker.v1 import pybridge_pb2 as pb

LARGE = b"\0\xff" * 40
data = st.binary(max_size=8) | st.just(LARGE)
payloads = st.builds(pb.Payload, format=st.integers(0, 4), data=data, buffers=st.lists(data, max_size=3))
sent = st.builds(
    pb.ExecuteToolRequest,
    session_id=st.text(max_size=4),
    tool_name=st.text(max_size=4),
    parameters=st.dictionaries(st.text(max_size=3), data, max_size=2),
    timeout_ms=st.integers(-5, 5),
    arguments=st.none() | payloads,
    target=st.none() | st.builds(pb.ObjectRef, object_id=st.integers(0, 2**64 - 1)),
)


@pytest.fixture(scope="module", autouse=True)
def small():
    """Makes small messages large ones."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(raw, "MIN_APART_BYTES", 70)
        yield


def whole(request):
    """The message as protobuf would have read it."""
    message = pb.ExecuteToolRequest()
    message.CopyFrom(request.message)
    if request.message.arguments.buffers:
        return message
    buffers = list(map(bytes, request.buffers))
    if request.is_apart:
        message.arguments.data = buffers.pop(0)
    message.arguments.buffers.extend(buffers)
    if not request.message.HasField("arguments"):
        message.ClearField("arguments")
    return message


@given(message=sent)
def test_a_request_is_read_as_protobuf_reads_it(message):
    assert whole(raw.read_request(message.SerializeToString())) == message


@given(messages=st.lists(sent, min_size=2, max_size=3))
def test_a_request_in_pieces_is_read_as_protobuf_merges_it(messages):
    joined = b"".join(one.SerializeToString() for one in messages)

    assert whole(raw.read_request(joined)) == pb.ExecuteToolRequest.FromString(joined)


@given(message=sent, cut=st.integers(1, 60), junk=st.binary(max_size=20))
def test_what_is_no_request_is_refused_as_protobuf_refuses_it(message, cut, junk):
    broken = message.SerializeToString()[:-cut] + junk
    try:
        expected = pb.ExecuteToolRequest.FromString(broken)
    except DecodeError:
        with pytest.raises(DecodeError):
            raw.read_request(broken)
    else:
        assert whole(raw.read_request(broken)) == expected


@pytest.mark.parametrize("as_payload", [True, False])
@given(buffers=st.lists(data, max_size=3), error=st.text(max_size=3))
def test_a_response_is_written_as_protobuf_writes_it(as_payload, buffers, error):
    message = pb.ExecuteToolResponse(success=True, error=error)
    if as_payload:
        message.payload.format = pb.PAYLOAD_FORMAT_MSGPACK
    first = [LARGE] if as_payload else [LARGE, *buffers][:1]
    response = raw.Response(message, [*first, *(buffers if as_payload else [])], as_payload=as_payload, is_apart=True)
    expected = pb.ExecuteToolResponse()
    expected.CopyFrom(message)
    if as_payload:
        expected.payload.data = LARGE
        expected.payload.buffers.extend(buffers)
    else:
        expected.result = LARGE

    assert pb.ExecuteToolResponse.FromString(raw.write_response(response)) == expected
