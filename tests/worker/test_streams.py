"""Streams come item by item, end with a last chunk, never run far ahead, and clean up when left."""

import json

import grpc
import pytest
from google.protobuf.duration_pb2 import Duration

from pybridge_worker.v1 import pybridge_pb2 as pb
from worker_clients import refusal


@pytest.mark.parametrize("tool", ["count", "ticks"])
def test_a_generator_comes_one_item_a_chunk_and_then_a_last_chunk(stateless, tool):
    chunks = list(stateless.stream(f"workbench.streams.{tool}", n=40))

    assert [json.loads(chunk.payload) for chunk in chunks[:-1]] == list(range(40))
    assert [chunk.sequence for chunk in chunks] == list(range(41))
    assert [chunk.is_final for chunk in chunks] == [False] * 40 + [True]


def test_the_last_chunk_has_the_generators_return_value(stateless):
    *_, last = stateless.stream("workbench.streams.count", n=1)

    assert json.loads(last.return_value.data) == "done"


def test_items_are_sent_together_when_asked_for(stateless):
    options = pb.StreamOptions(max_items_per_chunk=8, max_chunk_delay=Duration(seconds=5))
    chunks = list(stateless.stream("workbench.streams.count", {"stream_options": options}, n=20))
    items = [[json.loads(item.data) for item in chunk.items] for chunk in chunks]

    assert [len(one) for one in items] == [8, 8, 4, 0]
    assert [number for one in items for number in one] == list(range(20))


def test_what_is_no_stream_comes_as_one_item(stateless):
    chunks = list(stateless.stream("workbench.values.echo", value=[1, 2]))

    assert [chunk.payload for chunk in chunks] == [b"[1,2]", b""]


def test_an_exception_on_the_way_comes_after_the_items_before_it(stateless):
    chunks = list(stateless.stream("workbench.streams.broken", n=2))

    assert [chunk.payload for chunk in chunks] == [b"0", b"1", b""]
    assert (chunks[-1].is_final, chunks[-1].error) == (True, "LookupError: out of numbers")
    assert chunks[-1].exception.bases[:2] == ["LookupError", "Exception"]


def test_the_generator_is_closed_and_the_worker_free_when_the_client_leaves(session, told):
    stream = session.stream("workbench.streams.forever", tell=told.path)
    first = next(stream)
    stream.cancel()
    told.wait()

    assert first.payload == b"0"
    assert session.call("workbench.values.echo", value=1) == 1


def test_a_deadline_in_the_middle_of_an_item_runs_the_generators_cleanup(session, told):
    stream = session.stream("workbench.streams.slow", {"timeout_ms": 300}, tell=told.path)
    with pytest.raises(grpc.RpcError) as caught:
        list(stream)

    assert refusal(caught.value)[:2] == ("DEADLINE_EXCEEDED", "DEADLINE_EXCEEDED")
    told.wait()


def test_a_stream_is_cancelled_by_its_call_id(session, told):
    stream = session.stream("workbench.streams.forever", {"call_id": told.path}, tell=told.path)
    next(stream)
    outcome = session.stub.CancelCall(pb.CancelCallRequest(call_id=told.path), timeout=20).outcome
    with pytest.raises(grpc.RpcError) as caught:
        list(stream)

    assert outcome == pb.CANCEL_OUTCOME_INTERRUPTED
    assert refusal(caught.value)[:2] == ("CANCELLED", "CANCELLED")
    told.wait()


def test_an_unknown_tool_refuses_the_stream(stateless):
    with pytest.raises(grpc.RpcError) as caught:
        list(stateless.stream("workbench.streams.nothing"))

    assert refusal(caught.value)[:2] == ("NOT_FOUND", "TOOL_NOT_FOUND")
