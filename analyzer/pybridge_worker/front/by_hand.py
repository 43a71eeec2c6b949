"""The usual answer, a value, written byte by byte as protobuf would write it: in a quarter of the time.

A field begins with a byte: its number times 8, and 2 where a length follows. In an `ExecuteToolResponse`, 1 is `success`, 2
`result`, 6 `payload` (with 1 `format` and 2 `data`) and 8 `stats` (with 1 `call_id`, 2 `queue_time`, 3 `run_time` and 4
`encode_time`, each of 1 `seconds` and 2 `nanos`). What is zero or empty is left out.
"""

from collections.abc import Sequence

from pybridge_worker.frames import JSON, MSGPACK, Answer
from pybridge_worker.v1 import pybridge_pb2 as pb

_NANOS = 10**9
_SMALL = tuple(bytes((value,)) for value in range(0x80))
"""The numbers that are one byte."""
_FORMATS = {
    JSON: b"\x08" + _SMALL[pb.PAYLOAD_FORMAT_JSON],
    MSGPACK: b"\x08" + _SMALL[pb.PAYLOAD_FORMAT_MSGPACK],
}


def is_usual(answer: Answer) -> bool:
    """Whether an answer is one that is written here: a value in one of the formats of trees, with nothing beside it."""
    return not answer.buffers and answer.reference is None and not answer.is_stored and writes(answer.format)


def writes(form: str) -> bool:
    """Whether values of a format are written here."""
    return form in _FORMATS


def value(answer: Answer, call_id: str = "", queue_seconds: float | None = None, *, as_payload: bool = True) -> bytes:
    """Write the `ExecuteToolResponse` of a usual answer; `queue_seconds` is None for an operation of a batch."""
    data = answer.data
    size = varint(len(data))
    if not as_payload:
        content = b"\x12%b%b" % (size, data) if data else b""
    elif data:
        inner = 3 + len(size) + len(data)
        content = b"\x32%b%b\x12%b%b" % (varint(inner), _FORMATS[answer.format], size, data)
    else:
        content = b"\x32\x02" + _FORMATS[answer.format]
    stats = b"\x1a%b\x22%b" % (_duration(answer.run_seconds), _duration(answer.encode_seconds))
    if queue_seconds is not None:
        stats = b"\x12%b%b" % (_duration(queue_seconds), stats)
    if call_id:
        name = call_id.encode()
        stats = b"\x0a%b%b%b" % (varint(len(name)), name, stats)
    return b"\x08\x01%b\x42%b%b" % (content, varint(len(stats)), stats)


def chunk(chunk_id: str, sequence: int, form: str, items: Sequence[bytes], *, as_items: bool) -> bytes:
    """Write the `ExecuteToolChunk` of items without buffers: its one item, or several as `as_items` says.

    There, 1 is `chunk_id`, 2 `payload`, 5 `sequence`, 6 `format` and 7 `items`, each a payload.
    """
    name, number = chunk_id.encode(), _FORMATS[form]
    parts = [b"\x0a%b%b" % (varint(len(name)), name)]
    if not as_items and items[0]:
        parts.append(b"\x12%b%b" % (varint(len(items[0])), items[0]))
    if sequence:
        parts.append(b"\x28" + varint(sequence))
    parts.append(b"\x30" + number[1:])
    if as_items:
        for data in items:
            size = varint(len(data))
            body = b"%b\x12%b%b" % (number, size, data) if data else number
            parts.append(b"\x3a%b%b" % (varint(len(body)), body))
    return b"".join(parts)


def _duration(seconds: float) -> bytes:
    """Write a `Duration` with its length before it; none is longer than 15 bytes."""
    nanos = int(seconds * _NANOS)
    if 0x80 <= nanos < 0x4000:
        return bytes((3, 0x10, nanos & 0x7F | 0x80, nanos >> 7))
    if 0x4000 <= nanos < 0x20_0000:
        return bytes((4, 0x10, nanos & 0x7F | 0x80, nanos >> 7 & 0x7F | 0x80, nanos >> 14))
    whole, nanos = divmod(nanos, _NANOS)
    body = b"\x10" + varint(nanos) if nanos else b""
    if whole:
        body = b"\x08" + varint(whole) + body
    return _SMALL[len(body)] + body


def varint(value: int) -> bytes:
    """Write a number, seven bits a byte, the lowest first."""
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
