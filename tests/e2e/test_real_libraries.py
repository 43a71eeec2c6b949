"""Libraries that people bridge to, as installed: DSPy, LangChain and pandas, described and then called by the worker."""

import base64
import json
import subprocess
from pathlib import Path

import grpc
import pytest

from command_line import places, run_command
from pybridge_worker.v1 import pybridge_pb2 as pb
from pybridge_worker.v1 import pybridge_pb2_grpc
from worker_clients import Server, Session

pytestmark = pytest.mark.e2e

ENVIRONMENT = Path(__file__).parents[2] / "build" / "libraries"
PYTHON = ENVIRONMENT / "bin" / "python"
NAMES = ("dspy", "langchain_core", "pandas")
SECONDS = 60.0  # an import of one of these takes seconds on a busy machine


@pytest.fixture(scope="module")
def stub(tmp_path_factory):
    if not PYTHON.exists():
        pytest.skip("the libraries are not there: make libraries")
    folder = tmp_path_factory.mktemp("r")
    site = next(ENVIRONMENT.glob("lib/python*/site-packages"))
    bundle = folder / "bundle.json"
    done = run_command("bundle", *NAMES, "--site-packages", site, "-o", bundle, cwd=folder, variables=places(folder))
    assert done.returncode == 0, done.stderr.decode()
    server = Server(("--bundle", bundle, "--workers", 1, "--listen", f"unix:{folder}/s"), folder, python=str(PYTHON))
    with grpc.insecure_channel(server.address) as channel:
        yield pybridge_pb2_grpc.PyBridgeServiceStub(channel)
    code, _ = server.stop()
    assert code == 0


@pytest.fixture
def session(stub, request):
    return Session(stub, request.node.name)


def call(session, tool, /, **parameters):
    response = session.raw(tool, {}, SECONDS, **parameters)
    assert response.success, response.error
    return json.loads(response.result)


def test_a_dspy_program_predicts_with_a_model_that_is_no_model(session):
    model = call(session, "dspy.utils.DummyLM", answers=[{"answer": "blue"}])
    program = call(session, "dspy.Predict", signature="question -> answer")
    call(session, "dspy.Predict.set_lm", self=program, lm=model)

    prediction = call(session, "dspy.Predict.__call__", self=program, question="Which colour has the sky?")

    assert prediction["__pybridge_ref__"]["type"] == "dspy.primitives.prediction.Prediction"
    assert call(session, "dspy.Prediction.toDict", self=prediction) == {"answer": "blue"}


def test_a_langchain_model_streams_its_tokens_and_each_is_read(session):
    name = "langchain_core.language_models.FakeListChatModel"
    model = call(session, name, responses=["hello world"])

    chunks = list(session.stream(f"{name}.stream", {}, SECONDS, self=model, input="hi"))

    tokens = [json.loads(one.payload) for one in chunks if not one.is_final]
    texts = [call(session, "langchain_core.messages.AIMessageChunk.content", self=one) for one in tokens]
    assert chunks[-1].error == ""
    assert len(texts) == len("hello world")
    assert "".join(texts) == "hello world"


def test_a_langchain_chain_of_prompt_and_model_is_invoked(session):
    prompt = call(
        session,
        "langchain_core.prompts.ChatPromptTemplate.from_messages",
        messages=[{"__pybridge_tuple__": ["system", "You answer."]}, {"__pybridge_tuple__": ["human", "{question}"]}],
    )
    model = call(session, "langchain_core.language_models.FakeListChatModel", responses=["42"])
    chain = call(session, "langchain_core.runnables.Runnable.__or__", self=prompt, other=model)

    message = call(session, "langchain_core.runnables.RunnableSequence.invoke", self=chain, input={"question": "?"})

    assert call(session, "langchain_core.messages.AIMessage.content", self=message) == "42"


def test_a_pandas_frame_is_computed_with_where_it_is(session):
    frame = call(session, "pandas.DataFrame", data={"city": ["a", "b", "a"], "sold": [1, 2, 3]})

    sums = call(session, "pandas.DataFrame.groupby", self=frame, by="city")
    total = call(session, "pandas.core.groupby.generic.DataFrameGroupBy.sum", self=sums)

    assert call(session, "pandas.DataFrame.to_dict", self=total) == {"sold": {"a": 4, "b": 2}}


def python(code, data=b""):
    """Run a few lines with the libraries at hand, as a client that has Arrow would."""
    done = subprocess.run([PYTHON, "-c", code], input=data, capture_output=True, check=True, timeout=SECONDS)
    return done.stdout


WRITE = """
import sys, pyarrow as pa
table = pa.table({"city": ["a", "b"], "sold": [1, 2]})
with pa.ipc.new_stream(sys.stdout.buffer, table.schema) as stream:
    stream.write_table(table)
"""
READ = """
import sys, json, pyarrow as pa
print(json.dumps(pa.ipc.open_stream(sys.stdin.buffer).read_all().to_pydict()))
"""


def test_pandas_frames_come_and_go_as_arrow(session):
    table = {"__pybridge_arrow__": [base64.b64encode(python(WRITE)).decode(), "pandas.DataFrame"]}
    options = pb.ResultOptions(format=pb.PAYLOAD_FORMAT_ARROW_IPC_STREAM, mode=pb.RESULT_MODE_BY_VALUE)

    request = session.request("pandas.concat", {"objs": [table, table], "ignore_index": True}, result_options=options)
    response = session.stub.ExecuteTool(request, timeout=SECONDS)

    assert response.success, response.error
    stream = response.payload.data or response.result
    assert json.loads(python(READ, stream)) == {"city": ["a", "b", "a", "b"], "sold": [1, 2, 1, 2]}
