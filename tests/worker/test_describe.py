"""DescribeLibrary tells what the bundle says, whole, in part, in parts, or that nothing changed."""

import grpc
import pytest

from pybridge_worker.v1 import pybridge_pb2 as pb
from worker_clients import refusal

COUNTER, ECHO, COUNT = "workbench.Counter", "workbench.values.echo", "workbench.streams.count"


def describe(stub, **fields):
    return stub.DescribeLibrary(pb.DescribeLibraryRequest(**fields), timeout=20)


@pytest.mark.parametrize(
    "name", [{"library_id": "workbench"}, {"library_id": "Work-Bench"}, {"module_path": "workbench"}]
)
def test_a_library_is_found_by_import_name_distribution_or_module(stub, name):
    answer = describe(stub, **name)

    assert [*sorted(answer.functions), *answer.classes] == [COUNT, ECHO, COUNTER]


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({"module_path": "workbench.values"}, [ECHO]),
        ({"submodules": ["streams"]}, [COUNT, COUNTER]),
        ({"submodules": ["workbench.values"]}, [ECHO, COUNTER]),
        ({"module_path": "workbench.streams", "discovery_depth": 1}, [COUNT]),
        ({"module_path": "workbench", "discovery_depth": 1}, [COUNT, ECHO, COUNTER]),
    ],
)
def test_modules_are_kept_as_asked_for(stub, fields, kept):
    answer = describe(stub, library_id="workbench", **fields)

    assert [*sorted(answer.functions), *answer.classes] == kept
    assert answer.descriptor_hash == bytes.fromhex("ab" * 32)


def test_a_client_that_has_it_is_told_so(stub):
    answer = describe(stub, library_id="workbench", if_descriptor_hash=bytes.fromhex("ab" * 32))

    assert (answer.not_modified, len(answer.classes)) == (True, 0)


def test_docstrings_are_left_out_on_request_only(stub):
    whole = describe(stub, library_id="workbench")
    bare = describe(stub, library_id="workbench", omit_docstrings=True)

    assert whole.classes[COUNTER].methods[0].docstring == "Adds."
    assert "docstring" not in str(bare)
    assert bare.classes[COUNTER].methods[0].name == "increment"


def test_the_parts_of_a_stream_merge_to_the_whole(stub):
    request = pb.DescribeLibraryStreamingRequest(
        library=pb.DescribeLibraryRequest(library_id="workbench"), max_part_bytes=1
    )
    parts = [one.part for one in stub.DescribeLibraryStreaming(request, timeout=20)]
    merged = pb.DescribeLibraryResponse()
    for part in parts:
        merged.MergeFrom(part)

    assert merged == describe(stub, library_id="workbench")
    assert len(parts) == 5
    assert [bool(part.descriptor_hash) for part in parts] == [False] * 4 + [True]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, ("INVALID_ARGUMENT", "INVALID_ARGUMENT")),
        ({"library_id": "numpy"}, ("NOT_FOUND", "LIBRARY_NOT_FOUND")),
        ({"library_id": "workbench", "module_path": "os"}, ("INVALID_ARGUMENT", "INVALID_ARGUMENT")),
    ],
)
def test_what_is_not_served_is_refused(stub, fields, expected):
    with pytest.raises(grpc.RpcError) as caught:
        describe(stub, **fields)

    assert refusal(caught.value)[:2] == expected
