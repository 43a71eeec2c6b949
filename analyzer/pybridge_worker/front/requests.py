"""From the messages of `pybridge.v1` to those of `frames`. Values stay encoded: only a child reads them."""

import msgspec
from google.protobuf.duration_pb2 import Duration

from pybridge_worker.errors import InvalidArgument
from pybridge_worker.frames import (
    ARROW,
    JSON,
    MAX_BUFFERS,
    MSGPACK,
    RAW,
    EarlierResult,
    Held,
    Keywords,
    Step,
    StreamWish,
    Tree,
    Wish,
)
from pybridge_worker.tools import CallFunction, Create, Operation, ReleaseHeld, SetNamed, Tools, UseMember, UseNamed
from pybridge_worker.v1 import pybridge_pb2 as pb

_FORMATS = {
    pb.PAYLOAD_FORMAT_UNSPECIFIED: JSON,
    pb.PAYLOAD_FORMAT_JSON: JSON,
    pb.PAYLOAD_FORMAT_MSGPACK: MSGPACK,
}
_RESULT_FORMATS = {pb.PAYLOAD_FORMAT_ARROW_IPC_STREAM: ARROW, pb.PAYLOAD_FORMAT_RAW_BYTES: RAW}
_MODES = {
    pb.RESULT_MODE_UNSPECIFIED: "auto",
    pb.RESULT_MODE_BY_VALUE: "value",
    pb.RESULT_MODE_BY_REFERENCE: "reference",
    pb.RESULT_MODE_DISCARD: "discard",
}
_USUAL_WISHES = {(form, apart): Wish(form, takes_buffers=apart) for form in (JSON, MSGPACK) for apart in (False, True)}
"""What a call without options wishes, by its format, and by whether the answer has a place for buffers."""
_DEFAULT_WINDOW = 16
_MAX_ITEMS_PER_CHUNK = 4096
_MAX_WINDOW = 1024
_MIN_MEMORY_BYTES = 64 * 1024 * 1024
_MAX_SECONDS = 10**9


def step(request: pb.ExecuteToolRequest, tools: Tools, buffers: int, *, is_apart: bool = False) -> Step:
    """Read a call: what it does, its arguments with so many buffers, and how its result comes back.

    `is_apart`: the first of the buffers is what the arguments' data would be.

    Raises:
        Refused: the tool is not listed, or a part of the request cannot be used; the message names it.
    """
    if not request.tool_name:
        raise InvalidArgument("tool_name", "it is empty")
    operation = tools.find(request.tool_name)
    has_tree = request.HasField("arguments")
    if has_tree and request.parameters:
        raise InvalidArgument("arguments", "send either parameters or arguments")
    arguments: Keywords | Tree
    if has_tree:
        arguments = _tree("arguments", request.arguments, buffers, is_apart=is_apart)
    else:
        form = _format("parameters_format", request.parameters_format)
        arguments = Keywords(form, dict(request.parameters))
    target = _held("target", request.target) if request.HasField("target") else None
    if request.HasField("result_options"):
        how = wish(request.result_options, arguments.format, takes_buffers=has_tree, may_store=has_tree)
    else:
        how = _USUAL_WISHES.get((arguments.format, has_tree)) or Wish(arguments.format, takes_buffers=has_tree)
    return Step(operation=operation, arguments=arguments, target=target, wish=how)


def batch_step(
    index: int, operation: pb.BatchOperation, defaults: pb.ResultOptions, tools: Tools, session: str
) -> Step:
    """Read one operation of a batch that runs in a session.

    Raises:
        Refused: as for `step`; the message names the operation.
    """
    field = f"operations[{index}]"
    options = operation.result_options if operation.HasField("result_options") else defaults
    match operation.WhichOneof("operation"):
        case "create":
            return _call_step(f"{field}.create", operation.create, options, tools, (Create,))
        case "call_function":
            return _call_step(
                f"{field}.call_function", operation.call_function, options, tools, (CallFunction, UseMember)
            )
        case "call_method":
            return _call_step(f"{field}.call_method", operation.call_method, options, tools, (UseMember,))
        case "get_attribute":
            attribute = operation.get_attribute
            return _attribute_step(f"{field}.get_attribute", attribute, options, UseNamed(attribute.name))
        case "set_attribute":
            attribute = operation.set_attribute
            return _attribute_step(f"{field}.set_attribute", attribute, options, SetNamed(attribute.name))
        case "release":
            released = _released(f"{field}.release", operation.release, session)
            return Step(operation=released, arguments=Tree(JSON, b""), wish=wish(options, JSON, takes_buffers=False))
        case None:
            raise InvalidArgument(field, "it names no operation")


def _released(field: str, request: pb.ReleaseObjectsRequest, session: str) -> ReleaseHeld:
    found = [held(f"{field}.object_refs[{index}]", one) for index, one in enumerate(request.object_refs)]
    for index, one in enumerate(found):
        if one.session != session:
            where = f"{field}.object_refs[{index}]"
            raise InvalidArgument(where, "it belongs to another session", reason="OBJECT_FOREIGN")
    return ReleaseHeld(tuple((one.object_id, one.epoch) for one in found))


def wish(options: pb.ResultOptions, default_format: str, *, takes_buffers: bool, may_store: bool = False) -> Wish:
    """Read how a result is to come back.

    Raises:
        InvalidArgument: a format or mode that is not served.
    """
    form = _RESULT_FORMATS.get(options.format) or (
        _format("result_options.format", options.format) if options.format else default_format
    )
    mode = _MODES.get(options.mode)
    if mode is None:
        raise InvalidArgument("result_options.mode", f"no mode has the number {options.mode}")
    return Wish(form, mode, min(options.max_bytes, 2**63 - 1), takes_buffers, may_store and options.store)


def streamed(step: Step, *, as_items: bool) -> Step:
    """A step whose items are streamed: only those that are sent as payloads have a place for buffers."""
    return msgspec.structs.replace(step, wish=msgspec.structs.replace(step.wish, takes_buffers=as_items, stores=False))


def stream_wish(options: pb.StreamOptions) -> StreamWish:
    """Read how a stream is to be cut; the window counts items, and is kept in whole chunks.

    Raises:
        InvalidArgument: a delay that is none.
    """
    items = max(1, min(options.max_items_per_chunk, _MAX_ITEMS_PER_CHUNK))
    window = max(1, options.window_items // items) if options.window_items else _DEFAULT_WINDOW
    delay = float("inf")
    if options.HasField("max_chunk_delay"):
        delay = seconds("stream_options.max_chunk_delay", options.max_chunk_delay)
    return StreamWish(items, delay, min(window, _MAX_WINDOW))


def seconds(field: str, duration: Duration) -> float:
    """Read a duration.

    Raises:
        InvalidArgument: it is negative, or of no sensible length.
    """
    value = duration.seconds + duration.nanos / 1e9
    if not 0 <= value <= _MAX_SECONDS:
        raise InvalidArgument(field, f"a duration is between 0 and {_MAX_SECONDS} seconds")
    return value


def memory_limit(request: pb.OpenSessionRequest) -> int:
    """Read how much memory a session's process may have; 0: as much as the server lets it.

    Raises:
        InvalidArgument: it shares its process with others, or a process would not even start.
    """
    limit = request.memory_limit_bytes
    if limit and request.isolation != pb.ISOLATION_PROCESS:
        raise InvalidArgument("memory_limit_bytes", "only a process of its own is limited; ask for ISOLATION_PROCESS")
    if 0 < limit < _MIN_MEMORY_BYTES:
        raise InvalidArgument("memory_limit_bytes", f"a process needs at least {_MIN_MEMORY_BYTES}")
    return min(limit, 2**62)


def held(field: str, reference: pb.ObjectRef) -> Held:
    """Read a reference.

    Raises:
        InvalidArgument: it lacks its session.
    """
    if not reference.session_id:
        raise InvalidArgument(f"{field}.session_id", "a reference needs the session it belongs to", reason="NO_SESSION")
    return Held(reference.session_id, reference.object_id, reference.epoch)


_held = held


def _call_step(
    field: str, call: pb.CallOperation, options: pb.ResultOptions, tools: Tools, kinds: tuple[type, ...]
) -> Step:
    operation = tools.find(call.tool_name)
    if not isinstance(operation, kinds):
        raise InvalidArgument(f"{field}.tool_name", f"{call.tool_name} is another kind of tool")
    return _targeted(
        field, call, operation, _tree(f"{field}.arguments", call.arguments, len(call.arguments.buffers)), options
    )


def _attribute_step(
    field: str, attribute: pb.AttributeOperation, options: pb.ResultOptions, operation: Operation
) -> Step:
    value = _tree(f"{field}.value", attribute.value, len(attribute.value.buffers))
    return _targeted(field, attribute, operation, value, options)


def _targeted(
    field: str,
    message: pb.CallOperation | pb.AttributeOperation,
    operation: Operation,
    arguments: Tree,
    options: pb.ResultOptions,
) -> Step:
    target: Held | EarlierResult | None = None
    match message.WhichOneof("target"):
        case "object_ref":
            target = held(f"{field}.object_ref", message.object_ref)
        case "result_of":
            target = EarlierResult(message.result_of)
    return Step(
        operation=operation,
        arguments=arguments,
        target=target,
        wish=wish(options, arguments.format, takes_buffers=True),
    )


def _tree(field: str, payload: pb.Payload, buffers: int, *, is_apart: bool = False) -> Tree:
    if buffers > MAX_BUFFERS:
        raise InvalidArgument(f"{field}.buffers", f"there are at most {MAX_BUFFERS}")
    return Tree(_format(f"{field}.format", payload.format), payload.data, buffers, is_apart)


def _format(field: str, number: "pb.PayloadFormat.ValueType") -> str:
    form = _FORMATS.get(number)
    if form is None:
        raise InvalidArgument(field, f"format {number} is not served; JSON and MessagePack are")
    return form
