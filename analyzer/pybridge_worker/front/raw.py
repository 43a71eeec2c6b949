"""Requests and responses with large buffers, read and written by hand: protobuf would copy each buffer twice on its way.

The bytes are the same that protobuf reads and writes. Everything but the buffers goes through protobuf itself.
"""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import grpc
from google.protobuf.message import DecodeError, Message

from pybridge_worker.frames import MIN_APART_BYTES, Buffer
from pybridge_worker.v1 import pybridge_pb2 as pb
from pybridge_worker.v1 import pybridge_pb2_grpc

_ARGUMENTS = pb.ExecuteToolRequest.ARGUMENTS_FIELD_NUMBER
_PAYLOAD = pb.ExecuteToolResponse.PAYLOAD_FIELD_NUMBER
_RESULT = pb.ExecuteToolResponse.RESULT_FIELD_NUMBER
_BUFFERS = pb.Payload.BUFFERS_FIELD_NUMBER
_DATA = pb.Payload.DATA_FIELD_NUMBER
_VARINT, _FIXED64, _LENGTH, _FIXED32 = 0, 1, 2, 5
_MAX_VARINT_BYTES = 10


_MAX_FIELDS = 4096
"""With more, protobuf reads the message: reading by hand costs a microsecond a field, and stops the server meanwhile."""


class _TooManyFields(Exception):
    """There is nothing to be gained by reading a message by hand."""


class Request(NamedTuple):
    """A request, and the buffers of its arguments: views of the bytes that were received."""

    message: pb.ExecuteToolRequest
    """Without what is in `buffers`, where it was large."""
    buffers: Sequence[Buffer]
    is_apart: bool = False
    """Whether the first buffer is the data of the arguments."""

    @property
    def tool_name(self) -> str:
        """As the message has it."""
        return self.message.tool_name

    @property
    def session_id(self) -> str:
        """As the message has it."""
        return self.message.session_id

    @property
    def call_id(self) -> str:
        """As the message has it."""
        return self.message.call_id


class Written(NamedTuple):
    """A message that is written already."""

    data: bytes
    kind: type[Message]


class Response(NamedTuple):
    """A response whose payload has buffers that are not in the message."""

    message: pb.ExecuteToolResponse
    buffers: Sequence[Buffer]
    as_payload: bool = True
    """Whether the first buffer, when it is the data, is that of the payload, or the specification's result."""
    is_apart: bool = False
    """Whether the first buffer is the data of the payload."""


def handlers(servicer: pybridge_pb2_grpc.PyBridgeServiceServicer) -> Mapping[str, Any]:
    """The service's handlers by the paths of their methods; `ExecuteTool` takes a `Request` and gives a `Response` or its message."""
    methods = _Methods()
    pybridge_pb2_grpc.add_PyBridgeServiceServicer_to_server(servicer, methods)  # type: ignore[arg-type] # of a server it wants no more
    by_hand = grpc.unary_unary_rpc_method_handler(
        servicer.ExecuteTool, request_deserializer=read_request, response_serializer=write_response
    )
    written: Any = grpc.unary_unary_rpc_method_handler(
        servicer.ExecuteBatch, request_deserializer=pb.ExecuteBatchRequest.FromString
    )
    stream: Any = grpc.unary_stream_rpc_method_handler(
        servicer.ExecuteToolStreaming, pb.ExecuteToolRequest.FromString, write_chunk
    )
    by_name = {**methods.by_name, "ExecuteTool": by_hand, "ExecuteBatch": written, "ExecuteToolStreaming": stream}
    return {f"/{methods.service}/{name}": handler for name, handler in by_name.items()}


class _Methods:
    """Stands in for a server, and remembers what the generated code registers."""

    def __init__(self) -> None:
        self.service = ""
        self.by_name: Mapping[str, Any] = {}

    def add_generic_rpc_handlers(self, handlers: object) -> None:
        """Take the handlers as a whole; they come by name as well."""

    def add_registered_method_handlers(self, service: str, handlers: Mapping[str, Any]) -> None:
        """Take the handlers by name."""
        self.service, self.by_name = service, handlers


def read_request(data: bytes) -> Request:
    """Read a request; raises `DecodeError`, as protobuf does, when it is none."""
    if len(data) >= MIN_APART_BYTES:
        with contextlib.suppress(_TooManyFields):
            return _read_apart(data)
    message = pb.ExecuteToolRequest.FromString(data)
    return Request(message, message.arguments.buffers)


def _read_apart(data: bytes) -> Request:
    found: list[tuple[int, Buffer]] = []
    rest: list[Buffer] = []
    view = memoryview(data)
    for number, kind, start, body, end in _fields(view):
        if number != _ARGUMENTS or kind != _LENGTH:
            rest.append(view[start:end])
            continue
        inner = b"".join(_payload_without_raw(view[body:end], found))
        rest += (_head(_ARGUMENTS, len(inner)), inner)
    if not found:
        return Request(pb.ExecuteToolRequest.FromString(data), ())
    values = [one for number, one in found if number == _DATA]
    buffers = [one for number, one in found if number == _BUFFERS]
    message = pb.ExecuteToolRequest.FromString(b"".join(rest))
    return Request(message, [*values[-1:], *buffers], is_apart=bool(values))


def _payload_without_raw(payload: memoryview, found: list[tuple[int, Buffer]]) -> Iterator[Buffer]:
    """Give the fields of a payload, but for its data and its buffers: these are found."""
    for number, kind, start, body, end in _fields(payload):
        if number in (_BUFFERS, _DATA) and kind == _LENGTH:
            found.append((number, payload[body:end]))
        else:
            yield payload[start:end]


def write_chunk(chunk: pb.ExecuteToolChunk | Written) -> bytes:
    """Write a chunk that is not written yet."""
    return chunk.data if isinstance(chunk, Written) else chunk.SerializeToString()


def write_response(response: pb.ExecuteToolResponse | Response | Written) -> bytes:
    """Write a response. Its payload comes twice, first without buffers; protobuf merges the two."""
    if isinstance(response, Written):
        return response.data
    if isinstance(response, pb.ExecuteToolResponse):
        return response.SerializeToString()
    message = response.message.SerializeToString()
    first = response.buffers[0] if response.is_apart else b""
    if not response.as_payload:
        return b"".join((message, _head(_RESULT, len(first)), first))
    inner: list[Buffer] = [_head(_DATA, len(first)), first] if response.is_apart else []
    for one in response.buffers[1 if response.is_apart else 0 :]:
        inner += (_head(_BUFFERS, len(one)), one)
    return b"".join((message, _head(_PAYLOAD, sum(map(len, inner))), *inner))


def _fields(view: memoryview) -> Iterator[tuple[int, int, int, int, int]]:
    """Give each field's number, its kind, and where it, its content and what follows it begin."""
    place, size, count = 0, len(view), 0
    while place < size:
        start, count = place, count + 1
        if count > _MAX_FIELDS:
            raise _TooManyFields
        tag, place = _varint(view, place)
        kind, body = tag & 7, place
        if kind == _VARINT:
            _, place = _varint(view, place)
        elif kind == _LENGTH:
            length, body = _varint(view, place)
            place = body + length
        elif kind in (_FIXED64, _FIXED32):
            place += 8 if kind == _FIXED64 else 4
        else:
            raise DecodeError("a field of a kind that is not in use")
        if place > size:
            raise DecodeError("the message ends in the middle of a field")
        yield tag >> 3, kind, start, body, place


def _varint(view: memoryview, place: int) -> tuple[int, int]:
    value = 0
    for count in range(_MAX_VARINT_BYTES):
        if place + count >= len(view):
            break
        byte = view[place + count]
        value |= (byte & 0x7F) << (7 * count)
        if byte < 0x80:
            return value, place + count + 1
    raise DecodeError("a number without an end")


def _head(number: int, length: int) -> bytes:
    head = bytearray()
    for value in (number << 3 | _LENGTH, length):
        left = value
        while left > 0x7F:
            head.append(left & 0x7F | 0x80)
            left >>= 7
        head.append(left)
    return bytes(head)
