"""Ray itself: who may reach the cluster, what the called code sees of it, and what is lost with an actor or its server."""

import json
import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import grpc
import pytest

from pybridge_worker.v1 import pybridge_pb2 as pb
from pybridge_worker.v1 import pybridge_pb2_grpc
from worker_clients import Server, Session
from worker_hosts import SECONDS, RayCluster, only_on_ray

pytestmark = only_on_ray

HERE = Path(__file__).parent
LOOPBACK = {"0100007F", "0000000000000000FFFF00000100007F"}
LISTENS = "0A"
WORKER, ZYGOTE = "pybridge:worker", "pybridge:zygote"


def workers(stub):
    answer = stub.GetServerInfo(pb.GetServerInfoRequest(include_workers=True), timeout=SECONDS)
    return [one.pid for one in answer.workers if one.pid]


def parent(pid):
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


@pytest.fixture
def called(start):
    server = start("--workers", 2, "--listen", "127.0.0.1:0")
    with grpc.insecure_channel(server.address) as channel:
        stub = pybridge_pb2_grpc.PyBridgeServiceStub(channel)
        yield server, stub, Session(stub, "s"), Session(stub, "t")


def test_a_killed_worker_in_the_middle_of_a_stream_takes_nothing_else_with_it(called):
    _, stub, killed, other = called
    counter = other.call("workbench.Counter", start=1)
    (spared,) = workers(stub)
    stream = killed.stream("workbench.streams.forever")
    next(stream)
    (worker,) = set(workers(stub)) - {spared}
    os.kill(worker, signal.SIGKILL)
    with pytest.raises(grpc.RpcError, match="killed by SIGKILL"):
        list(stream)

    assert other.call("workbench.Counter.increment", self=counter) == 2
    assert killed.call("workbench.values.echo", value=1) == 1


def test_a_killed_actor_is_a_lost_worker_and_the_next_call_has_another(called, told):
    server, stub, killed, other = called
    lost = killed.call("workbench.Counter", start=1)
    kept = other.call("workbench.Counter", start=1)
    first = workers(stub)
    running = stub.ExecuteTool.future(killed.request("workbench.faults.spin", {"tell": told.path}), timeout=SECONDS)
    told.wait()
    os.kill(parent(first[0]), signal.SIGKILL)

    assert running.exception().code() is grpc.StatusCode.UNAVAILABLE
    assert killed.call("workbench.values.echo", value=1) == 1
    assert killed.refused("workbench.Counter.increment", self=lost)[1] == "OBJECT_LOST"
    assert other.call("workbench.Counter.increment", self=kept) == 2
    server.logged("ray_actor_lost", lambda: None)


def test_killing_the_server_ends_its_actors_and_their_workers_even_in_an_endless_loop(called, told):
    server, stub, session, _ = called
    running = stub.ExecuteTool.future(session.request("workbench.faults.spin", {"tell": told.path}))
    told.wait()
    (worker,) = workers(stub)
    watches = [os.pidfd_open(pid) for pid in (worker, parent(worker))]
    server.process.kill()
    ended = [bool(select.select([watch], [], [], SECONDS)[0]) for watch in watches]
    for watch in watches:
        os.close(watch)

    assert ended == [True, True]
    assert running.exception() is not None


def test_a_session_that_is_closed_gives_its_actor_back(called):
    _, stub, _, _ = called
    opened = pb.OpenSessionRequest(session_id="own", isolation=pb.ISOLATION_PROCESS, affinity_key="k")
    stub.OpenSession(opened, timeout=SECONDS)
    assert Session(stub, "own").call("workbench.values.echo", value=1) == 1
    (worker,) = workers(stub)
    watch = os.pidfd_open(parent(worker))
    stub.CloseSession(pb.CloseSessionRequest(session_id="own"), timeout=SECONDS)
    ended = bool(select.select([watch], [], [], SECONDS)[0])
    os.close(watch)

    assert ended


def test_the_called_code_does_not_inherit_the_clusters_token(tmp_path):
    (tmp_path / "outward.py").write_text("import os\ndef names(): return sorted(os.environ)\n")
    entry = {"library": "outward", "digest": "ab" * 32, "functions": {"outward:names": {}}}
    library = {**entry, "paths": {"outward.names": "outward:names"}, "description": {}}
    bundle = tmp_path / "bundle.json"
    bundle.write_text(json.dumps({"schema": "pybridge.bundle/1", "libraries": [library]}))
    server = Server(("--bundle", bundle, "--python-path", tmp_path, "--listen", f"unix:{tmp_path}/s"), tmp_path)
    try:
        with grpc.insecure_channel(server.address) as channel:
            names = Session(pybridge_pb2_grpc.PyBridgeServiceStub(channel), "s").call("outward.names")
    finally:
        server.stop()

    assert "RAY_JOB_ID" in names  # it is an actor's environment
    assert "RAY_AUTH_TOKEN" not in names


# ---- who may reach it


def serve(bundle, *arguments, **environment):
    command = [sys.executable, "-m", "pybridge_worker", "serve", "--bundle", bundle, "--host", "ray", *arguments]
    variables = {**os.environ, **environment}
    return subprocess.run(
        [*map(str, command)], capture_output=True, text=True, timeout=SECONDS, env=variables, check=False
    )


def listening():
    """The addresses that processes of ours listen on, but not the numbers of their ports."""
    found = set()
    for name in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]:
            _, local, _, state, *_ = fields = line.split()
            if state == LISTENS:
                found.add((local.partition(":")[0], fields[9]))
    return found


def sockets(command):
    """The sockets of the processes whose command line has a word, as `listening` names them."""
    inodes = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if command.encode() in (process / "cmdline").read_bytes():
                inodes |= {file.readlink().name[8:-1] for file in (process / "fd").iterdir() if _is_socket(file)}
        except (FileNotFoundError, ProcessLookupError):
            continue
    return inodes


def _is_socket(file):
    return file.readlink().name.startswith("socket:[")


@pytest.fixture
def own(bundle, tmp_path, monkeypatch):
    """A server with a cluster of its own, beside that of the tests."""
    monkeypatch.setattr(Server, "host_arguments", ("--host", "ray"))
    libraries = HERE.parent / "libraries"
    server = Server(("--bundle", bundle, "--python-path", libraries, "--listen", f"unix:{tmp_path}/s"), tmp_path)
    yield server
    server.stop()


def test_a_cluster_of_its_own_listens_on_loopback_alone_and_leaves_nothing(own):
    with grpc.insecure_channel(own.address) as channel:
        assert Session(pybridge_pb2_grpc.PyBridgeServiceStub(channel), "s").call("workbench.values.echo", value=1) == 1
    folders = list(Path("/tmp").glob("pybridge-ray-*"))
    ours = sockets("pybridge-ray-")
    addresses = {address for address, inode in listening() if inode in ours}
    code, rest = own.stop()

    assert len(ours) > 3
    assert addresses
    assert addresses <= LOOPBACK
    assert (code, rest) == (0, "")
    assert [one for one in folders if one.exists()] == []


def test_a_cluster_is_not_joined_with_token_authentication_off(bundle, ray_cluster):
    done = serve(bundle, "--ray-address", ray_cluster.address, RAY_AUTH_MODE="disabled")

    assert (done.returncode, done.stdout) == (2, "")
    assert "--ray-address: RAY_AUTH_MODE is not `token`" in done.stderr


def test_a_cluster_is_not_joined_with_another_token(bundle, ray_cluster):
    done = serve(bundle, "--ray-address", ray_cluster.address, RAY_AUTH_TOKEN="ab" * 32)

    assert done.returncode == 2
    assert "token" in done.stderr


def test_a_cluster_that_asks_nobody_for_a_token_is_joined_only_when_told_to(bundle, tmp_path, monkeypatch):
    cluster = RayCluster(mode="disabled")
    try:
        done = serve(bundle, "--ray-address", cluster.address)
        arguments = ("--host", "ray", "--ray-address", cluster.address, "--ray-insecure")
        monkeypatch.setattr(Server, "host_arguments", arguments)
        monkeypatch.setenv("RAY_AUTH_MODE", "disabled")
        server = Server(("--bundle", bundle, "--listen", f"unix:{tmp_path}/s"), tmp_path)
        server.stop()
    finally:
        cluster.stop()

    assert done.returncode == 2
    assert "asked without a token" in done.stderr
    assert server.address
    assert "ray_cluster_open_to_all" in server.log.read_text()
