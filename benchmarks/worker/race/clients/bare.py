"""Bare gRPC: bytes to and fro, the value encoded and decoded by the client as for the worker."""

import grpc
import msgspec
from clients.values import ARRAY_BYTES, BLOCK_MEBIBYTES, ITEMS, MEBIBYTE, SMALL

OPTIONS = (
    ("grpc.max_receive_message_length", -1),
    ("grpc.max_send_message_length", -1),
    ("grpc.use_local_subchannel_pool", 1),  # a connection a client
)
_encode, _decode = msgspec.msgpack.Encoder().encode, msgspec.msgpack.Decoder().decode
_array = bytearray(ARRAY_BYTES)


class Bare:
    def __init__(self, address: str) -> None:
        self._channel = grpc.insecure_channel(address, options=OPTIONS)
        self._echo = self._channel.unary_unary("/race.Bare/Echo")
        self._items = self._channel.unary_stream("/race.Bare/Items")
        self._block = self._channel.unary_unary("/race.Bare/Block")

    def echo(self) -> int:
        _decode(self._echo(_encode(SMALL)))
        return 1

    def stream(self) -> int:
        return sum(1 for _ in self._items(b"%d" % ITEMS))

    def array(self) -> int:
        answer = self._echo(bytes(_array))
        return len(memoryview(answer)) // MEBIBYTE

    def prepare_download(self) -> None:
        """Have the server make what it is going to send."""
        self._block(b"-%d" % BLOCK_MEBIBYTES)

    def download(self) -> int:
        return len(self._block(b"%d" % BLOCK_MEBIBYTES)) // MEBIBYTE

    def close(self) -> None:
        self._channel.close()
