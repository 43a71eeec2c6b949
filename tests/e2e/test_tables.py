"""Tables of pandas and pyarrow as Arrow streams, through a worker in the environment of real libraries."""

import base64
import json
import struct
from pathlib import Path

import grpc
import msgspec
import pytest

from pybridge_worker.v1 import pybridge_pb2 as pb
from pybridge_worker.v1 import pybridge_pb2_grpc
from worker_bundles import workbench
from worker_clients import Server, Session, refusal

pytestmark = pytest.mark.e2e

TESTS = Path(__file__).parents[1]
PYTHON = TESTS.parent / "build" / "libraries" / "bin" / "python"
SECONDS = 60.0
ARROW = 11
SIGNATURES = {"workbench.tables:kind_of_frame": [["value", "", True, ["|", "pandas.DataFrame", "None"]]]}


@pytest.fixture(scope="module")
def stub(tmp_path_factory):
    if not PYTHON.exists():
        pytest.skip("the libraries are not there: make libraries")
    folder = tmp_path_factory.mktemp("t")
    (folder / "bundle.json").write_text(
        json.dumps({"schema": "pybridge.bundle/1", "libraries": [workbench() | {"signatures": SIGNATURES}]})
    )
    arguments = ("--bundle", folder / "bundle.json", "--python-path", TESTS / "libraries", "--workers", 1)
    server = Server((*arguments, "--listen", f"unix:{folder}/s"), folder, python=str(PYTHON))
    with grpc.insecure_channel(server.address) as channel:
        yield pybridge_pb2_grpc.PyBridgeServiceStub(channel)
    code, _ = server.stop()
    assert code == 0


def call(stub, name, *positional, buffers=(), **fields):
    data = msgspec.msgpack.encode([positional, {}])
    arguments = pb.Payload(format=pb.PAYLOAD_FORMAT_MSGPACK, data=data, buffers=buffers)
    request = pb.ExecuteToolRequest(tool_name=f"workbench.tables.{name}", arguments=arguments, **fields)
    response = stub.ExecuteTool(request, timeout=SECONDS)
    assert response.success, response.error
    return msgspec.msgpack.decode(response.payload.data), list(response.payload.buffers)


def header(answer):
    assert answer.code == ARROW
    return msgspec.msgpack.decode(answer.data)


@pytest.mark.parametrize(
    ("name", "kind", "back"),
    [
        ("frame", "pandas.DataFrame", "pandas.DataFrame"),
        ("batch", "pyarrow.RecordBatch", "pyarrow.lib.Table"),
    ],
)
def test_a_table_goes_out_as_a_stream_and_comes_back_as_what_it_was(stub, name, kind, back):
    answer, buffers = call(stub, name)
    (place, said) = header(answer)

    assert (place, said) == (0, kind) if buffers else (type(place), said) == (bytes, kind)
    assert call(stub, "kind", answer, buffers=buffers)[0] == back


def test_a_frame_keeps_its_index_types_and_gaps(stub):
    answer, buffers = call(stub, "frame")

    assert call(stub, "same", answer, msgspec.msgpack.Ext(ARROW, answer.data), buffers=buffers)[0] is True


def test_a_large_table_lies_beside_the_value_and_comes_as_what_is_asked_for(stub):
    answer, (buffer,) = call(stub, "table", 1000)
    asked = [
        msgspec.msgpack.Ext(ARROW, msgspec.msgpack.encode([0, kind]))
        for kind in ("pyarrow.Table", "pandas.DataFrame", "?")
    ]

    assert header(answer) == [0, "pyarrow.Table"]
    assert call(stub, "total", asked[0], buffers=[buffer])[0] == list(range(1000))
    assert [call(stub, "kind", one, buffers=[buffer])[0] for one in asked] == [
        "pyarrow.lib.Table",
        "pandas.DataFrame",
        "pyarrow.lib.Table",
    ]


def test_a_client_of_json_reads_and_writes_tables(stub):
    session = Session(stub, "")
    frame = session.call("workbench.tables.frame")
    (data, kind) = frame["__pybridge_arrow__"]

    assert kind == "pandas.DataFrame"
    assert base64.b64decode(data, validate=True)[:4] == b"\xff\xff\xff\xff"
    assert session.call("workbench.tables.same", one=frame, other=frame) is True


@pytest.mark.parametrize("name", ["reader", "column", "objects"])
def test_what_is_no_whole_table_is_held(stub, name):
    answer, _ = call(stub, name, session_id=f"held {name}")

    assert answer.code == 1


def damaged(buffer):
    """Streams that lie: cut short, without a schema, and with offsets of texts that lead out of their memory."""
    yield b""
    yield b"\0" * 64
    yield b"\xff\xff\xff\xff" + struct.pack("<i", 2**31 - 1) + b"\0" * 64
    yield buffer[: len(buffer) // 2]
    offsets = struct.pack("<3i", 0, 1, 2)
    yield buffer.replace(offsets, struct.pack("<3i", 0, 2**30, 2**30 + 1), 1)


def test_a_stream_that_lies_is_one_refusal_and_no_crash(stub):
    _, (buffer,) = call(stub, "table", 1000)
    for data in damaged(bytes(buffer)):
        lie = msgspec.msgpack.Ext(ARROW, msgspec.msgpack.encode([0, "pyarrow.Table"]))
        with pytest.raises(grpc.RpcError) as caught:
            call(stub, "total", lie, buffers=[data])

        assert refusal(caught.value)[:2] == ("INVALID_ARGUMENT", "INVALID_ARGUMENT")


def test_a_table_without_polars_says_what_to_install(stub):
    _, (buffer,) = call(stub, "table", 1000)
    with pytest.raises(grpc.RpcError) as caught:
        call(
            stub, "kind", msgspec.msgpack.Ext(ARROW, msgspec.msgpack.encode([0, "polars.DataFrame"])), buffers=[buffer]
        )

    assert refusal(caught.value)[2] == "arguments: a table needs polars beside the worker: pip install polars"


def test_a_table_comes_as_a_bare_stream_on_demand(stub):
    options = pb.ResultOptions(format=pb.PAYLOAD_FORMAT_ARROW_IPC_STREAM)
    arguments = pb.Payload(format=pb.PAYLOAD_FORMAT_MSGPACK, data=msgspec.msgpack.encode([[3], {}]))
    request = pb.ExecuteToolRequest(tool_name="workbench.tables.table", arguments=arguments, result_options=options)
    payload = stub.ExecuteTool(request, timeout=SECONDS).payload

    assert (payload.format, payload.data[:4]) == (pb.PAYLOAD_FORMAT_ARROW_IPC_STREAM, b"\xff\xff\xff\xff")
    assert call(stub, "total", msgspec.msgpack.Ext(ARROW, msgspec.msgpack.encode([payload.data, ""])))[0] == [0, 1, 2]


def test_a_bare_table_becomes_the_frame_that_the_parameter_is_declared_as(stub):
    _, (buffer,) = call(stub, "table", 1000)
    bare = msgspec.msgpack.Ext(ARROW, msgspec.msgpack.encode([0, ""]))
    session = Session(stub, "")
    named = {"__pybridge_arrow__": [base64.b64encode(bytes(buffer)).decode(), ""]}

    assert call(stub, "kind_of_frame", bare, buffers=[buffer])[0] == "pandas.DataFrame"
    assert session.call("workbench.tables.kind_of_frame", value=named) == "pandas.DataFrame"
