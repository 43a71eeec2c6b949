"""Arrays go and come as a header and raw bytes beside the value, and nothing that only looks like one gets in."""

import base64
import json

import grpc
import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pybridge_worker.frames import Reference
from pybridge_worker.v1 import pybridge_pb2 as pb
from pybridge_worker.values import as_json, as_msgpack
from pybridge_worker.values.trees import NoForm, Unreadable
from worker_clients import SECONDS, refusal

CODECS = [as_json, as_msgpack]
TENSOR, TUPLE = 2, 4
ECHO = "workbench.values.echo"


class Nothing:
    """Describes no class and holds no object."""

    def symbol_of(self, cls):
        return None

    def class_named(self, dotted):
        return None

    def may_create(self, cls):
        return False

    def find(self, held):
        raise AssertionError(held)

    earlier = find


def unheld(_value):
    return None


def round_trip(codec, value, buffers):
    data = codec.write(value, Nothing(), unheld, buffers)
    return codec.read(data, Nothing(), Nothing(), buffers or ())


def tensor(dtype, shape, data=0):
    return msgspec.msgpack.Ext(TENSOR, msgspec.msgpack.encode([dtype, shape, data]))


def tagged(codec, payload):
    """The bytes of a tensor that a client might write, whatever is in it."""
    if codec is as_json:
        return json.dumps({"__pybridge_tensor__": payload}).encode()
    inner = as_msgpack.write(payload, Nothing(), unheld)
    return msgspec.msgpack.encode(msgspec.msgpack.Ext(TENSOR, inner))


def payload(*positional, buffers=(), **keywords):
    data = msgspec.msgpack.encode([positional, keywords])
    return pb.Payload(format=pb.PAYLOAD_FORMAT_MSGPACK, data=data, buffers=buffers)


def request(*positional, buffers=(), tool=ECHO, **fields):
    return pb.ExecuteToolRequest(tool_name=tool, arguments=payload(*positional, buffers=buffers), **fields)


DTYPES = ["?", "i1", "u8", "<i2", ">i4", "<f2", ">f8", "<c8", "<M8[ns]", "<m8[D]", "S3", "<U2"]
arrays = st.builds(
    lambda dtype, shape, seed, layout: layout(made(dtype, shape, seed)),
    st.sampled_from(DTYPES),
    st.lists(st.integers(0, 7), max_size=4),
    st.integers(0, 255),
    st.sampled_from([lambda a: a, np.asfortranarray, lambda a: a[..., ::2] if a.ndim else a, lambda a: a.T]),
)


def made(dtype, shape, seed):
    """An array whose items are all different where the type has so many."""
    numbers = (np.arange(int(np.prod(shape))) * 7 + seed).reshape(shape)
    return numbers.astype("i8").astype(dtype) if np.dtype(dtype).kind in "mM" else numbers.astype(dtype)


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("beside", [True, False], ids=["beside", "inside"])
@given(array=arrays)
def test_an_array_comes_back_with_its_shape_type_and_items(codec, beside, array):
    back = round_trip(codec, [array], [] if beside else None)[0]

    assert type(back) is np.ndarray
    assert back.dtype == array.dtype.newbyteorder("<")
    assert back.shape == array.shape
    assert back.tobytes() == array.astype(back.dtype).tobytes()


@pytest.mark.parametrize("codec", CODECS)
def test_an_array_in_order_is_neither_copied_out_nor_in(codec):
    array, buffers = np.arange(1000.0), []
    data = codec.write(array, Nothing(), unheld, buffers)
    back = codec.read(data, Nothing(), Nothing(), buffers)

    assert np.shares_memory(array, back)


@pytest.mark.parametrize("codec", CODECS)
def test_a_small_array_stays_in_the_value(codec):
    buffers = []
    codec.write(np.arange(4), Nothing(), unheld, buffers)

    assert buffers == []


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.int8(-1), -1),
        (np.uint64(2**64 - 1), 2**64 - 1),
        (np.float32(0.5), 0.5),
        (np.float64("-0.0"), -0.0),
        (np.bool_(1), True),
        (np.complex64(1 + 2j), 1 + 2j),
        (np.str_("é"), "é"),
        (np.bytes_(b"\0a"), b"\0a"),
    ],
    ids=repr,
)
def test_a_scalar_comes_as_python_has_it(codec, value, expected):
    back = round_trip(codec, value, None)

    assert (type(back), str(back)) == (type(expected), str(expected))


@pytest.mark.parametrize("codec", CODECS)
def test_a_moment_keeps_its_unit_as_an_array_without_dimensions(codec):
    moment = np.datetime64("2026-01-02T03:04:05.123456789", "ns")

    back = round_trip(codec, moment, None)

    assert (back.dtype, back.shape, back[()]) == (moment.dtype, (), moment)


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize(
    "value",
    [
        np.array([object()]),
        np.ma.array([1, 2], mask=[True, False]),
        np.zeros(2, [("a", "i4")]),
        np.zeros(2, "V3"),
        np.longdouble(1),
        np.zeros(1, np.longdouble),
    ],
    ids=["objects", "masked", "records", "void", "long double", "long doubles"],
)
def test_what_is_not_all_bytes_is_held_or_refused(codec, value):
    reference = Reference("s", 1, 1, "x")

    assert codec.write(value, Nothing(), lambda _: reference) == codec.write(reference, Nothing(), unheld)
    with pytest.raises(NoForm):
        codec.write(value, Nothing(), unheld)


HOSTILE = [
    ("|O", [1], b"\0" * 8),
    ("O", [1], b"\0" * 8),
    ("<f8,<i4", [1], b"\0" * 12),
    ("|V8", [1], b"\0" * 8),
    ("<f16", [1], b"\0" * 16),
    (">f8", [1], b"\0" * 8),
    ("<U1", [1], b"\xff\xff\xff\xff"),
    ("<M8[2000000000000ns]", [1], b"\0" * 8),
    ("<f8", [2], b"\0" * 8),
    ("<f8", [-1], b"\0" * 8),
    ("<f8", [-1, -1], b"\0" * 8),
    ("<f8", [2**62, 2**62], b""),
    ("<f8", [2**63], b""),
    ("<f8", [1] * 64, b"\0" * 8),
    ("<f8", [True], b"\0" * 8),
    ("<f8", [1.0], b"\0" * 8),
    ("<f8", 1, b"\0" * 8),
    ("<f8", None, b"\0" * 8),
    (8, [1], b"\0" * 8),
    ("<f8\n", [1], b"\0" * 8),
    ("|S99999999999", [0], b""),
    ("<f8", [1], 1),
    ("<f8", [1], -1),
    ("<f8", [1], 2**70),
    ("<f8", [1], None),
    ("<f8", [1], "AAAAAAAAAAA="),
    ("<f8", [1], [0] * 8),
]


@pytest.mark.parametrize("header", HOSTILE, ids=lambda one: repr(one)[:40])
def test_a_header_that_lies_is_unreadable(header):
    dtype, shape, data = header
    if isinstance(data, int) and data.bit_length() > 64:
        data = msgspec.msgpack.Ext(3, data.to_bytes(10, "big"))

    with pytest.raises(Unreadable):
        as_msgpack.read(msgspec.msgpack.encode(tensor(dtype, shape, data)), Nothing(), Nothing(), [b"\0" * 8])


@pytest.mark.parametrize("codec", CODECS)
@given(
    dtype=st.sampled_from(["<f8", "|u1", "<U1", "|S2", "<c16"]) | st.text(max_size=8),
    shape=st.lists(st.integers(-(2**70), 2**70) | st.integers(0, 4), max_size=3) | st.none() | st.text(max_size=2),
    data=st.integers(-3, 3) | st.binary(max_size=40),
)
def test_any_header_is_an_array_or_unreadable(codec, dtype, shape, data):
    payload = [dtype, shape, base64.b64encode(data).decode() if codec is as_json and isinstance(data, bytes) else data]
    try:
        array = codec.read(tagged(codec, payload), Nothing(), Nothing(), [b"", b"\0" * 8])
    except Unreadable:
        return

    assert isinstance(array, np.ndarray)


def test_a_large_array_goes_through_the_worker_and_comes_back(stub):
    array = np.arange(400_000.0).reshape(400, 1000)
    response = stub.ExecuteTool(request(tensor("<f8", [400, 1000]), buffers=[array.tobytes()]), timeout=SECONDS)
    found = msgspec.msgpack.decode(response.payload.data)

    assert response.error == ""
    assert (found.code, msgspec.msgpack.decode(found.data)) == (TENSOR, ["<f8", [400, 1000], 0])
    assert np.array_equal(np.frombuffer(response.payload.buffers[0], "<f8"), array.ravel())


def test_several_arrays_of_a_batch_keep_their_operations(stub):
    operations = [
        pb.BatchOperation(
            call_function=pb.CallOperation(
                tool_name=ECHO,
                arguments=payload(
                    [tensor("|u1", [2000], 1), tensor("|u1", [2000], 0)], buffers=[one * 2000, two * 2000]
                ),
            )
        )
        for one, two in ((b"a", b"b"), (b"c", b"d"))
    ]
    answer = stub.ExecuteBatch(pb.ExecuteBatchRequest(operations=operations), timeout=SECONDS)

    assert [[bytes(one[:1]) for one in result.payload.buffers] for result in answer.results] == [
        [b"b", b"a"],
        [b"d", b"c"],
    ]


def test_streamed_arrays_lie_beside_their_items_and_do_not_change_any_more(stub):
    fields = {"stream_options": pb.StreamOptions(max_items_per_chunk=3)}
    chunks = list(stub.ExecuteToolStreaming(request(tool="workbench.arrays.counting", **fields), timeout=SECONDS))
    items = [item for chunk in chunks for item in chunk.items]

    assert [chunk.error for chunk in chunks] == ["", ""]
    assert [np.frombuffer(item.buffers[0], "<i8")[0] for item in items] == [0, 1, 2]
    assert np.frombuffer(chunks[-1].return_value.buffers[0], "<i8")[0] == 3


def test_a_stream_of_single_items_has_its_arrays_inside(stub):
    chunks = list(stub.ExecuteToolStreaming(request(tool="workbench.arrays.counting"), timeout=SECONDS))
    found = msgspec.msgpack.decode(msgspec.msgpack.decode(chunks[1].payload).data)

    assert found[:2] == ["<i8", [1000]]
    assert np.frombuffer(found[2], "<i8")[0] == 1


def test_an_earlier_result_of_a_batch_is_told_as_it_was(stub):
    operations = [
        pb.BatchOperation(
            call_function=pb.CallOperation(tool_name=f"workbench.arrays.{name}", arguments=payload(*rest))
        )
        for name, rest in (("zeros", ()), ("filled", (msgspec.msgpack.Ext(12, b"\0"),)))
    ]
    answer = stub.ExecuteBatch(pb.ExecuteBatchRequest(operations=operations), timeout=SECONDS)

    assert [one.error for one in answer.results] == ["", ""]
    assert [np.frombuffer(one.payload.buffers[0], "<i8").max() for one in answer.results] == [0, 1]


def test_a_client_of_json_writes_and_reads_arrays(session):
    array = {"__pybridge_tensor__": ["<f8", [2], "AAAAAAAA8D8AAAAAAAAAQA=="]}

    assert session.call(ECHO, value=array) == array
    assert session.call("workbench.arrays.total", array=array) == 3.0


def test_an_array_may_be_written_to_by_the_library(stub):
    response = stub.ExecuteTool(
        request(tensor("<i8", [1000]), buffers=[bytes(8000)], tool="workbench.arrays.filled"), timeout=SECONDS
    )

    assert response.error == ""
    assert np.frombuffer(response.payload.buffers[0], "<i8").max() == 1


def test_a_buffer_that_did_not_come_is_refused_by_name(stub):
    with pytest.raises(grpc.RpcError) as caught:
        stub.ExecuteTool(request(tensor("|u1", [1], 5)), timeout=SECONDS)

    assert refusal(caught.value) == (
        "INVALID_ARGUMENT",
        "INVALID_ARGUMENT",
        "arguments: there is no buffer 5: 0 came with it",
    )
