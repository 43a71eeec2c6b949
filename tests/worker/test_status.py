"""`pybridge-worker status`: what a server says of itself, and how asking can fail."""

import json
import subprocess
import sys
from pathlib import Path

import grpc
import pytest

from pybridge_worker import __version__
from pybridge_worker.v1 import pybridge_pb2 as pb
from pybridge_worker.v1 import pybridge_pb2_grpc
from worker_clients import SECONDS, Session


def status(*arguments):
    command = [sys.executable, "-m", "pybridge_worker", "status", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)


@pytest.fixture
def busy(start):
    """A server with a held object, a session of its own process, and a process that was lost."""
    server = start("--listen", "127.0.0.1:0", "--workers", 2)
    with grpc.insecure_channel(server.address) as channel:
        stub = pybridge_pb2_grpc.PyBridgeServiceStub(channel)
        stub.OpenSession(pb.OpenSessionRequest(session_id="own-process", isolation=pb.ISOLATION_PROCESS))
        Session(stub, "own-process").refused("workbench.faults.leave", code=3)
        Session(stub, "own-process").call("workbench.values.echo", value=1)
        Session(stub, "holder-of-objects").call("workbench.Counter")
    return server


def test_status_tells_load_processes_and_sessions_as_json(busy):
    done = status(busy.address, "--output-format", "json")
    told = json.loads(done.stdout)
    own = next(worker for worker in told["workers"] if worker["isolation"] == "process")
    held = [session for session in told["sessions"] if session["objects"]]

    assert (done.returncode, done.stderr) == (0, "")
    assert (told["state"], told["server_version"], told["protocol"]) == ("serving", __version__, [1, 1])
    assert told["libraries"]["Work-Bench"] == "1.2.3"
    assert told["library_digests"]["workbench"] == "ab" * 32
    assert (own["restarts"], own["calls_started"], own["sessions"]) == (1, 2, 1)
    assert own["resident_bytes"] > 1_000_000
    assert Path(f"/proc/{own['pid']}").exists()
    assert told["load"]["objects"] == 1
    assert told["load"]["worker_restarts"] == 1
    assert [session["session"] for session in held] == ["holder..."]
    assert 0 <= told["uptime_seconds"] < 60


def test_status_tells_a_person_the_same(busy):
    done = status(busy.address)

    assert done.stdout.startswith(f"pybridge-worker {__version__} at {busy.address}: serving, up ")
    assert "sessions  2 of 10000, 1 with a process of their own; 1 objects" in done.stdout
    assert "  library   Work-Bench 1.2.3" in done.stdout
    assert "own-process" not in done.stdout


def test_status_of_nobody_is_one_line_and_exit_3(tmp_path):
    done = status(f"unix:{tmp_path}/s", "--timeout", "1")

    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith(f"pybridge-worker: error: unix:{tmp_path}/s: UNAVAILABLE: ")


def test_status_needs_the_token_and_health_does_not(start, tmp_path):
    tokens = tmp_path / "tokens"
    tokens.touch(mode=0o600)
    tokens.write_text("a-token-of-this-test\n")
    server = start("--listen", "127.0.0.1:0", "--token-file", tokens)
    without, probe = status(server.address), status(server.address, "--health")
    known = status(server.address, "--token-file", tokens)

    assert (without.returncode, without.stderr.split(": ")[3]) == (3, "UNAUTHENTICATED")
    assert (probe.returncode, probe.stdout) == (0, "serving\n")
    assert known.returncode == 0


def test_status_asks_over_mutual_tls(start, certificates):
    server = start(
        "--listen", "127.0.0.1:0", *certificates.serving(), "--tls-client-ca", certificates.ca, "--workers", 1
    )
    ours = ("--tls-ca", certificates.ca, "--tls-cert", certificates.client[0], "--tls-key", certificates.client[1])

    assert status(server.address, "--health", *ours).stdout == "serving\n"
    assert status(server.address, "--health", "--timeout", "2").returncode == 3
    assert status(server.address, "--tls-cert", certificates.client[0]).returncode == 2
