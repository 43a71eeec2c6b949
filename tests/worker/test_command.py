"""The command: one ready line, private sockets, clear refusals, a clean end."""

import json
import os
import select
import signal
import stat
import subprocess
import sys
from pathlib import Path

import grpc
import pytest

from pybridge_worker import __version__
from pybridge_worker.v1 import pybridge_pb2 as pb
from pybridge_worker.v1 import pybridge_pb2_grpc
from worker_clients import SECONDS, Session, refusal
from worker_hosts import not_on_ray


def run(*arguments):
    command = [sys.executable, "-m", "pybridge_worker", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)


def test_version_and_help():
    assert run("--version").stdout == f"pybridge-worker {__version__}\n"
    assert "PYBRIDGE READY 1 ADDRESS" in run("serve", "--help").stdout


def test_the_default_socket_is_in_a_folder_of_this_user_alone_and_goes_with_the_server(start):
    server = start("--workers", 1)
    path = Path(server.address.removeprefix("unix:"))
    modes = [stat.S_IMODE(one.stat().st_mode) for one in (path, path.parent)]
    code, rest = server.stop()

    assert server.line == f"PYBRIDGE READY 1 unix:{path}\n"
    assert modes == [0o600, 0o700]
    assert (code, rest) == (0, "")
    assert not path.parent.exists()


def test_a_named_socket_is_private_and_a_dead_servers_one_is_taken_over(start, tmp_path):
    first = start("--listen", f"unix:{tmp_path}/s")
    mode = stat.S_IMODE((tmp_path / "s").stat().st_mode)
    first.stop(signal.SIGKILL)
    second = start("--listen", f"unix:{tmp_path}/s")

    assert mode == 0o600
    assert second.address == f"unix:{tmp_path}/s"


def test_loopback_is_served_on_a_free_port(start):
    server = start("--listen", "127.0.0.1:0")
    with grpc.insecure_channel(server.address) as channel:
        info = pybridge_pb2_grpc.PyBridgeServiceStub(channel).GetServerInfo(pb.GetServerInfoRequest(), timeout=SECONDS)

    assert info.server_version == __version__


@pytest.mark.parametrize(
    ("listen", "why"),
    [
        ("0.0.0.0:0", "reached from other machines"),
        ("[::]:0", "reached from other machines"),
        ("example.org:80", "IP address"),
        ("127.0.0.1", "HOST:PORT"),
        ("127.0.0.1:99999", "HOST:PORT"),
        ("unix:/nowhere/at/all/s", "not there"),
        (f"unix:/{'x' * 200}", "at most 100 bytes"),
    ],
)
def test_other_addresses_are_refused(bundle, listen, why):
    done = run("serve", "--bundle", bundle, "--listen", listen)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("pybridge-worker: error: cannot listen on ")
    assert why in done.stderr


def test_the_socket_of_a_running_server_and_a_plain_file_are_left_alone(server, bundle, tmp_path):
    (tmp_path / "file").write_text("mine")
    taken = run("serve", "--bundle", bundle, "--listen", server.address)
    plain = run("serve", "--bundle", bundle, "--listen", f"unix:{tmp_path}/file")

    assert "another server listens there" in taken.stderr
    assert "no socket is there" in plain.stderr
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (None, "No such file"),
        ("", "truncated"),
        ("[]", "Expected `object`"),
        ('{"schema": "pybridge.bundle/9", "libraries": []}', "this worker reads 'pybridge.bundle/1'"),
        ('{"schema": "pybridge.bundle/1", "libraries": [{"library": "x", "digest": "no"}]}', "hexadecimal"),
        (
            json.dumps(
                {
                    "schema": "pybridge.bundle/1",
                    "libraries": [{"library": "x", "digest": "a" * 64, "functions": {"os:system; rm": {}}}],
                }
            ),
            "not module:qualname",
        ),
        ('{"schema": ' + "[" * 100_000, "Expected `str`"),
    ],
)
def test_a_bad_bundle_is_one_line_and_exit_2(tmp_path, text, why):
    path = tmp_path / "bundle.json"
    if text is not None:
        path.write_text(text)
    done = run("serve", "--bundle", path)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith(f"pybridge-worker: error: {path}: not a bundle: ")
    assert why in done.stderr


def test_sigterm_lets_a_running_call_end_and_refuses_new_ones(start, told):
    server = start("--listen", "127.0.0.1:0")
    with grpc.insecure_channel(server.address) as channel:
        session = Session(pybridge_pb2_grpc.PyBridgeServiceStub(channel), "s")
        stream = session.stream("workbench.streams.forever", {"call_id": "running"}, tell=told.path)
        next(stream)
        os.kill(server.process.pid, signal.SIGTERM)
        items = [next(stream).payload for _ in range(100)]
        os.kill(server.process.pid, signal.SIGTERM)
        with pytest.raises(grpc.RpcError) as caught:
            list(stream)
        told.wait()
    code = server.process.wait(SECONDS)

    assert items[0] == b"1"
    assert caught.value.code().name in {"CANCELLED", "UNAVAILABLE"}
    assert code == 0


def test_the_server_ends_with_its_parent(start):
    server = start("--exit-with-parent", "--listen", "127.0.0.1:0", stdin=subprocess.PIPE)
    server.process.stdin.close()
    server.process.stdin = None

    assert server.process.wait(SECONDS) == 0


@not_on_ray("its workers are not its children; test_ray.py has the same of theirs")
def test_killing_the_server_ends_its_workers_even_in_an_endless_loop(start, told):
    server = start("--listen", "127.0.0.1:0")
    with grpc.insecure_channel(server.address) as channel:
        session = Session(pybridge_pb2_grpc.PyBridgeServiceStub(channel), "s")
        running = session.stub.ExecuteTool.future(session.request("workbench.faults.spin", {"tell": told.path}))
        told.wait()
        children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()
        watches = [os.pidfd_open(int(child)) for child in children]
        os.kill(server.process.pid, signal.SIGKILL)
        ended = [bool(select.select([watch], [], [], SECONDS)[0]) for watch in watches]

        for watch in watches:
            os.close(watch)
        assert refusal(running.exception())[0] == "UNAVAILABLE"
    assert ended == [True] * len(children)
    assert children
