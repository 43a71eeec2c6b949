"""A client built from the specification's own proto works, unchanged."""

import json

import grpc
import pytest


@pytest.fixture
def channel(server):
    with grpc.insecure_channel(server.address) as channel:
        yield channel


def request(specification, tool, session="", **parameters):
    encoded = {name: json.dumps(value).encode() for name, value in parameters.items()}
    return specification.message("ExecuteToolRequest", session_id=session, tool_name=tool, parameters=encoded)


def test_the_specifications_client_calls_a_function(specification, channel):
    response = specification.call(
        channel, "ExecuteTool", request(specification, "workbench.values.echo", value={"a": [1, 2.5, None, "é"]})
    )

    assert (response.success, json.loads(response.result)) == (True, {"a": [1, 2.5, None, "é"]})


def test_the_specifications_client_creates_renders_and_streams_a_jinja2_template(specification, channel):
    def call(tool, **parameters):
        message = request(specification, tool, "spec-jinja2", **parameters)
        response = specification.call(channel, "ExecuteTool", message)
        assert response.success, response.error
        return json.loads(response.result)

    template = call("jinja2.Template", source="{% for n in names %}<{{ n }}>{% endfor %}")
    rendered = call("jinja2.Template.render", self=template, names=["a", "b"])
    message = request(specification, "jinja2.Template.generate", "spec-jinja2", self=template, names=["a", "b"])
    chunks = list(specification.call(channel, "ExecuteToolStreaming", message))

    assert template["__pybridge_ref__"]["type"] == "jinja2.environment.Template"
    assert rendered == "<a><b>"
    assert "".join(json.loads(chunk.payload) for chunk in chunks if not chunk.is_final) == "<a><b>"
    assert [chunk.is_final for chunk in chunks[-1:]] == [True]
    assert (chunks[-1].payload, chunks[-1].error) == (b"", "")
    assert len({chunk.chunk_id for chunk in chunks}) == len(chunks)


def test_the_specifications_client_reads_exceptions_as_type_and_message(specification, channel):
    response = specification.call(channel, "ExecuteTool", request(specification, "workbench.values.fail", message="no"))

    assert (response.success, response.error, response.traceback) == (False, "ValueError: no", "")


def test_the_specifications_client_describes_a_library(specification, channel):
    message = specification.message("DescribeLibraryRequest", library_id="workbench")
    response = specification.call(channel, "DescribeLibrary", message)

    assert response.library_version == "1.2.3"
    assert response.descriptor_hash == bytes.fromhex("ab" * 32)
    assert [method.name for method in response.classes["workbench.Counter"].methods] == ["increment"]
    assert response.classes["workbench.Counter"].methods[0].parameters[0].default_value == b"1"
    assert sorted(response.functions) == ["workbench.streams.count", "workbench.values.echo"]


def test_timeout_ms_ends_a_call(specification, channel):
    message = request(specification, "workbench.faults.spin", "spec-timeout")
    message.timeout_ms = 200

    with pytest.raises(grpc.RpcError) as caught:
        specification.call(channel, "ExecuteTool", message)

    assert caught.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED


def test_the_specifications_batch_tool_runs_operations_in_one_call(specification, channel):
    create = {"type": "create", "module": "workbench.Counter", "args": {"start": 3}}
    first = json.loads(
        specification.call(
            channel, "ExecuteTool", request(specification, "batch_execute", "spec-batch", operations=[create])
        ).result
    )
    reference = first["results"][0]["result"]
    operations = [
        {"type": "call", "instance_id": reference["__pybridge_ref__"]["id"], "method": "increment", "args": {"by": 2}},
        {"type": "call", "instance_id": reference, "method": "increment", "args": [4]},
        {"type": "call", "instance_id": reference, "method": "unlisted", "args": {}},
        {"type": "call", "instance_id": reference, "method": "increment", "args": {"by": "x"}},
    ]
    response = specification.call(
        channel, "ExecuteTool", request(specification, "batch_execute", "spec-batch", operations=operations)
    )
    results = json.loads(response.result)["results"]

    assert results[:2] == [{"status": "ok", "result": 5}, {"status": "ok", "result": 9}]
    assert results[2]["reason"] == "TOOL_NOT_FOUND"
    assert results[3]["error"].startswith("TypeError: ")
