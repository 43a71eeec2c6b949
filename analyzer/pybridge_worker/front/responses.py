"""From the messages of `frames` to those of `pybridge.v1`."""

from collections.abc import Sequence
from itertools import repeat

from google.protobuf.duration_pb2 import Duration

from pybridge_worker.frames import ARROW, JSON, MSGPACK, RAW, Answer, Buffer, Chunk, Fault, Raised, Reference, Refusal
from pybridge_worker.hosts.running import RunningCall
from pybridge_worker.v1 import pybridge_pb2 as pb

_NUMBERS = {
    JSON: pb.PAYLOAD_FORMAT_JSON,
    MSGPACK: pb.PAYLOAD_FORMAT_MSGPACK,
    ARROW: pb.PAYLOAD_FORMAT_ARROW_IPC_STREAM,
    RAW: pb.PAYLOAD_FORMAT_RAW_BYTES,
}


def response(
    answer: Answer | Fault | Refusal,
    *,
    as_payload: bool,
    call: RunningCall | None = None,
    buffers: Sequence[Buffer] = (),
) -> pb.ExecuteToolResponse:
    """Write how a call ended; a refusal (of an operation in a batch) is told in the metadata too."""
    match answer:
        case Refusal(code=code, reason=reason, message=text):
            metadata = {"pybridge-status": code, "pybridge-reason": reason}
            return pb.ExecuteToolResponse(success=False, error=f"{code}: {text}", metadata=metadata)
        case Fault() as fault:
            return pb.ExecuteToolResponse(
                success=False,
                error=fault.error,
                traceback=fault.traceback,
                exception=exception(fault.raised),
                stats=stats(call, fault.run_seconds, 0.0),
            )
        case Answer() as good:
            message = pb.ExecuteToolResponse(success=True, stats=stats(call, good.run_seconds, good.encode_seconds))
            if as_payload:
                _set(message.payload, good.format, good.data, buffers)
            else:
                message.result = good.data
            if good.reference is not None:
                message.object_ref.CopyFrom(object_ref(good.reference))
            return message


def stored(response: pb.ExecuteToolResponse, data: bytes, upload_id: str, buffer_ids: Sequence[str]) -> None:
    """Tell in a response where its payload is kept."""
    payload = response.payload
    payload.data, payload.upload_id = data, upload_id
    payload.buffer_upload_ids.extend(buffer_ids)


def chunk(
    call: RunningCall, sequence: int, form: str, items: Chunk, *, as_items: bool, buffers: Sequence[Buffer] = ()
) -> pb.ExecuteToolChunk:
    """Write a chunk: its one item as the specification has it, or several."""
    message = pb.ExecuteToolChunk(chunk_id=chunk_id(call, sequence), sequence=sequence, format=_number(form))
    if as_items:
        start = 0
        for item, count in zip(items.items, items.buffers or repeat(0), strict=False):
            _set(message.items.add(), form, item, buffers[start : start + count])
            start += count
    else:
        message.payload = items.items[0]
    return message


def last_chunk(
    call: RunningCall, sequence: int, end: Answer | Fault, buffers: Sequence[Buffer] = ()
) -> pb.ExecuteToolChunk:
    """Write the last chunk of a stream: without an item, with what the generator returned or raised."""
    message = pb.ExecuteToolChunk(chunk_id=chunk_id(call, sequence), sequence=sequence, is_final=True)
    match end:
        case Answer() as good:
            message.format = _number(good.format)
            message.stats.CopyFrom(stats(call, good.run_seconds, good.encode_seconds))
            if good.data:
                _set(message.return_value, good.format, good.data, buffers)
        case Fault() as fault:
            message.error = fault.error
            message.exception.CopyFrom(exception(fault.raised))
            message.stats.CopyFrom(stats(call, fault.run_seconds, 0.0))
    return message


def exception(raised: Raised) -> pb.PythonError:
    """Write an exception of the called code."""
    return pb.PythonError(
        type=raised.type,
        message=raised.message,
        bases=raised.bases,
        notes=raised.notes,
        cause=exception(raised.cause) if raised.cause else None,
        context=exception(raised.context) if raised.context else None,
        suppress_context=raised.suppress_context,
        retryable=raised.retryable,
        exceptions=[exception(one) for one in raised.exceptions],
        frames=[pb.StackFrame(file=one.file, line=one.line, function=one.function) for one in raised.stack],
    )


def object_ref(reference: Reference) -> pb.ObjectRef:
    """Write a reference."""
    return pb.ObjectRef(
        session_id=reference.session,
        object_id=reference.object_id,
        epoch=reference.epoch,
        type_path=reference.type_path,
    )


def stats(call: RunningCall | None, run_seconds: float, encode_seconds: float) -> pb.CallStats:
    """Write what a call took; without `call`, of an operation in a batch."""
    message = pb.CallStats(run_time=_duration(run_seconds), encode_time=_duration(encode_seconds))
    if call is not None:
        message.call_id = call.call_id
        message.queue_time.CopyFrom(_duration(call.queue_seconds))
    return message


def _set(payload: pb.Payload, form: str, data: bytes, buffers: Sequence[Buffer]) -> None:
    """Write an encoded value, and the raw data beside it."""
    payload.format = _number(form)
    payload.data = data
    payload.buffers.extend(map(bytes, buffers))


def _duration(seconds: float) -> Duration:
    whole, nanos = divmod(int(seconds * 1e9), 10**9)
    return Duration(seconds=whole, nanos=nanos)


def chunk_id(call: RunningCall, sequence: int) -> str:
    """The id of a chunk; programs go by its sequence."""
    return f"{call.call_id}-{sequence}"


def _number(form: str) -> "pb.PayloadFormat.ValueType":
    return _NUMBERS[form]
