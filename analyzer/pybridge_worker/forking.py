"""What the front and the zygote say to each other: frames as with a worker process, descriptors beside them.

The zygote is a process that has imported what workers need, and splits one off when it is asked to. It runs no calls.
`frames.Start` comes first; each message after that is answered once, in order.
"""

import msgspec

from pybridge_worker.frames import HEAD, Start


class Preload(msgspec.Struct, frozen=True, tag="preload", array_like=True):
    """Import a module, so that every process that is forked from now on has it."""

    module: str


class Fork(msgspec.Struct, frozen=True, tag="fork", array_like=True):
    """Split off a worker; with the frame come its socket and its output, in this order."""


ToZygote = Start | Preload | Fork


class Prepared(msgspec.Struct, frozen=True, tag="prepared", array_like=True):
    """The zygote may be asked."""

    pid: int
    confined: tuple[str, ...] = ()
    """As `frames.Ready` tells it."""


class Preloaded(msgspec.Struct, frozen=True, tag="preloaded", array_like=True):
    """The import was tried."""

    problem: str = ""
    """What the import raised, or why nothing may be forked after it; empty: all is well."""
    may_fork: bool = True
    """Whether the zygote is good for anything still."""


class Forked(msgspec.Struct, frozen=True, tag="forked", array_like=True):
    """A worker was split off, and is the front's own child; with the frame comes a descriptor that watches it."""

    pid: int
    problem: str = ""
    """Why there is none; `pid` is 0 then, and no descriptor comes."""


FromZygote = Prepared | Preloaded | Forked

_encoder = msgspec.msgpack.Encoder()
to_zygote = msgspec.msgpack.Decoder(ToZygote)
from_zygote = msgspec.msgpack.Decoder(FromZygote)


def encode(number: int, message: ToZygote | FromZygote) -> bytes:
    """Write one frame; an answer has the number of what it answers."""
    body = _encoder.encode(message)
    return HEAD.pack(len(body), number) + body
