"""A batch in both directions, with little to do for each of its operations: there may be thousands.

The usual operation, a call that takes its options from the batch, is read here; all others are left to `requests`. The
usual answer, a value, is written by hand; all others are left to `responses`.
"""

from collections.abc import Sequence

import msgspec

from pybridge_worker.errors import InvalidArgument
from pybridge_worker.frames import (
    MAX_BUFFERS,
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
from pybridge_worker.front import by_hand, requests, responses
from pybridge_worker.front.transfers import Transfers
from pybridge_worker.tools import Operation, Tools
from pybridge_worker.v1 import pybridge_pb2 as pb


def read(request: pb.ExecuteBatchRequest, tools: Tools, transfers: Transfers) -> tuple[Batch, Sequence[Buffer]]:
    """Read a batch, and the raw data of all its operations in their order.

    Raises:
        Refused: an operation cannot be used; the message names it. Or it has too many buffers.
    """
    reader = _Reader(request, tools, transfers)
    steps = tuple(reader.step(index, one) for index, one in enumerate(request.operations))
    if len(reader.buffers) > MAX_BUFFERS:
        raise InvalidArgument("operations", f"a batch has at most {MAX_BUFFERS} buffers")
    return Batch(session=request.session_id, steps=steps, stop_on_error=request.stop_on_error), reader.buffers


class _Reader:
    """Reads operations; what was found for one is kept for the next that is like it."""

    def __init__(self, request: pb.ExecuteBatchRequest, tools: Tools, transfers: Transfers) -> None:
        self.buffers: list[Buffer] = []
        self._options = request.result_options
        self._session = request.session_id
        self._tools = tools
        self._transfers = transfers
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
            sent, is_apart = self._transfers.sent(f"operations[{index}]", payload, self._session, payload.buffers)
            self.buffers.extend(sent)
            if len(sent) > len(payload.buffers) and isinstance(step.arguments, Tree):
                arguments = Tree(step.arguments.format, payload.data, len(sent), is_apart)
                step = msgspec.structs.replace(step, arguments=arguments)
        return step


def write(answer: BatchAnswer, buffers: Sequence[Buffer]) -> bytes:
    """Write how the operations of a batch ended: an `ExecuteBatchResponse`."""
    parts: list[bytes] = []
    start = 0
    for one in answer.answers:
        if isinstance(one, Answer) and by_hand.is_usual(one):
            written = by_hand.value(one)
        else:
            end = start + (one.buffers if isinstance(one, Answer) else 0)
            written = _other(one, buffers[start:end])
            start = end
        parts += (b"\x0a", by_hand.varint(len(written)), written)
    return b"".join(parts)


def _other(answer: Answer | Fault | Refusal, buffers: Sequence[Buffer]) -> bytes:
    return responses.response(answer, as_payload=True, buffers=buffers).SerializeToString()
