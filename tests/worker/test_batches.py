"""What `batches` reads and writes by hand is what `requests` and `responses` make of the same messages."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pybridge_worker import bundle
from pybridge_worker.errors import InvalidArgument, ToolNotFound
from pybridge_worker.frames import JSON, MSGPACK, Answer, BatchAnswer, Chunk, Fault, Raised, Reference, Refusal
from pybridge_worker.front import batches, by_hand, requests, responses
from pybridge_worker.front.transfers import Transfers
from pybridge_worker.settings import Settings
from pybridge_worker.tools import Tools
from pybridge_worker.v1 import pybridge_pb2 as pb

TRANSFERS = Transfers(Settings(bundle=Path("bundle.json")))
SECONDS = st.sampled_from([0.0, 1e-9, 127e-9, 128e-9, 16383.5e-9, 2097152e-9, 0.5, 1.0, 3.5, 1e9]) | st.floats(0, 1e6)
ANSWERS = st.builds(
    Answer,
    data=st.sampled_from([b"", b"1", b"x" * 127, b"x" * 128, b"y" * 20_000]),
    format=st.sampled_from([JSON, MSGPACK]),
    run_seconds=SECONDS,
    encode_seconds=SECONDS,
    reference=st.none() | st.builds(Reference, st.just("s"), st.integers(1, 5), st.just(7), st.just("m.C")),
    buffers=st.integers(0, 2),
)
REFUSALS = st.builds(Refusal, st.just("NOT_FOUND"), st.just("TOOL_NOT_FOUND"), st.text(st.characters(codec="utf-8")))
FAULTS = st.just(Fault(error="E: x", raised=Raised(type="E", message="x", bases=("E",))))
PAYLOADS = st.builds(
    pb.Payload,
    format=st.sampled_from([pb.PAYLOAD_FORMAT_UNSPECIFIED, pb.PAYLOAD_FORMAT_JSON, pb.PAYLOAD_FORMAT_MSGPACK]),
    data=st.binary(max_size=3),
    buffers=st.lists(st.binary(max_size=2), max_size=2),
)
CALLS = st.builds(
    lambda kind, target, payload: pb.BatchOperation(
        **{kind[0]: pb.CallOperation(tool_name=kind[1], arguments=payload, **target)}
    ),
    st.sampled_from(
        [("create", "m.C"), ("call_function", "m.f"), ("call_function", "m.C.make"), ("call_method", "m.C.make")]
    ),
    st.sampled_from([{}, {"result_of": 0}, {"object_ref": pb.ObjectRef(session_id="s", object_id=1)}]),
    PAYLOADS,
)
ATTRIBUTES = st.builds(
    lambda kind, payload: pb.BatchOperation(**{kind: pb.AttributeOperation(name="x", result_of=0, value=payload)}),
    st.sampled_from(["get_attribute", "set_attribute"]),
    PAYLOADS,
)
RELEASES = st.just(pb.BatchOperation(release=pb.ReleaseObjectsRequest()))


@given(
    answer=ANSWERS.filter(by_hand.is_usual),
    as_payload=st.booleans(),
    queue=SECONDS,
    call_id=st.sampled_from(["", "c", "n" * 200]),
)
def test_an_answer_of_a_call_is_written_as_protobuf_writes_it(answer, as_payload, queue, call_id):
    call = SimpleNamespace(call_id=call_id, queue_seconds=queue)
    by_protobuf = responses.response(answer, as_payload=as_payload, call=call)
    written = by_hand.value(answer, call_id, queue, as_payload=as_payload)

    assert pb.ExecuteToolResponse.FromString(written) == by_protobuf
    assert len(written) == by_protobuf.ByteSize()


@given(
    items=st.lists(st.sampled_from([b"", b"1", b"x" * 127, b"y" * 20_000]), min_size=1, max_size=3),
    form=st.sampled_from([JSON, MSGPACK]),
    as_items=st.booleans(),
    sequence=st.sampled_from([0, 1, 127, 128, 100_000, 2**40]),
)
def test_a_chunk_is_written_as_protobuf_writes_it(items, form, as_items, sequence):
    call = SimpleNamespace(call_id="call")
    by_protobuf = responses.chunk(call, sequence, form, Chunk(tuple(items)), as_items=as_items)
    name = responses.chunk_id(call, sequence)
    written = by_hand.chunk(name, sequence, form, items, as_items=as_items)

    assert pb.ExecuteToolChunk.FromString(written) == by_protobuf
    assert len(written) == by_protobuf.ByteSize()


def with_options(operation, options):
    if options is not None:
        operation.result_options.CopyFrom(options)
    return operation


OPTIONS = st.none() | st.builds(pb.ResultOptions, mode=st.integers(0, 3), format=st.integers(0, 2))
OPERATIONS = st.builds(with_options, CALLS | ATTRIBUTES | RELEASES, OPTIONS)


def tools():
    library = bundle.Library(
        library="m",
        digest="0" * 64,
        classes={"m:C": bundle.ClassEntry(members={"make": bundle.MemberEntry(kind="classmethod")})},
        functions={"m:f": bundle.FunctionEntry()},
        paths={"m.C": "m:C", "m.f": "m:f"},
    )
    return Tools(bundle.Bundle(schema=bundle.SCHEMA, libraries=(library,)))


@given(answers=st.lists(ANSWERS | REFUSALS | FAULTS, max_size=4))
def test_answers_are_written_as_protobuf_writes_them(answers):
    buffers = [b"a", b"b"] * len(answers)
    places, start = [], 0
    for one in answers:
        count = one.buffers if isinstance(one, Answer) else 0
        places.append(buffers[start : start + count])
        start += count
    by_protobuf = pb.ExecuteBatchResponse(
        results=[
            responses.response(one, as_payload=True, buffers=place) for one, place in zip(answers, places, strict=True)
        ]
    )
    written = batches.write(BatchAnswer(answers=tuple(answers)), buffers)

    assert pb.ExecuteBatchResponse.FromString(written) == by_protobuf
    assert len(written) == by_protobuf.ByteSize()


@given(operations=st.lists(OPERATIONS, max_size=6), defaults=OPTIONS)
def test_operations_are_read_as_each_is_by_itself(operations, defaults):
    request = pb.ExecuteBatchRequest(session_id="s", operations=operations, result_options=defaults)
    batch, buffers = batches.read(request, tools(), TRANSFERS)
    alone = tuple(
        requests.batch_step(index, one, request.result_options, tools(), "s")
        for index, one in enumerate(request.operations)
    )
    sent = [
        buffer
        for one in operations
        for payload in [
            getattr(getattr(one, one.WhichOneof("operation")), "arguments", None)
            or getattr(getattr(one, one.WhichOneof("operation")), "value", None)
        ]
        if payload is not None
        for buffer in payload.buffers
    ]

    assert batch.steps == alone
    assert list(buffers) == sent


def test_an_operation_that_cannot_be_used_is_named_however_many_were_before_it():
    good = pb.BatchOperation(call_function=pb.CallOperation(tool_name="m.f"))
    unknown = pb.BatchOperation(call_function=pb.CallOperation(tool_name="m.g"))
    odd = pb.BatchOperation(call_function=pb.CallOperation(tool_name="m.f", arguments=pb.Payload(format=4)))

    with pytest.raises(ToolNotFound):
        batches.read(pb.ExecuteBatchRequest(operations=[good, unknown]), tools(), TRANSFERS)
    with pytest.raises(InvalidArgument, match=r"operations\[2\]"):
        batches.read(pb.ExecuteBatchRequest(operations=[good, good, odd]), tools(), TRANSFERS)
    with pytest.raises(InvalidArgument, match=r"operations\[1\]: it names no operation"):
        batches.read(pb.ExecuteBatchRequest(operations=[good, pb.BatchOperation()]), tools(), TRANSFERS)
