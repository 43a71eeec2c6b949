"""The worker's own protocol, one session a client."""

import os
import secrets

import grpc
import msgspec
from clients.bare import OPTIONS
from clients.values import ARRAY_BYTES, BATCH, COALESCED, COALESCED_ITEMS, ITEMS, MEBIBYTE, SMALL

from pybridge_worker.v1 import pybridge_pb2 as pb
from pybridge_worker.v1 import pybridge_pb2_grpc

_encode, _decode = msgspec.msgpack.Encoder().encode, msgspec.msgpack.Decoder().decode
_array = bytearray(ARRAY_BYTES)
TOKEN = "RACE_TOKEN"


class Worker:
    def __init__(self, address: str) -> None:
        self._channel = grpc.insecure_channel(address, options=OPTIONS)
        token = os.environ.get(TOKEN)
        self._metadata = (("authorization", f"Bearer {token}"),) if token else ()
        self._session = secrets.token_urlsafe(12)
        stub = pybridge_pb2_grpc.PyBridgeServiceStub(self._channel)
        self._execute, self._batch, self._stream = stub.ExecuteTool, stub.ExecuteBatch, stub.ExecuteToolStreaming
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
        request = self._request("same", bytes(_array))
        return len(_decode(self._execute(request, metadata=self._metadata).payload.data)) // MEBIBYTE

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
