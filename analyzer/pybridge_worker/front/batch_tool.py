"""The specification's batch: a call of the tool ``batch_execute``, whose parameters list the operations as JSON."""

from collections.abc import Mapping

import msgspec

from pybridge_worker.errors import InvalidArgument
from pybridge_worker.frames import JSON, Answer, Batch, BatchAnswer, Fault, Held, Keywords, Refusal, Step, Wish
from pybridge_worker.tools import Create, Tools, UseNamed
from pybridge_worker.v1 import pybridge_pb2 as pb

NAME = "batch_execute"
_Arguments = dict[str, msgspec.Raw] | list[msgspec.Raw]


class _Create(msgspec.Struct, tag="create", forbid_unknown_fields=True):
    module: str
    args: _Arguments = {}


class _Call(msgspec.Struct, tag="call", forbid_unknown_fields=True):
    instance_id: int | dict[str, msgspec.Raw]
    method: str
    args: _Arguments = {}


_operations = msgspec.json.Decoder(list[_Create | _Call])


def read(request: pb.ExecuteToolRequest, tools: Tools) -> Batch:
    """Read the operations of a batch.

    Raises:
        Refused: a parameter cannot be used, or a class is not listed.
    """
    unknown = set(request.parameters) - {"session_id", "operations"}
    if unknown:
        raise InvalidArgument(f'parameters["{min(unknown)[:80]}"]', f"{NAME} takes session_id and operations")
    session = request.session_id or _session(request.parameters)
    try:
        operations = _operations.decode(request.parameters["operations"])
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise InvalidArgument('parameters["operations"]', str(error)) from error
    steps = tuple(_step(index, one, session, tools) for index, one in enumerate(operations))
    return Batch(session=session, steps=steps, stop_on_error=False)


def write(answer: BatchAnswer) -> pb.ExecuteToolResponse:
    """Write the results: ``{"results": [{"status": "ok", "result": ...}, {"status": "error", "error": "..."}]}``."""
    results = [_result(one) for one in answer.answers]
    return pb.ExecuteToolResponse(success=True, result=msgspec.json.encode({"results": results}))


def _step(index: int, operation: _Create | _Call, session: str, tools: Tools) -> Step:
    field = f'parameters["operations"][{index}]'
    values = _values(operation.args)
    match operation:
        case _Create(module=module):
            create = tools.find(module)
            if not isinstance(create, Create):
                raise InvalidArgument(f"{field}.module", "it is no class")
            return Step(operation=create, arguments=Keywords(JSON, values), wish=Wish())
        case _Call(instance_id=int(number), method=method):
            if not 0 <= number < 2**63:
                raise InvalidArgument(f"{field}.instance_id", "no object has such a number")
            target = Held(session, number, 0)
            return Step(operation=UseNamed(method), arguments=Keywords(JSON, values), target=target, wish=Wish())
        case _Call(instance_id=reference, method=method):
            values["self"] = msgspec.json.encode(reference)
            return Step(operation=UseNamed(method), arguments=Keywords(JSON, values), wish=Wish())


def _values(arguments: _Arguments) -> dict[str, bytes]:
    if isinstance(arguments, list):
        return {"*": msgspec.json.encode(arguments)} if arguments else {}
    return {name: bytes(value) for name, value in arguments.items()}


def _result(answer: Answer | Fault | Refusal) -> dict[str, object]:
    match answer:
        case Answer(data=data):
            return {"status": "ok", "result": msgspec.Raw(data)}
        case Fault(error=error):
            return {"status": "error", "error": error}
        case Refusal(code=code, reason=reason, message=message):
            return {"status": "error", "error": f"{code}: {message}", "reason": reason}


def _session(parameters: Mapping[str, bytes]) -> str:
    data = parameters.get("session_id")
    if data is None:
        return ""
    try:
        return msgspec.json.decode(data, type=str)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InvalidArgument('parameters["session_id"]', str(error)) from error
