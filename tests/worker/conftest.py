"""Real servers, the bundle of the library that they serve, and two clients: ours, and the specification's own."""

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import grpc
import pytest
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from pybridge_worker.v1 import pybridge_pb2 as pb
from pybridge_worker.v1 import pybridge_pb2_grpc

HERE = Path(__file__).parent
LIBRARIES = HERE.parent / "libraries"
SECONDS = 20.0


def function(module, name, **entry):
    return {f"workbench.{module}:{name}": entry}


def workbench():
    """The bundle's entry for tests/libraries/workbench, as the analyzer would write it."""
    counter = "workbench.things:Counter"
    methods = {name: {"kind": "method"} for name in ("increment", "itself")}
    classes = {
        counter: {
            "mro": [counter],
            "members": {
                **methods,
                "doubled": {"kind": "property"},
                "value": {"kind": "field"},
                "unit": {"kind": "field"},
                "_hidden": {"kind": "field"},
                "__class__": {"kind": "field"},
                "named": {"kind": "classmethod"},
                "zero": {"kind": "staticmethod"},
            },
        },
        "workbench.things:Shelf": {
            "mro": ["workbench.things:Shelf", "builtins:dict"],
            "members": {"total": {"kind": "method"}, "__len__": {"kind": "method"}},
        },
        "workbench.things:Colour": {
            "mro": ["workbench.things:Colour", "enum:Enum"],
            "members": {"RED": {"kind": "field"}, "BLUE": {"kind": "field"}},
        },
        "workbench.things:Gone": {"mro": ["workbench.things:Gone"]},
        "workbench.things:Shape": {"mro": ["workbench.things:Shape"], "is_constructible": False},
    }
    functions = {
        **function("values", "echo"),
        **function("values", "add"),
        **function("values", "double", is_async=True),
        **function("values", "fail"),
        **function("things", "fast"),
        **function("things", "impostor"),
        **function("things", "nothing_of_ours"),
        **function("things", "module"),
        **function("streams", "ticks", stream="async_generator"),
        **{k: v for name in ("count", "forever", "broken", "slow") for k, v in generator(name).items()},
        **{
            k: v
            for name in ("leave", "crash", "system_exit", "interrupt", "spin", "deaf", "shout", "fork_and_return")
            for k, v in function("faults", name).items()
        },
    }
    symbols = [*classes, *functions, "workbench.values:LIMIT"]
    paths = {symbol.replace(":", "."): symbol for symbol in symbols}
    paths |= {"workbench.Counter": counter, "workbench.Shelf": "workbench.things:Shelf"}
    return {
        "library": "workbench",
        "distribution": "Work-Bench",
        "version": "1.2.3",
        "digest": "ab" * 32,
        "python_version": "3.11",
        "classes": classes,
        "functions": functions,
        "variables": ["workbench.values:LIMIT"],
        "paths": paths,
        "description": description(),
    }


def generator(name):
    return function("streams", name, stream="generator")


def description():
    integer = {"kind": "primitive", "primitive_type": "int"}
    method = {"name": "increment", "docstring": "Adds.", "return_type": integer}
    by = {"name": "by", "type": integer, "default_value": "MQ==", "kind": "positional"}
    return {
        "library_version": "1.2.3",
        "classes": {
            "workbench.Counter": {
                "name": "Counter",
                "python_path": "workbench.Counter",
                "docstring": "Counts.",
                "methods": [{**method, "parameters": [by]}],
            }
        },
        "functions": {
            "workbench.values.echo": {"name": "echo", "python_path": "workbench.values.echo", "docstring": "Same."},
            "workbench.streams.count": {"name": "count", "python_path": "workbench.streams.count"},
        },
        "submodule_paths": ["workbench", "workbench.streams", "workbench.things", "workbench.values"],
        "modules": {"workbench": {"path": "workbench", "docstring": "A library."}},
        "schema_version": 1,
    }


def jinja2():
    template = "jinja2.environment:Template"
    return {
        "library": "jinja2",
        "distribution": "Jinja2",
        "version": "3.1.6",
        "digest": "cd" * 32,
        "python_version": "3.11",
        "classes": {
            template: {
                "mro": [template],
                "members": {
                    "render": {"kind": "method"},
                    "generate": {"kind": "method", "stream": "generator"},
                    "render_async": {"kind": "method", "is_async": True},
                    "generate_async": {"kind": "method", "stream": "async_generator"},
                    "is_up_to_date": {"kind": "property"},
                    "environment_class": {"kind": "field"},
                },
            }
        },
        "functions": {"jinja2.filters:do_upper": {}},
        "variables": ["jinja2.defaults:BLOCK_START_STRING"],
        "paths": {
            "jinja2.Template": template,
            "jinja2.environment.Template": template,
            "jinja2.filters.do_upper": "jinja2.filters:do_upper",
            "jinja2.defaults.BLOCK_START_STRING": "jinja2.defaults:BLOCK_START_STRING",
        },
        "description": {},
    }


@pytest.fixture(scope="session")
def bundle(tmp_path_factory):
    path = tmp_path_factory.mktemp("bundle") / "bundle.json"
    path.write_text(json.dumps({"schema": "pybridge.bundle/1", "libraries": [workbench(), jinja2()]}))
    return path


class Server:
    """A `pybridge-worker serve` of our own, with what it wrote."""

    def __init__(self, arguments, folder, **options):
        self.log = folder / "log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "pybridge_worker", "serve", *map(str, arguments)],
                stdin=options.get("stdin", subprocess.DEVNULL),
                stdout=subprocess.PIPE,
                stderr=log,
                cwd=folder,
                text=True,
            )
        ready, _, _ = select.select([self.process.stdout], [], [], SECONDS)
        self.line = self.process.stdout.readline() if ready else ""
        self.address = self.line.removeprefix("PYBRIDGE READY 1 ").strip()

    def stop(self, number=signal.SIGTERM):
        """Ask it to stop; gives its exit code and what else it wrote on stdout."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.process.pid, number)
        try:
            rest, _ = self.process.communicate(timeout=SECONDS)
        finally:
            self.process.kill()
        return self.process.returncode, rest


@pytest.fixture
def start(bundle, tmp_path):
    """Start servers of the test's own."""
    servers = []

    def start(*arguments, **options):
        arguments = arguments or ("--listen", f"unix:{tmp_path}/s")
        folder = tmp_path / f"server-{len(servers)}"
        folder.mkdir()
        server = Server(("--bundle", bundle, "--python-path", LIBRARIES, *arguments), folder, **options)
        servers.append(server)
        return server

    yield start
    for server in servers:
        server.stop()


@pytest.fixture(scope="session")
def server(bundle, tmp_path_factory):
    """The server that most tests share; they name sessions of their own."""
    folder = tmp_path_factory.mktemp("server")
    arguments = ("--bundle", bundle, "--python-path", LIBRARIES, "--workers", 2, "--listen", f"unix:{folder}/s")
    server = Server(arguments, folder)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def stub(server):
    with grpc.insecure_channel(server.address) as channel:
        yield pybridge_pb2_grpc.PyBridgeServiceStub(channel)


class Session:
    """JSON calls in one session."""

    def __init__(self, stub, name):
        self.stub, self.name = stub, name

    def request(self, tool, parameters, **fields):
        encoded = {name: json.dumps(value).encode() for name, value in parameters.items()}
        return pb.ExecuteToolRequest(session_id=self.name, tool_name=tool, parameters=encoded, **fields)

    def raw(self, tool, fields=None, timeout=SECONDS, /, **parameters):
        return self.stub.ExecuteTool(self.request(tool, parameters, **fields or {}), timeout=timeout)

    def call(self, tool, /, **parameters):
        response = self.raw(tool, **parameters)
        assert response.success, response.error
        return json.loads(response.result)

    def error(self, tool, /, **parameters):
        response = self.raw(tool, **parameters)
        assert not response.success
        return response

    def refused(self, tool, /, **parameters):
        """The status, the reason and the message of a refused call."""
        with pytest.raises(grpc.RpcError) as caught:
            self.raw(tool, **parameters)
        return refusal(caught.value)

    def stream(self, tool, fields=None, timeout=SECONDS, /, **parameters):
        return self.stub.ExecuteToolStreaming(self.request(tool, parameters, **fields or {}), timeout=timeout)


def refusal(error):
    trailers = dict(error.trailing_metadata() or ())
    return error.code().name, trailers.get("pybridge-reason"), error.details()


@pytest.fixture
def session(stub, request):
    name = request.node.nodeid
    yield Session(stub, name)
    stub.CloseSession(pb.CloseSessionRequest(session_id=name, cancel_running=True), timeout=SECONDS)


@pytest.fixture
def stateless(stub):
    return Session(stub, "")


class SpecificationClient:
    """Messages and calls made by protoc from the specification's own text, knowing nothing of ours."""

    def __init__(self, descriptors):
        pool = descriptor_pool.DescriptorPool()
        files = descriptor_pb2.FileDescriptorSet.FromString(descriptors.read_bytes())
        self._classes = message_factory.GetMessages(list(files.file), pool)
        self._service = pool.FindServiceByName("pybridge.v1.PyBridgeService")

    def message(self, name, **fields):
        return self._classes[f"pybridge.v1.{name}"](**fields)

    def call(self, channel, name, request):
        method = self._service.methods_by_name[name]
        answer = self._classes[method.output_type.full_name]
        make = channel.unary_stream if name.endswith("Streaming") else channel.unary_unary
        rpc = make(
            f"/{self._service.full_name}/{name}",
            request_serializer=lambda message: message.SerializeToString(),
            response_deserializer=answer.FromString,
        )
        return rpc(request, timeout=SECONDS)


@pytest.fixture(scope="session")
def specification(tmp_path_factory):
    descriptors = tmp_path_factory.mktemp("specification") / "descriptors.binpb"
    command = [
        sys.executable,
        "-m",
        "grpc_tools.protoc",
        f"-I{HERE / 'specification'}",
        f"--descriptor_set_out={descriptors}",
        "pybridge/v1/pybridge.proto",
    ]
    subprocess.run(command, check=True)
    return SpecificationClient(descriptors)
