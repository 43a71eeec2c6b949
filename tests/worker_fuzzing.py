"""What is fuzzed in the worker: functions of bytes that may refuse them in one way, and must not fail in any other.

Hypothesis calls them in tests/worker/test_fuzzing.py, atheris for as long as one likes in tests/worker/fuzz/run.py.
"""

import asyncio
import contextlib
import dataclasses
import enum

import msgspec
from google.protobuf.message import DecodeError

from pybridge_worker import bundle, frames
from pybridge_worker.errors import Refused
from pybridge_worker.front import batch_tool, raw, requests
from pybridge_worker.hosts.wire import Wire
from pybridge_worker.tools import Tools
from pybridge_worker.v1 import pybridge_pb2 as pb
from pybridge_worker.values import as_json, as_msgpack
from pybridge_worker.values.trees import NoForm, Unreadable
from worker_bundles import workbench

MAX_FRAME_BYTES = 1024 * 1024


class Colour(enum.Flag):
    RED = 1
    BLUE = 2


@dataclasses.dataclass
class Point:
    x: int
    y: int


class _Library:
    """The names of a library, and what arguments may refer to."""

    classes = {"fuzzed.Colour": Colour, "fuzzed.Point": Point}  # noqa: RUF012 - read only

    def symbol_of(self, cls):
        return next((path.replace(".", ":") for path, one in self.classes.items() if one is cls), None)

    def class_named(self, dotted):
        return self.classes.get(dotted)

    def may_create(self, cls):
        return cls is Point

    def find(self, held):
        return held

    def earlier(self, index):
        return index


class _Transport(asyncio.Transport):
    """Ends when it is told to, as a socket's does."""

    def __init__(self):
        super().__init__()
        self.is_closed = False

    def get_extra_info(self, name, default=None):
        return self if name == "socket" else default

    def setsockopt(self, *_options):
        pass

    def write(self, data):
        pass

    def close(self):
        self.is_closed = True


def json_value(data):
    """Bytes are a JSON value that can be written again, or unreadable."""
    _read_and_write(as_json, data)


def msgpack_value(data):
    """Bytes are a MessagePack value that can be written again, or unreadable."""
    _read_and_write(as_msgpack, data)


def _read_and_write(codec, data):
    library = _Library()
    place = data.find(b"\0buffers\0")
    buffers = () if place < 0 else tuple(map(bytearray, data[place:].split(b"\0buffers\0")[1:]))
    try:
        value = codec.read(data if place < 0 else data[:place], library, library, buffers)
    except (Unreadable, Refused):
        return
    held = frames.Reference("s", 1, 1, "x")
    with contextlib.suppress(NoForm):  # nested too deep
        codec.write(value, library, lambda _: held)


def request(data):
    """A request that is read by hand is what protobuf reads."""
    try:
        expected = pb.ExecuteToolRequest.FromString(data)
    except DecodeError:
        expected = None
    try:
        found = raw.read_request(data)
    except DecodeError:
        found = None
    if found is not None and expected is not None:
        message = pb.ExecuteToolRequest()
        message.CopyFrom(found.message)
        assert message.tool_name == expected.tool_name
        assert message.session_id == expected.session_id
        sent = list(found.buffers)
        if found.is_apart:
            message.arguments.data = bytes(sent.pop(0))
        if sent and not message.arguments.buffers:
            message.arguments.buffers.extend(map(bytes, sent))
        assert message == expected
    assert (found is None) == (expected is None)


def large_request(data):
    """The same for requests that are large enough to be read by hand."""
    padded = pb.ExecuteToolRequest(arguments=pb.Payload(data=data, buffers=[data, bytes(frames.MIN_APART_BYTES), data]))
    request(padded.SerializeToString())


_tools = Tools(
    msgspec.json.decode(msgspec.json.encode({"schema": bundle.SCHEMA, "libraries": [workbench()]}), type=bundle.Bundle)
)


def message(data):
    """A request that protobuf reads becomes what a child is told, or is refused."""
    for kind, read in (
        (pb.ExecuteToolRequest, _steps),
        (pb.ExecuteBatchRequest, _batches),
    ):
        try:
            found = kind.FromString(data)
        except DecodeError:
            continue
        try:
            read(found)
        except Refused:
            continue


def _steps(found):
    requests.stream_wish(found.stream_options)
    if found.tool_name == batch_tool.NAME:
        told = batch_tool.read(found, _tools)
    else:
        step = requests.step(found, _tools, len(found.arguments.buffers))
        told = frames.Call(session=found.session_id, step=step)
    frames.to_child.decode(frames.encode(1, told)[frames.HEAD.size :])


def _batches(found):
    defaults = found.result_options
    steps = tuple(
        requests.batch_step(index, one, defaults, _tools, found.session_id)
        for index, one in enumerate(found.operations)
    )
    told = frames.Batch(session=found.session_id, steps=steps, stop_on_error=found.stop_on_error)
    frames.to_child.decode(frames.encode(1, told)[frames.HEAD.size :])


def child_frames(data):
    """Whatever a child sends: frames, or the end of its connection; in pieces of any size, in bounded memory."""
    if not data:
        return
    loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(_receive(data[1:], step=data[0] + 1))
    finally:
        loop.close()


async def _receive(data, step):
    received = []
    wire = Wire(lambda number, told, buffers: received.append((number, told, buffers)), MAX_FRAME_BYTES)
    transport = _Transport()
    wire.connection_made(transport)
    while data and not transport.is_closed:
        place = wire.get_buffer(-1)
        count = min(len(place), len(data), step)
        assert count, "asyncio refuses an empty buffer"
        place[:count] = data[:count]
        data = data[count:]
        wire.buffer_updated(count)
    assert sum(len(one) for _, _, buffers in received for one in buffers) <= MAX_FRAME_BYTES * max(1, len(received))


TARGETS = {
    "json_value": json_value,
    "msgpack_value": msgpack_value,
    "request": request,
    "large_request": large_request,
    "message": message,
    "child_frames": child_frames,
}
