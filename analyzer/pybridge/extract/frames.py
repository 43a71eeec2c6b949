"""What parent and child say to each other: msgpack values, each behind its length in four bytes."""

from typing import IO, TypeVar

import msgspec

from pybridge.extract.file import Parser
from pybridge.model.names import ModuleName
from pybridge.model.source import FileKind

T = TypeVar("T")

_MAX_FRAME_BYTES = 1 << 31


class Settings(msgspec.Struct, frozen=True, array_like=True):
    """The first frame to a child."""

    python_version: tuple[int, int]
    memory_bytes: int
    """Limit of its address space; 0 for none."""


class Job(msgspec.Struct, frozen=True, array_like=True):
    """One file to read."""

    module: ModuleName
    kind: FileKind
    is_package: bool
    path: str
    parser: Parser
    data: bytes


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
