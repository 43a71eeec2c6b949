"""A batch in both directions, with little to do for each of its operations: there may be thousands.

The usual operation, a call that takes its options from the batch, is read here; all others are left to `requests`. The
usual answer, a value, is written here byte by byte, as protobuf would; all others are left to `responses`.
"""

from collections.abc import Sequence

from pybridge_worker.errors import InvalidArgument
from pybridge_worker.frames import (
    JSON,
    MAX_BUFFERS,
    MSGPACK,
    Answer,
    Batch,
    BatchAnswer,
    Buffer,
    EarlierResult,
    Fault,
    Refusal,
    Step,
    Tree,
    Wish,
)
from pybridge_worker.front import requests, responses
from pybridge_worker.tools import Operation, Tools
from pybridge_worker.v1 import pybridge_pb2 as pb

_NANOS = 10**9
_SMALL = tuple(bytes((value,)) for value in range(0x80))
"""The numbers that are one byte."""
_FORMATS = {
    True: b"\x08" + _SMALL[pb.PAYLOAD_FORMAT_MSGPACK] + b"\x12",
    False: b"\x08" + _SMALL[pb.PAYLOAD_FORMAT_JSON] + b"\x12",
}
"""`Payload.format` by whether it is MessagePack, and the head of `Payload.data`."""


def read(request: pb.ExecuteBatchRequest, tools: Tools) -> tuple[Batch, Sequence[Buffer]]:
    """Read a batch, and the raw data of all its operations in their order.

    Raises:
        Refused: an operation cannot be used; the message names it. Or it has too many buffers.
    """
    reader = _Reader(request, tools)
    steps = tuple(reader.step(index, one) for index, one in enumerate(request.operations))
    if len(reader.buffers) > MAX_BUFFERS:
        raise InvalidArgument("operations", f"a batch has at most {MAX_BUFFERS} buffers")
    return Batch(session=request.session_id, steps=steps, stop_on_error=request.stop_on_error), reader.buffers


class _Reader:
    """Reads operations; what was found for one is kept for the next that is like it."""

    def __init__(self, request: pb.ExecuteBatchRequest, tools: Tools) -> None:
        self.buffers: list[Buffer] = []
        self._options = request.result_options
        self._session = request.session_id
        self._tools = tools
        self._operations: dict[tuple[str, str], Operation] = {}
        self._wishes: dict[int, tuple[str, Wish]] = {}

    def step(self, index: int, operation: pb.BatchOperation) -> Step:
        """Read an operation."""
        kind = operation.WhichOneof("operation")
        match kind:
            case "call_method":
                call = operation.call_method
            case "call_function":
                call = operation.call_function
            case "create":
                call = operation.create
            case _:
                return self._unusual(index, operation)
        payload = call.arguments
        found = self._operations.get((kind, call.tool_name))
        known = self._wishes.get(payload.format)
        target = call.WhichOneof("target")
        if (
            found is None
            or known is None
            or target == "object_ref"
            or payload.upload_id
            or payload.buffers
            or payload.buffer_upload_ids
            or operation.HasField("result_options")
        ):
            step = self._unusual(index, operation)
            if not operation.HasField("result_options") and isinstance(step.arguments, Tree):
                self._operations[kind, call.tool_name] = step.operation
                self._wishes[payload.format] = (step.arguments.format, step.wish)
            return step
        form, wish = known
        return Step(
            operation=found,
            arguments=Tree(form, payload.data),
            target=None if target is None else EarlierResult(call.result_of),
            wish=wish,
        )

    def _unusual(self, index: int, operation: pb.BatchOperation) -> Step:
        step = requests.batch_step(index, operation, self._options, self._tools, self._session)
        name = operation.WhichOneof("operation")
        one = getattr(operation, name) if name else None
        payload = getattr(one, "arguments", None) or getattr(one, "value", None)
        if payload is not None:
            self.buffers.extend(payload.buffers)
        return step


def write(answer: BatchAnswer, buffers: Sequence[Buffer]) -> bytes:
    """Write how the operations of a batch ended: an `ExecuteBatchResponse`."""
    parts: list[bytes] = []
    start = 0
    for one in answer.answers:
        if isinstance(one, Answer) and not one.buffers and one.reference is None and one.format in (JSON, MSGPACK):
            written = _value(one)
        else:
            end = start + (one.buffers if isinstance(one, Answer) else 0)
            written = _other(one, buffers[start:end])
            start = end
        parts += (b"\x0a", _varint(len(written)), written)
    return b"".join(parts)


def _other(answer: Answer | Fault | Refusal, buffers: Sequence[Buffer]) -> bytes:
    return responses.response(answer, as_payload=True, buffers=buffers).SerializeToString()


def _value(answer: Answer) -> bytes:
    """Write the `ExecuteToolResponse` of a value without buffers.

    A field begins with a byte, its number times 8, and 2 where it has a length: 1 `success`, 6 `payload` (with 1 `format`
    and 2 `data`), 8 `stats` (with 3 `run_time` and 4 `encode_time`, each of 1 `seconds` and 2 `nanos`).
    """
    data = answer.data
    stats = b"\x1a%b\x22%b" % (_duration(answer.run_seconds), _duration(answer.encode_seconds))
    head = _FORMATS[answer.format == MSGPACK]
    if not data:
        return b"\x08\x01\x32\x02%b\x42%b%b" % (
            head[:2],
            _SMALL[len(stats)],
            stats,
        )  # protobuf leaves out what is empty
    size = _varint(len(data))
    payload = _varint(len(head) + len(size) + len(data))
    return b"\x08\x01\x32%b%b%b%b\x42%b%b" % (payload, head, size, data, _SMALL[len(stats)], stats)


def _duration(seconds: float) -> bytes:
    """Write a `Duration` with its length before it; none is longer than 15 bytes."""
    nanos = int(seconds * _NANOS)
    if 0x80 <= nanos < 0x4000:
        return bytes((3, 0x10, nanos & 0x7F | 0x80, nanos >> 7))
    if 0x4000 <= nanos < 0x20_0000:
        return bytes((4, 0x10, nanos & 0x7F | 0x80, nanos >> 7 & 0x7F | 0x80, nanos >> 14))
    whole, nanos = divmod(nanos, _NANOS)
    body = b"\x10" + _varint(nanos) if nanos else b""
    if whole:
        body = b"\x08" + _varint(whole) + body
    return _SMALL[len(body)] + body


def _varint(value: int) -> bytes:
    if value < 0x80:
        return _SMALL[value]
    if value < 0x4000:
        return bytes((value & 0x7F | 0x80, value >> 7))
    written = bytearray()
    while value > 0x7F:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    written.append(value)
    return bytes(written)
