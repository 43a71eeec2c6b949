"""What front and child say to each other: a length, a call's number, one MessagePack message, and raw buffers after it.

One child runs one call at a time. `Credit` and `Cancel` are about the running call; `Release` and `CloseSession` may
come at any time and are answered when the child next reads.
"""

import struct
from collections.abc import Sequence

import msgspec

from pybridge_worker.bundle import Surface
from pybridge_worker.tools import Operation

HEAD = struct.Struct("<II")
"""Length of the message, number of the call. Calls count from 1; 0 is the process itself."""
HAS_BUFFERS = 1 << 31
"""In the length: after the message come a `COUNT`, as many `SIZE`s, and as many buffers, which no one copies."""
COUNT = struct.Struct("<I")
SIZE = struct.Struct("<Q")
MAX_BUFFERS = 65_536
MIN_APART_BYTES = 64 * 1024
"""An encoded value that is larger goes as a buffer of its own."""
SOCKET_BYTES = 4 * 1024 * 1024
"""What either end asks the system to hold for the other: fewer turns for a large frame. The system may give less."""

Buffer = bytes | bytearray | memoryview

JSON, MSGPACK = "json", "msgpack"
ARROW, RAW = "arrow", "raw"
"""Formats of results alone."""


class Reference(msgspec.Struct, frozen=True, array_like=True):
    """An object held by a child."""

    session: str
    object_id: int
    epoch: int
    type_path: str


class Confinement(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """What a process of a library may do beside computing."""

    level: str = "off"
    """``required``: or not start; ``best-effort``: as far as the kernel goes; ``off``: only the limits set here."""
    readable: tuple[str, ...] = ()
    writable: tuple[str, ...] = ()
    """Files and folders beside the import paths, the system's and the temporary one."""
    temporary: str = ""
    """A folder of its own; empty: the system's."""
    programs: bool = False
    """Whether it may start programs."""
    network: bool = True
    """Whether it may open sockets."""
    all_processes: bool = False
    """Whether it may look at other processes: the zygote may, for whom it forks cannot be told their numbers before."""
    memory_bytes: int = 0
    cpu_seconds: int = 0


# ---- to the child


class Start(msgspec.Struct, frozen=True, tag="start", kw_only=True, array_like=True):
    """The first message: all that a child knows."""

    epoch: int
    surface: Surface
    python_path: tuple[str, ...]
    modules: tuple[str, ...]
    """To import before the first call; one that fails is reported on stderr and not fatal."""
    max_result_bytes: int
    max_objects: int
    """Per session."""
    show_tracebacks: bool
    confinement: Confinement = Confinement()
    validation: str = "types"
    """What is checked of arguments, as `validation.signatures.LEVELS` has it."""


class Keywords(msgspec.Struct, frozen=True, tag="keywords", array_like=True):
    """Arguments by name, each encoded on its own."""

    format: str
    values: dict[str, bytes]


class Tree(msgspec.Struct, frozen=True, tag="tree", array_like=True):
    """Arguments as one encoded value: [positional, keyword]."""

    format: str
    data: bytes
    buffers: int = 0
    """How many of the frame's buffers are its own; those of a batch come in the order of its steps."""
    is_apart: bool = False
    """Whether `data` is empty here, and is the first of the buffers."""


class EarlierResult(msgspec.Struct, frozen=True, tag="result", array_like=True):
    """The result of an earlier operation of the same batch, by index."""

    index: int


class Held(msgspec.Struct, frozen=True, tag="held", array_like=True):
    """A held object; epoch 0 means the current one."""

    session: str
    object_id: int
    epoch: int


class Wish(msgspec.Struct, frozen=True, array_like=True):
    """How a result is to come back."""

    format: str = JSON
    mode: str = "auto"
    """``auto``, ``value``, ``reference`` or ``discard``."""
    max_bytes: int = 0
    """0: the server's limit."""
    takes_buffers: bool = False
    """Whether the answer has a place for buffers beside the encoded value."""
    stores: bool = False
    """Whether a result that is too large is sent in pieces, to be kept by the front."""


class Step(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """One operation with its arguments."""

    operation: Operation
    arguments: Keywords | Tree
    target: Held | EarlierResult | None = None
    wish: Wish


class StreamWish(msgspec.Struct, frozen=True, array_like=True):
    """How a stream is to be cut."""

    items_per_chunk: int
    max_delay_seconds: float
    window_chunks: int


class Call(msgspec.Struct, frozen=True, tag="call", kw_only=True, array_like=True):
    """Run one operation; with `stream` set, answer in chunks."""

    session: str
    step: Step
    stream: StreamWish | None = None


class Batch(msgspec.Struct, frozen=True, tag="batch", kw_only=True, array_like=True):
    """Run operations one after another."""

    session: str
    steps: tuple[Step, ...]
    stop_on_error: bool


class Credit(msgspec.Struct, frozen=True, tag="credit", array_like=True):
    """The client took chunks of the stream: so many more may be sent."""

    chunks: int


class Cancel(msgspec.Struct, frozen=True, tag="cancel", array_like=True):
    """Stop the call of this number; SIGINT follows for code that does not read."""


class Release(msgspec.Struct, frozen=True, tag="release", array_like=True):
    """Forget objects of a session."""

    session: str
    object_ids: tuple[int, ...]


class CloseSession(msgspec.Struct, frozen=True, tag="close", array_like=True):
    """Forget all objects of a session."""

    session: str


ToChild = Start | Call | Batch | Credit | Cancel | Release | CloseSession

# ---- to the front


class Ready(msgspec.Struct, frozen=True, tag="ready", array_like=True):
    """The child can be called."""

    pid: int
    confined: tuple[str, ...] = ()
    """The layers of its confinement that hold."""


class Answer(msgspec.Struct, frozen=True, tag="answer", kw_only=True, array_like=True):
    """A call ended well. For a stream: it is at its end, and this is its return value (`data` empty: none)."""

    data: bytes
    format: str
    reference: Reference | None = None
    """Set when the result as a whole is held by reference; `data` says the same in `format`."""
    run_seconds: float = 0.0
    encode_seconds: float = 0.0
    object_count: int = 0
    buffers: int = 0
    """How many of the frame's buffers are its own; those of a batch come in the order of its answers."""
    is_apart: bool = False
    """Whether `data` is empty here, and is the first of the buffers."""
    is_stored: bool = False
    """Whether `data` and the buffers were sent before, in pieces."""


class StackLine(msgspec.Struct, frozen=True, array_like=True):
    """One frame of a stack."""

    file: str
    line: int
    function: str


class Raised(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """An exception of the called code, as data."""

    type: str
    message: str
    bases: tuple[str, ...]
    notes: tuple[str, ...] = ()
    cause: "Raised | None" = None
    context: "Raised | None" = None
    suppress_context: bool = False
    exceptions: "tuple[Raised, ...]" = ()
    retryable: bool = False
    stack: tuple[StackLine, ...] = ()


class Fault(msgspec.Struct, frozen=True, tag="fault", kw_only=True, array_like=True):
    """The called code raised."""

    error: str
    """``Type: message``."""
    raised: Raised
    traceback: str = ""
    run_seconds: float = 0.0
    object_count: int = 0


class Refusal(msgspec.Struct, frozen=True, tag="refusal", array_like=True):
    """The child refuses, as `errors.Refused` says."""

    code: str
    reason: str
    message: str
    field: str = ""
    limit: int = 0


class Chunk(msgspec.Struct, frozen=True, tag="chunk", array_like=True):
    """Items of a stream, each encoded on its own."""

    items: tuple[bytes, ...]
    buffers: tuple[int, ...] = ()
    """How many of the frame's buffers each item has; empty: none has any."""


class Piece(msgspec.Struct, frozen=True, tag="piece", array_like=True):
    """The next bytes of a result that is to be kept: the frame's one buffer."""

    part: int
    """0: the encoded value; from 1: its buffers."""


class BatchAnswer(msgspec.Struct, frozen=True, tag="batch_answer", kw_only=True, array_like=True):
    """One answer for each operation that ran."""

    answers: tuple[Answer | Fault | Refusal, ...]
    object_count: int = 0


class Released(msgspec.Struct, frozen=True, tag="released", array_like=True):
    """So many objects were forgotten; so many the session still holds."""

    released: int
    object_count: int


ToFront = Ready | Answer | Fault | Refusal | Chunk | Piece | BatchAnswer | Released
End = Answer | Fault | Refusal | BatchAnswer
"""What ends a call."""

_encoder = msgspec.msgpack.Encoder()
to_child = msgspec.msgpack.Decoder(ToChild)
to_front = msgspec.msgpack.Decoder(ToFront)


def sendable(text: str) -> str:
    """A text that can be sent: lone surrogates, which file names and hostile names may have, are escaped."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def encode(number: int, message: ToChild | ToFront) -> bytes:
    """Write one frame."""
    body = _encoder.encode(message)
    return HEAD.pack(len(body), number) + body


def encode_parts(number: int, message: ToChild | ToFront, buffers: Sequence[Buffer]) -> list[Buffer]:
    """Write one frame with buffers, as parts to be sent one after another; the buffers are not copied."""
    body = _encoder.encode(message)
    sizes = b"".join(SIZE.pack(memoryview(one).nbytes) for one in buffers)
    head = HEAD.pack(len(body) | HAS_BUFFERS, number) + body + COUNT.pack(len(buffers)) + sizes
    return [head, *buffers]
