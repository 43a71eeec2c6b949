"""The worker's own protocol, one session a client."""

import os
import secrets
from pathlib import Path

import grpc
import msgspec
from clients.bare import OPTIONS
from clients.values import ARRAY_BYTES, BATCH, BLOCK_MEBIBYTES, COALESCED, COALESCED_ITEMS, ITEMS, MEBIBYTE, SMALL

from pybridge_worker.v1 import pybridge_pb2 as pb
from pybridge_worker.v1 import pybridge_pb2_grpc

_encode, _decode = msgspec.msgpack.Encoder().encode, msgspec.msgpack.Decoder().decode
_array = bytearray(ARRAY_BYTES)
_ext = msgspec.msgpack.Ext(2, _encode(["<f8", [ARRAY_BYTES // 8], 0]))
_tensor = _encode([[_ext], {}])
TOKEN = "PYBRIDGE_RACE_TOKEN"


class Worker:
    def __init__(self, address: str) -> None:
        self._channel = grpc.insecure_channel(address, options=OPTIONS)
        token = Path(os.environ[TOKEN]).read_text(encoding="ascii")
        self._metadata = (("authorization", f"Bearer {token}"),)
        self._session = secrets.token_urlsafe(12)
        stub = pybridge_pb2_grpc.PyBridgeServiceStub(self._channel)
        self._execute, self._batch, self._stream = stub.ExecuteTool, stub.ExecuteBatch, stub.ExecuteToolStreaming
        self._download = stub.DownloadPayload
        self._kept = ""
        self._operations = pb.ExecuteBatchRequest(
            session_id=self._session,
            operations=[
                pb.BatchOperation(
                    call_function=pb.CallOperation(tool_name="race_library.echo", arguments=_payload(SMALL))
                )
            ]
            * BATCH,
        )

    def echo(self) -> int:
        answer = self._execute(self._request("echo", SMALL), metadata=self._metadata)
        _decode(answer.payload.data)
        return 1

    def json(self) -> int:
        request = pb.ExecuteToolRequest(
            session_id=self._session,
            tool_name="race_library.echo",
            parameters={"value": msgspec.json.encode(SMALL)},
        )
        msgspec.json.decode(self._execute(request, metadata=self._metadata).result)
        return 1

    def batch(self) -> int:
        return sum(one.success for one in self._batch(self._operations, metadata=self._metadata).results)

    def stream(self) -> int:
        answers = self._stream(self._request("items", ITEMS), metadata=self._metadata)
        return sum(1 for _ in answers) - 1

    def coalesced(self) -> int:
        options = pb.StreamOptions(max_items_per_chunk=COALESCED)
        request = self._request("items", COALESCED_ITEMS, options)
        return sum(len(one.items) for one in self._stream(request, metadata=self._metadata))

    def array(self) -> int:
        request = pb.ExecuteToolRequest(
            session_id=self._session,
            tool_name="race_library.same",
            arguments=pb.Payload(format=pb.PAYLOAD_FORMAT_MSGPACK, data=_tensor, buffers=[bytes(_array)]),
        )
        (buffer,) = self._execute(request, metadata=self._metadata).payload.buffers
        return len(buffer) // MEBIBYTE

    def prepare_download(self) -> None:
        """Have a value made that no message holds, and kept."""
        request = self._request("block", BLOCK_MEBIBYTES)
        request.result_options.store = True
        self._kept = self._execute(request, metadata=self._metadata).payload.upload_id

    def download(self) -> int:
        """Fetch what is kept."""
        kept = pb.DownloadPayloadRequest(upload_id=self._kept)
        chunks = self._download(kept, metadata=self._metadata)
        return sum(len(one.data) for one in chunks) // MEBIBYTE

    def close(self) -> None:
        self._channel.close()

    def _request(self, name: str, value: object, options: pb.StreamOptions | None = None) -> pb.ExecuteToolRequest:
        return pb.ExecuteToolRequest(
            session_id=self._session,
            tool_name=f"race_library.{name}",
            arguments=_payload(value),
            stream_options=options,
        )


def _payload(value: object) -> pb.Payload:
    return pb.Payload(format=pb.PAYLOAD_FORMAT_MSGPACK, data=_encode([[value], {}]))
