"""Real servers, the bundle of the library that they serve, and two clients: ours, and the specification's own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import grpc
import pytest

from pybridge_worker.v1 import pybridge_pb2 as pb
from pybridge_worker.v1 import pybridge_pb2_grpc
from worker_bundles import jinja2, workbench
from worker_certificates import Certificates
from worker_clients import SECONDS, Server, Session, SpecificationClient, Told
from worker_hosts import IS_RAY, RayCluster

HERE = Path(__file__).parent
LIBRARIES = HERE.parent / "libraries"


@pytest.fixture(scope="session", autouse=IS_RAY)
def ray_cluster():
    """The cluster of all servers, where the tests are run on Ray."""
    cluster = RayCluster()
    os.environ.update(cluster.environment)
    Server.host_arguments = cluster.serve_arguments
    yield cluster
    Server.host_arguments = ()
    cluster.stop()


@pytest.fixture(scope="session")
def bundle(tmp_path_factory):
    path = tmp_path_factory.mktemp("bundle") / "bundle.json"
    path.write_text(json.dumps({"schema": "pybridge.bundle/1", "libraries": [workbench(), jinja2()]}))
    return path


@pytest.fixture(scope="session")
def writable(tmp_path_factory):
    """Options that let the called code tell tests what it does, through files."""
    return ("--allow-write", tmp_path_factory.getbasetemp())


@pytest.fixture
def start(bundle, tmp_path, writable):
    """Start servers of the test's own."""
    servers = []

    def start(*arguments, **options):
        arguments = arguments or ("--listen", f"unix:{tmp_path}/s")
        folder = tmp_path / f"server-{len(servers)}"
        folder.mkdir()
        server = Server(("--bundle", bundle, "--python-path", LIBRARIES, *writable, *arguments), folder, **options)
        servers.append(server)
        return server

    yield start
    for server in servers:
        server.stop()


@pytest.fixture(scope="session")
def server(bundle, tmp_path_factory, writable):
    """The server that most tests share; they name sessions of their own."""
    folder = tmp_path_factory.mktemp("server")
    arguments = (
        "--bundle",
        bundle,
        "--python-path",
        LIBRARIES,
        *writable,
        "--workers",
        2,
        "--listen",
        f"unix:{folder}/s",
    )
    server = Server(arguments, folder)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def stub(server):
    with grpc.insecure_channel(server.address) as channel:
        yield pybridge_pb2_grpc.PyBridgeServiceStub(channel)


@pytest.fixture
def session(stub, request):
    name = request.node.nodeid
    yield Session(stub, name)
    stub.CloseSession(pb.CloseSessionRequest(session_id=name, cancel_running=True), timeout=SECONDS)


@pytest.fixture
def stateless(stub):
    return Session(stub, "")


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


@pytest.fixture(scope="session")
def certificates(tmp_path_factory):
    return Certificates(tmp_path_factory.mktemp("certificates") / "ours", "client.example")


@pytest.fixture
def told(tmp_path):
    one = Told(tmp_path / "told")
    yield one
    one.close()
