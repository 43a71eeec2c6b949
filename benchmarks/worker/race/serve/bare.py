"""Bare grpc.aio on a unix socket: bytes in, the same bytes out. What gRPC itself costs; the unit of the race.

python bare.py ADDRESS asyncio|uvloop
"""

import asyncio
import sys
from collections.abc import AsyncIterator

import grpc

ITEM = b"0123456789abcdef"
MEBIBYTE = 1024 * 1024


async def echo(request: bytes, _context: object) -> bytes:
    return request


async def items(request: bytes, _context: object) -> AsyncIterator[bytes]:
    for _ in range(int(request)):
        yield ITEM


async def block(request: bytes, _context: object) -> bytes:
    return bytes(int(request) * MEBIBYTE)


async def main(address: str) -> None:
    options = [("grpc.max_send_message_length", -1), ("grpc.max_receive_message_length", -1)]
    server = grpc.aio.server(options=options)
    handlers = {
        "Echo": grpc.unary_unary_rpc_method_handler(echo),
        "Items": grpc.unary_stream_rpc_method_handler(items),
        "Block": grpc.unary_unary_rpc_method_handler(block),
    }
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("race.Bare", handlers),))
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
