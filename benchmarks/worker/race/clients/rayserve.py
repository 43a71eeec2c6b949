"""Ray Serve's gRPC proxy."""

import grpc
import msgspec
from clients.values import SMALL
from google.protobuf.wrappers_pb2 import BytesValue


class RayServe:
    def __init__(self, address: str) -> None:
        self._channel = grpc.insecure_channel(address)
        self._echo = self._channel.unary_unary(
            "/race.Ray/Echo",
            request_serializer=BytesValue.SerializeToString,
            response_deserializer=BytesValue.FromString,
        )

    def echo(self) -> int:
        request = BytesValue(value=msgspec.msgpack.encode(SMALL))
        msgspec.msgpack.decode(self._echo(request, metadata=(("application", "race"),)).value)
        return 1

    def close(self) -> None:
        self._channel.close()
