"""Bare grpc.aio on a unix socket, with two services: python bare.py ADDRESS asyncio|uvloop.

`race.Bare` gives back the bytes that came: what gRPC itself costs. The worker's own service takes and gives the worker's
messages, decodes the value and encodes it again, all in the handler: a server of one function, as one writes it first.
"""

import asyncio
import sys
from collections.abc import AsyncIterator

import grpc
import msgspec

from pybridge_worker.v1 import pybridge_pb2 as pb

ITEM = b"0123456789abcdef"
MEBIBYTE = 1024 * 1024


async def echo(request: bytes, _context: object) -> bytes:
    return request


async def items(request: bytes, _context: object) -> AsyncIterator[bytes]:
    for _ in range(int(request)):
        yield ITEM


_blocks: dict[int, bytes] = {}


async def block(request: bytes, _context: object) -> bytes:
    """Give a block of so many MiB; of a negative number nothing, but keep it."""
    size = abs(int(request))
    if size not in _blocks:
        _blocks[size] = b"\x01" * (size * MEBIBYTE)
    return _blocks[size] if int(request) > 0 else b""


async def execute(request: pb.ExecuteToolRequest, _context: object) -> pb.ExecuteToolResponse:
    (value,), _ = msgspec.msgpack.decode(request.arguments.data)
    payload = pb.Payload(format=pb.PAYLOAD_FORMAT_MSGPACK, data=msgspec.msgpack.encode(value))
    return pb.ExecuteToolResponse(success=True, payload=payload)


async def stream(request: pb.ExecuteToolRequest, _context: object) -> AsyncIterator[pb.ExecuteToolChunk]:
    (count,), _ = msgspec.msgpack.decode(request.arguments.data)
    for number in range(count):
        yield pb.ExecuteToolChunk(sequence=number, payload=msgspec.msgpack.encode(ITEM))
    yield pb.ExecuteToolChunk(is_final=True)


def service() -> grpc.GenericRpcHandler:
    read = pb.ExecuteToolRequest.FromString
    methods = {
        "ExecuteTool": grpc.unary_unary_rpc_method_handler(execute, read, pb.ExecuteToolResponse.SerializeToString),
        "ExecuteToolStreaming": grpc.unary_stream_rpc_method_handler(
            stream, read, pb.ExecuteToolChunk.SerializeToString
        ),
    }
    return grpc.method_handlers_generic_handler("pybridge.v1.PyBridgeService", methods)


async def main(address: str) -> None:
    options = [("grpc.max_send_message_length", -1), ("grpc.max_receive_message_length", -1)]
    server = grpc.aio.server(options=options)
    handlers = {
        "Echo": grpc.unary_unary_rpc_method_handler(echo),
        "Items": grpc.unary_stream_rpc_method_handler(items),
        "Block": grpc.unary_unary_rpc_method_handler(block),
    }
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("race.Bare", handlers), service()))
    server.add_insecure_port(address)
    await server.start()
    print(f"READY {address}", flush=True)
    await server.wait_for_termination()


if __name__ == "__main__":
    if sys.argv[2] == "uvloop":
        import uvloop

        uvloop.run(main(sys.argv[1]))
    else:
        asyncio.run(main(sys.argv[1]))
