"""Payloads past the message limit: uploaded once and used in calls; kept and fetched in chunks. Nothing outlives its session."""

import asyncio
import hashlib
import os
import resource
from pathlib import Path

import grpc
import msgspec
import pytest

from pybridge_worker.errors import Code, LimitReached, PayloadNotFound, Refused
from pybridge_worker.frames import Piece
from pybridge_worker.front.transfers import Transfers
from pybridge_worker.settings import Settings
from pybridge_worker.v1 import pybridge_pb2 as pb
from pybridge_worker.v1 import pybridge_pb2_grpc
from worker_clients import SECONDS, Server, refusal

MEBIBYTE = 1024 * 1024
LIBRARIES = Path(__file__).parent.parent / "libraries"
TENSOR = 2


@pytest.fixture(scope="module")
def content():
    return os.urandom(3 * MEBIBYTE + 17)


@pytest.fixture(scope="module")
def stub(bundle, tmp_path_factory):
    """A server whose messages have at most 1 MiB, and whose sessions keep at most 16."""
    folder = tmp_path_factory.mktemp("transfers")
    limits = ("--max-message-mib", 1, "--max-session-stored-mib", 16)
    arguments = (
        "--bundle",
        bundle,
        "--python-path",
        LIBRARIES,
        "--workers",
        1,
        "--listen",
        f"unix:{folder}/s",
        *limits,
    )
    server = Server(arguments, folder)
    with grpc.insecure_channel(server.address) as channel:
        yield pybridge_pb2_grpc.PyBridgeServiceStub(channel)
    server.stop()


@pytest.fixture(autouse=True)
def _session_ends(request):
    yield
    if "stub" in request.fixturenames:
        stub = request.getfixturevalue("stub")
        stub.CloseSession(pb.CloseSessionRequest(session_id="s"), timeout=SECONDS)


def upload(stub, content, session="s", step=MEBIBYTE):
    parts = (content[start : start + step] for start in range(0, len(content), step))
    return stub.UploadPayload((pb.UploadPayloadRequest(session_id=session, data=one) for one in parts), timeout=SECONDS)


def download(stub, upload_id, offset=0):
    request = pb.DownloadPayloadRequest(upload_id=upload_id, offset=offset)
    return [chunk.data for chunk in stub.DownloadPayload(request, timeout=SECONDS)]


def call(stub, name, *positional, session="s", **fields):
    payload = pb.Payload(format=pb.PAYLOAD_FORMAT_MSGPACK, data=msgspec.msgpack.encode([positional, {}]))
    for member in ("upload_id", "buffer_upload_ids"):
        if member in fields:
            payload.MergeFrom(pb.Payload(**{member: fields.pop(member)}))
    if payload.upload_id:
        payload.ClearField("data")
    options = pb.ResultOptions(**{name: fields.pop(name) for name in ("store", "max_bytes") if name in fields})
    request = pb.ExecuteToolRequest(
        session_id=session, tool_name=f"workbench.{name}", arguments=payload, result_options=options
    )
    return stub.ExecuteTool(request, timeout=SECONDS)


def refused(stub, name, *positional, **fields):
    with pytest.raises(grpc.RpcError) as caught:
        call(stub, name, *positional, **fields)
    return refusal(caught.value)


def tensor(size, index=0):
    return msgspec.msgpack.Ext(TENSOR, msgspec.msgpack.encode(["|u1", [size], index]))


def test_an_upload_is_told_by_size_and_digest_and_comes_back(stub, content):
    done = upload(stub, content)

    assert (done.size_bytes, done.sha256) == (len(content), hashlib.sha256(content).digest())
    assert b"".join(download(stub, done.upload_id)) == content
    assert max(map(len, download(stub, done.upload_id))) == MEBIBYTE


def test_a_download_goes_on_where_it_stopped(stub, content):
    done = upload(stub, content)

    assert b"".join(download(stub, done.upload_id, offset=2_000_000)) == content[2_000_000:]
    assert download(stub, done.upload_id, offset=len(content)) == []
    with pytest.raises(grpc.RpcError) as caught:
        download(stub, done.upload_id, offset=len(content) + 1)
    assert refusal(caught.value)[:2] == ("INVALID_ARGUMENT", "INVALID_ARGUMENT")


def test_an_uploaded_value_is_the_arguments_of_a_call(stub, content):
    done = upload(stub, msgspec.msgpack.encode([[content], {}]))

    assert msgspec.msgpack.decode(call(stub, "values.length", upload_id=done.upload_id).payload.data) == len(content)


def test_an_uploaded_array_is_a_buffer_of_a_call_and_may_be_used_again(stub, content):
    done = upload(stub, content)
    for _ in range(2):
        answer = call(stub, "arrays.size", tensor(len(content)), buffer_upload_ids=[done.upload_id])

        assert msgspec.msgpack.decode(answer.payload.data) == len(content)


def test_operations_of_a_batch_use_uploads_each_their_own(stub, content):
    value = upload(stub, msgspec.msgpack.encode([[content], {}])).upload_id
    array = upload(stub, content).upload_id
    small = pb.Payload(format=pb.PAYLOAD_FORMAT_MSGPACK, data=msgspec.msgpack.encode([[b"abc"], {}]))
    by_value = pb.Payload(format=pb.PAYLOAD_FORMAT_MSGPACK, upload_id=value)
    by_buffer = pb.Payload(
        format=pb.PAYLOAD_FORMAT_MSGPACK,
        data=msgspec.msgpack.encode([[[tensor(2000), tensor(len(content), 1)]], {}]),
        buffers=[bytes(2000)],
        buffer_upload_ids=[array],
    )
    operations = [
        pb.BatchOperation(call_function=pb.CallOperation(tool_name="workbench.values.length", arguments=one))
        for one in (small, by_value, by_buffer, small)
    ]
    answer = stub.ExecuteBatch(pb.ExecuteBatchRequest(session_id="s", operations=operations), timeout=SECONDS)

    lengths = [msgspec.msgpack.decode(one.payload.data) for one in answer.results]
    assert lengths == [3, len(content), 2, 3]


def test_a_payload_is_its_sessions_alone_and_gone_with_it(stub, content):
    done, everybodys = upload(stub, content), upload(stub, content, session="")
    array = tensor(len(content))

    assert refused(stub, "arrays.size", array, session="t", buffer_upload_ids=[done.upload_id])[:2] == (
        "NOT_FOUND",
        "PAYLOAD_NOT_FOUND",
    )
    assert call(stub, "arrays.size", array, session="t", buffer_upload_ids=[everybodys.upload_id]).success
    stub.CloseSession(pb.CloseSessionRequest(session_id="s"), timeout=SECONDS)
    with pytest.raises(grpc.RpcError) as caught:
        download(stub, done.upload_id)
    assert refusal(caught.value)[:2] == ("NOT_FOUND", "PAYLOAD_NOT_FOUND")


def test_a_result_past_the_limit_is_refused_and_the_way_out_is_named(stub):
    code, reason, message = refused(stub, "arrays.large", 3)

    assert (code, reason) == ("RESOURCE_EXHAUSTED", "LIMIT_REACHED")
    assert "result_options.store" in message
    assert "DownloadPayload" in message


@pytest.mark.parametrize("tool", ["arrays.large", "arrays.large_later"])
def test_a_result_past_the_limit_is_kept_on_demand_and_fetched(stub, tool):
    answer = call(stub, tool, 3, store=True)
    header = msgspec.msgpack.decode(msgspec.msgpack.decode(answer.payload.data).data)
    (upload_id,) = answer.payload.buffer_upload_ids
    content = b"".join(download(stub, upload_id))

    assert header == ["|u1", [3 * MEBIBYTE], 0]
    assert content == bytes(3 * MEBIBYTE)
    assert msgspec.msgpack.decode(
        call(stub, "arrays.size", tensor(len(content)), buffer_upload_ids=[upload_id]).payload.data
    ) == len(content)


def test_a_large_value_without_buffers_is_kept_whole(stub):
    done = upload(stub, msgspec.msgpack.encode([["x" * 2 * MEBIBYTE], {}]))
    answer = call(stub, "values.echo", upload_id=done.upload_id, store=True)

    assert answer.payload.data == b""
    assert msgspec.msgpack.decode(b"".join(download(stub, answer.payload.upload_id))) == "x" * 2 * MEBIBYTE


def test_a_small_result_comes_as_ever_and_a_smaller_limit_is_the_clients(stub):
    small = call(stub, "values.echo", [1, 2], store=True)
    kept = call(stub, "arrays.large", 1, store=True, max_bytes=1000)

    assert msgspec.msgpack.decode(small.payload.data) == [1, 2]
    assert list(small.payload.buffer_upload_ids) == []
    assert len(b"".join(download(stub, kept.payload.buffer_upload_ids[0]))) == MEBIBYTE


def test_what_is_kept_has_a_limit(stub, content):
    for _ in range(5):
        upload(stub, content)
    with pytest.raises(grpc.RpcError) as caught:
        upload(stub, content)

    assert refusal(caught.value)[:2] == ("RESOURCE_EXHAUSTED", "LIMIT_REACHED")
    assert refused(stub, "arrays.large", 3, store=True)[:2] == ("RESOURCE_EXHAUSTED", "LIMIT_REACHED")
    assert upload(stub, content, session="another").size_bytes == len(content)


def test_a_call_has_one_value(stub):
    done = upload(stub, msgspec.msgpack.encode([[], {}]))
    payload = pb.Payload(format=pb.PAYLOAD_FORMAT_MSGPACK, data=b"\x92\x90\x80", upload_id=done.upload_id)
    with pytest.raises(grpc.RpcError) as caught:
        stub.ExecuteTool(
            pb.ExecuteToolRequest(session_id="s", tool_name="workbench.values.echo", arguments=payload), timeout=SECONDS
        )

    assert refusal(caught.value) == (
        "INVALID_ARGUMENT",
        "INVALID_ARGUMENT",
        "arguments: send either data or upload_id",
    )


def test_an_upload_has_one_session(stub):
    messages = [pb.UploadPayloadRequest(session_id=name, data=b"x") for name in ("s", "t")]
    with pytest.raises(grpc.RpcError) as caught:
        stub.UploadPayload(iter(messages), timeout=SECONDS)

    assert refusal(caught.value)[0] == "INVALID_ARGUMENT"


async def parts(*some):
    for one in some:
        yield one


@pytest.fixture
def keep(tmp_path):
    made = []

    def keep(**settings):
        made.append(Transfers(Settings(**{"bundle": tmp_path, "transfer_folder": tmp_path, **settings})))
        return made[-1]

    yield keep
    for one in made:
        one.close()


def test_what_is_kept_has_no_name(keep, tmp_path):
    transfers = keep()
    done = asyncio.run(transfers.upload("s", parts(b"ab", b"", b"c")))

    assert bytes(transfers.view(done.upload_id, "s")) == b"abc"
    assert list(tmp_path.iterdir()) == []


def test_what_is_not_used_for_its_time_is_gone(keep, monkeypatch):
    monkeypatch.setattr("pybridge_worker.front.transfers._SWEEP_SECONDS", 0)
    transfers = keep(stored_ttl_seconds=0.0)

    async def sweep():
        done = await transfers.upload("s", parts(b"x"))
        sweeping = asyncio.create_task(transfers.sweep())
        for _ in range(10):
            await asyncio.sleep(0)
        sweeping.cancel()
        return done

    done = asyncio.run(sweep())

    with pytest.raises(PayloadNotFound):
        transfers.view(done.upload_id, "s")


def test_the_limit_of_all_sessions_counts_what_is_there(keep):
    transfers = keep(max_stored_bytes=5)
    asyncio.run(transfers.upload("s", parts(b"abc")))
    with pytest.raises(LimitReached):
        asyncio.run(transfers.upload("t", parts(b"abc")))
    transfers.close_session("s")

    assert asyncio.run(transfers.upload("t", parts(b"abcde"))).size == 5


def test_a_disk_without_room_refuses_and_keeps_nothing(keep, tmp_path):
    transfers = keep()
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, resource.RLIM_INFINITY))
    try:
        with pytest.raises(Refused, match="cannot be kept here") as caught:
            asyncio.run(transfers.upload("s", parts(b"x" * 100)))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    receiver = keep(transfer_folder=tmp_path / "gone").receiver("s")
    receiver.take(Piece(0), [bytearray(b"x")])

    assert caught.value.code is Code.RESOURCE_EXHAUSTED
    with pytest.raises(Refused, match="No such file"):
        receiver.finish()


def test_pieces_that_come_after_the_end_are_nothing(keep):
    transfers = keep()
    receiver = transfers.receiver("s")
    receiver.take(Piece(0), [bytearray(b"x")])
    receiver.drop()
    receiver.take(Piece(0), [bytearray(b"y")])

    assert asyncio.run(transfers.upload("s", parts(b"x"))).size == 1


def test_nothing_is_a_payload_too(keep):
    transfers = keep()
    done = asyncio.run(transfers.upload("", parts()))

    assert bytes(transfers.view(done.upload_id, "s")) == b""


def raw(stub, name, *positional, form=pb.PAYLOAD_FORMAT_RAW_BYTES, **fields):
    payload = pb.Payload(format=pb.PAYLOAD_FORMAT_MSGPACK, data=msgspec.msgpack.encode([positional, {}]))
    options = pb.ResultOptions(format=form)
    request = pb.ExecuteToolRequest(tool_name=f"workbench.{name}", arguments=payload, result_options=options, **fields)
    return stub.ExecuteTool(request, timeout=SECONDS)


def test_bytes_come_as_they_are_on_demand(stub):
    payload = raw(stub, "values.echo", b"\x00\xff").payload

    assert (payload.format, payload.data) == (pb.PAYLOAD_FORMAT_RAW_BYTES, b"\x00\xff")


def test_what_is_not_bytes_has_no_raw_form_and_is_held(stub):
    with pytest.raises(grpc.RpcError) as caught:
        raw(stub, "values.echo", "text")
    held = raw(stub, "values.echo", "text", session_id="s")

    assert refusal(caught.value)[1] == "RESULT_NOT_ENCODABLE"
    assert (held.payload.data, held.object_ref.type_path) == (b"", "builtins.str")


def test_arguments_have_no_raw_form(stub):
    payload = pb.Payload(format=pb.PAYLOAD_FORMAT_RAW_BYTES, data=b"x")
    with pytest.raises(grpc.RpcError) as caught:
        stub.ExecuteTool(pb.ExecuteToolRequest(tool_name="workbench.values.echo", arguments=payload), timeout=SECONDS)

    assert refusal(caught.value)[0] == "INVALID_ARGUMENT"


def test_a_broken_upload_leaves_nothing(keep):
    transfers = keep(max_stored_bytes=5)

    async def broken():
        yield b"abc"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        asyncio.run(transfers.upload("s", broken()))

    assert asyncio.run(transfers.upload("t", parts(b"abcde"))).size == 5
