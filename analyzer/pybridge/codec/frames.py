"""What a process and its children say to each other: msgpack values, each behind its length in four bytes."""

from typing import IO, TypeVar

import msgspec

T = TypeVar("T")

_MAX_FRAME_BYTES = 1 << 31


def write_frame(stream: IO[bytes], value: object) -> None:
    """Write one value.

    Raises:
        OSError: nobody reads any more.
    """
    payload = msgspec.msgpack.encode(value)
    stream.write(len(payload).to_bytes(4, "big") + payload)
    stream.flush()


def read_payload(stream: IO[bytes]) -> bytes | None:
    """Read the bytes of one value; None when the stream ends, even in the middle of one."""
    size = int.from_bytes(head, "big") if len(head := stream.read(4)) == 4 else -1
    if not 0 <= size <= _MAX_FRAME_BYTES:
        return None
    payload = stream.read(size)
    return payload if len(payload) == size else None


def read_frame(stream: IO[bytes], noun: type[T]) -> T | None:
    """Read one value; None when the stream ends.

    Raises:
        msgspec.DecodeError: it is not a ``noun``.
    """
    payload = read_payload(stream)
    return None if payload is None else msgspec.msgpack.decode(payload, type=noun)
