"""What the front and a keeper say to each other: frames in blobs of bytes, and between them messages of their own.

A blob holds one or more frames, each as it would be on a socket. Those of number 0 are about the process itself. Ray
carries `bytes` as they are; it is given nothing that it would have to pickle.
"""

import logging
import struct
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from pybridge_worker import __version__, logs
from pybridge_worker.bundle import Surface
from pybridge_worker.frames import (
    COUNT,
    HAS_BUFFERS,
    HEAD,
    SIZE,
    Buffer,
    Chunk,
    Piece,
    Refusal,
    ToChild,
    ToFront,
    encode_parts,
)
from pybridge_worker.settings import Settings

# ---- to a keeper


class Office(msgspec.Struct, frozen=True, array_like=True):
    """What a keeper starts processes with."""

    settings: Settings
    surface: Surface
    log_level: int


class Begin(msgspec.Struct, frozen=True, array_like=True):
    """Start a process."""

    epoch: int
    modules: tuple[str, ...]
    preload: tuple[str, ...]
    """To import where processes are forked from, if they are."""
    memory_bytes: int = 0


class Interrupt(msgspec.Struct, frozen=True, tag="interrupt", array_like=True):
    """Raise KeyboardInterrupt in the call that is running, if it is still."""


# ---- to the front


class Hello(msgspec.Struct, frozen=True, array_like=True):
    """A keeper has its place."""

    node: str
    """Ray's id of the node, in hexadecimal."""
    address: str
    worker_version: str
    python_version: str


class Begun(msgspec.Struct, frozen=True, tag="begun", array_like=True):
    """A process can be called."""

    number: int
    """Which of this keeper's processes it is."""
    pid: int
    resident_bytes: int
    confined: tuple[str, ...]


class Lost(msgspec.Struct, frozen=True, tag="lost", array_like=True):
    """The process is gone."""

    status: int | None


class NoRoom(msgspec.Struct, frozen=True, tag="no_room", array_like=True):
    """The node has no room for a process."""

    number: int
    why: str


class LogLine(msgspec.Struct, frozen=True, array_like=True):
    """An event of the log."""

    level: int
    event: str
    fields: dict[str, str | int | float | bool]


class News(msgspec.Struct, frozen=True, tag="news", array_like=True):
    """What has happened; comes every few seconds, if only to say that nothing has."""

    lines: tuple[LogLine, ...]
    resident_bytes: int
    lost: Lost | None = None


NONSENSE: tuple[type[Exception], ...] = (msgspec.DecodeError, struct.error)
"""What reading a blob raises that is none."""
Told = Begun | Lost | NoRoom | Refusal | News
Message = TypeVar("Message")

_encoder = msgspec.msgpack.Encoder(enc_hook=str)
interrupt = msgspec.msgpack.Decoder(Interrupt)
told = msgspec.msgpack.Decoder(Told)
begin = msgspec.msgpack.Decoder(Begin)
hello = msgspec.msgpack.Decoder(Hello)
office = msgspec.msgpack.Decoder(Office, dec_hook=lambda kind, value: Path(value) if kind is Path else value)


def encode(message: Office | Begin | Hello | Told) -> bytes:
    """Write a message that goes alone."""
    return _encoder.encode(message)


def settings_for_nodes(settings: Settings) -> Settings:
    """The settings without what concerns only whoever listens."""
    nothing = dict.fromkeys(("listen", "tls_cert", "tls_key", "tls_client_ca", "token_file", "token_descriptor"))
    return msgspec.structs.replace(settings, bundle=Path(), ray_runtime_env=None, **nothing)


def frame(number: int, message: ToChild | ToFront, buffers: Sequence[Buffer] = ()) -> bytes:
    """Write a frame with its buffers."""
    if buffers:
        return b"".join(encode_parts(number, message, buffers))
    body = _encoder.encode(message)
    return HEAD.pack(len(body), number) + body


def about_process(message: Interrupt | Lost) -> bytes:
    """Write a frame about the process itself."""
    body = _encoder.encode(message)
    return HEAD.pack(len(body), 0) + body


def lost(status: int | None) -> bytes:
    """Write a frame that says that the process is gone."""
    return about_process(Lost(status))


def is_end(message: ToFront) -> bool:
    """Whether an answer is the last one to its call."""
    return not isinstance(message, (Chunk, Piece))


def split(
    blob: bytes, decoder: "msgspec.msgpack.Decoder[Message]", about: "msgspec.msgpack.Decoder[Any]"
) -> Iterator[tuple[int, Any, list[memoryview]]]:
    """Read the frames of a blob, with views of their buffers; those of number 0 by `about`."""
    view, start = memoryview(blob), 0
    while start < len(view):
        length, number = HEAD.unpack_from(view, start)
        start += HEAD.size
        end = start + (length & ~HAS_BUFFERS)
        message = (decoder if number else about).decode(view[start:end])
        start = end
        buffers: list[memoryview] = []
        if length & HAS_BUFFERS:
            (count,) = COUNT.unpack_from(view, start)
            start += COUNT.size
            sizes = [SIZE.unpack_from(view, start + SIZE.size * one)[0] for one in range(count)]
            start += SIZE.size * count
            for size in sizes:
                buffers.append(view[start : start + size])
                start += size
        yield number, message, buffers


def greeting(node: str, address: str) -> Hello:
    """What a keeper says of the place where it is."""
    return Hello(node, address, __version__, python_version())


def python_version() -> str:
    """The interpreter's version; Ray wants the same of all nodes up to the patch level."""
    return ".".join(map(str, sys.version_info[:3]))


def log(logger: logging.Logger, news: News, hello: Hello) -> None:
    """Log what a keeper has logged."""
    for line in news.lines:
        logs.event(logger, line.level, line.event, **line.fields, node=hello.address)
