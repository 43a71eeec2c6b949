"""Only what the bundle lists can be reached, whatever the names and objects say."""

import json
import socket
import struct

import grpc
import pytest

from pybridge_worker.v1 import pybridge_pb2 as pb
from pybridge_worker.v1 import status_pb2

NOT_LISTED = [
    "os.system",
    "builtins.eval",
    "workbench",
    "workbench.things",
    "workbench.things.enum",
    "workbench.things.Impostor",
    "workbench.Counter.unlisted",
    "workbench.Counter._hidden",
    "workbench.Counter.__class__",
    "workbench.Counter.__dict__",
    "workbench.Counter.__init__.__globals__",
    "workbench.Counter.increment.__globals__",
    "workbench.Counter.",
    ".Counter",
    "workbench.things:Counter",
    "jinja2.Environment",
    "jinja2.environment.Template.new_context",
    "x" * 100_000,
]


@pytest.mark.parametrize("tool", NOT_LISTED, ids=lambda tool: tool[:40])
def test_what_is_not_listed_is_not_found_and_nothing_is_hinted(session, tool):
    counter = session.call("workbench.Counter")
    status, reason, message = session.refused(tool, self=counter)

    assert (status, reason) == ("NOT_FOUND", "TOOL_NOT_FOUND")
    assert message == f"no tool is named {tool[:200]!r}"


def test_an_empty_name_names_the_field(session):
    assert session.refused("")[2].startswith("tool_name: ")


def test_a_member_is_found_through_the_objects_real_class(session):
    fast = session.call("workbench.things.fast")

    assert fast["__pybridge_ref__"]["type"] == "workbench.things.Counter"
    assert session.call("workbench.Counter.increment", self=fast) == 10


def test_an_object_that_only_claims_the_class_is_refused(session):
    impostor = session.call("workbench.things.impostor")
    status, _, message = session.refused("workbench.Counter.increment", self=impostor)

    assert (status, message) == ("INVALID_ARGUMENT", "self: it is no workbench.things.Counter")


@pytest.mark.parametrize("name", ["unlisted", "_hidden", "__class__", "__dict__", "__reduce_ex__", "__init__"])
def test_attributes_that_are_not_listed_are_not_found_in_a_batch_either(session, name):
    reference = session.raw("workbench.Counter").object_ref
    read = pb.BatchOperation(get_attribute=pb.AttributeOperation(object_ref=reference, name=name))
    write = pb.BatchOperation(
        set_attribute=pb.AttributeOperation(object_ref=reference, name=name, value=pb.Payload(data=b"[[1],{}]"))
    )
    answer = session.stub.ExecuteBatch(pb.ExecuteBatchRequest(session_id=session.name, operations=[read, write]))

    assert [one.metadata["pybridge-reason"] for one in answer.results] == ["TOOL_NOT_FOUND"] * 2


def test_a_module_is_never_handed_out(session):
    assert session.refused("workbench.things.module")[:2] == ("FAILED_PRECONDITION", "RESULT_NOT_ENCODABLE")


def test_objects_of_no_listed_class_can_only_be_passed_back(session):
    stranger, counter = session.call("workbench.things.nothing_of_ours")

    assert stranger["__pybridge_ref__"]["type"] == "builtins.object"
    assert session.call("workbench.values.echo", value=stranger) == stranger
    assert session.call("workbench.Counter.increment", self=counter) == 2


def test_a_class_without_instances_is_not_created(session):
    assert session.refused("workbench.things.Shape")[0] == "INVALID_ARGUMENT"


def test_a_listed_name_that_the_library_lacks_is_a_mismatch(session):
    status, reason, message = session.refused("workbench.things.Gone")

    assert (status, reason) == ("FAILED_PRECONDITION", "LIBRARY_MISMATCH")
    assert "workbench.things:Gone" in message


def test_properties_fields_class_and_static_methods_are_what_they_are(session):
    counter = session.call("workbench.Counter.__init__", start=4)
    read = {name: session.call(f"workbench.Counter.{name}", self=counter) for name in ("doubled", "value", "unit")}

    assert read == {"doubled": 8, "value": 4, "unit": "steps"}
    assert session.call("workbench.Counter.unit") == "steps"
    assert session.call("workbench.Counter.zero") == 0
    assert session.call("workbench.Counter.value", self=session.call("workbench.Counter.named", text="9")) == 9
    assert session.call("workbench.values.LIMIT") == 12
    assert session.call("workbench.values.double", number=21) == 42
    assert session.call("workbench.values.add", **{"*": [1, 2], "scale": 10}) == 30
    assert session.call("workbench.things.Colour.RED") == {"__pybridge_enum__": ["workbench.things.Colour", "RED"]}


def test_a_method_without_its_object_says_what_is_missing(session):
    assert session.refused("workbench.Counter.increment") == (
        "INVALID_ARGUMENT",
        "NO_TARGET",
        "self: increment needs the object it is used on",
    )


def test_a_property_takes_no_arguments(session):
    counter = session.call("workbench.Counter")

    assert session.refused("workbench.Counter.doubled", self=counter, by=1)[2].startswith('parameters["by"]: ')


def test_an_operator_is_called_when_it_is_listed(session):
    shelf = session.call("workbench.Shelf", a=1, b=2)

    assert session.call("workbench.Shelf.__len__", self=shelf) == 2
    assert session.call("workbench.Shelf.total", self=shelf) == 3


@pytest.mark.parametrize("tool", ["workbench.values.echo", "workbench.Counter"])
def test_a_client_of_another_descriptor_is_refused(session, tool):
    fields = {"descriptor_hash": b"\0" * 32}

    assert session.raw_refused(tool, fields)[:2] == ("FAILED_PRECONDITION", "DESCRIPTOR_CHANGED")
    assert session.raw(tool, {"descriptor_hash": bytes.fromhex("ab" * 32)}).success


def test_a_refusal_carries_error_info_as_google_defines_it(session):
    with pytest.raises(grpc.RpcError) as caught:
        session.raw("nothing")
    details = dict(caught.value.trailing_metadata())["grpc-status-details-bin"]
    status = status_pb2.RpcStatus.FromString(details)

    assert (status.code, status.message) == (grpc.StatusCode.NOT_FOUND.value[0], caught.value.details())
    assert status.details[0].type_url == "type.googleapis.com/google.rpc.ErrorInfo"
    assert status_pb2.RpcErrorInfo.FromString(status.details[0].value).reason == "TOOL_NOT_FOUND"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"\xff\xff",
        b"[" * 100_000,
        b"NaN",
        b"1e999",
        b"9" * 5000,
        b'{"__pybridge_pickle__": "gASVAAAA"}',
        b'{"__pybridge_ref__": 1}',
        b'{"__pybridge_ref__": {"session": "s"}}',
        b'{"__pybridge_enum__": ["workbench.things.Colour", "__class__"]}',
        b'{"__pybridge_enum__": ["os.system", "x"]}',
        b'{"__pybridge_dict__": [[[], 1]]}',
        b'{"__pybridge_set__": [[]]}',
        b'{"__pybridge_bytes__": "*"}',
        b'{"__pybridge_time__": ["datetime", "2026-01-01T00:00:00+00:00[../../etc/passwd]"]}',
        b'{"__pybridge_result__": 0}',
    ],
    ids=lambda data: data[:40].decode("latin-1"),
)
def test_arguments_that_are_no_values_name_their_parameter(stub, data):
    request = pb.ExecuteToolRequest(tool_name="workbench.values.echo", parameters={"value": data}, session_id="bad")
    with pytest.raises(grpc.RpcError) as caught:
        stub.ExecuteTool(request, timeout=20)

    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert caught.value.details().startswith('parameters["value"]: ')


def test_bytes_that_are_no_grpc_do_not_disturb_the_server(server, session):
    with socket.socket(socket.AF_UNIX) as raw:
        raw.connect(server.address.removeprefix("unix:"))
        raw.sendall(struct.pack("<II", 2**31, 7) + b"\0" * 1000)

    assert session.call("workbench.values.echo", value=json.loads("[1]")) == [1]
