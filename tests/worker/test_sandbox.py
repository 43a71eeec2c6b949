"""What a worker process may not do is refused by the kernel, whatever the library tries."""

import asyncio
import ctypes
import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import grpc
import pytest

from pybridge_worker.child.sandbox import kernel, landlock, seccomp
from pybridge_worker.hosts.local.folders import Folders, remove_abandoned
from pybridge_worker.v1 import pybridge_pb2 as pb
from pybridge_worker.v1 import pybridge_pb2_grpc
from worker_clients import SECONDS, Server, Session
from worker_hosts import not_on_ray
from worker_processes import ZYGOTE, children

LIBRARIES = Path(__file__).parent.parent / "libraries"


def is_confinable():
    try:
        return landlock.abi() > 0
    except OSError:
        return False


pytestmark = pytest.mark.skipif(not is_confinable(), reason="this kernel has no Landlock")


@pytest.fixture(scope="module")
def serve(bundle, tmp_path_factory):
    servers, channels = [], []

    def serve(*arguments, **options):
        folder = tmp_path_factory.mktemp("server")
        given = ("--bundle", bundle, "--python-path", LIBRARIES, "--workers", 1, "--listen", "127.0.0.1:0", *arguments)
        servers.append(Server(given, folder, **options))
        channels.append(grpc.insecure_channel(servers[-1].address))
        return servers[-1], Session(pybridge_pb2_grpc.PyBridgeServiceStub(channels[-1]), "s")

    yield serve
    for channel, server in zip(channels, servers, strict=True):
        channel.close()
        server.stop()


@pytest.fixture(scope="module", params=["forked", "spawned"])
def confined(serve, request, tmp_path_factory):
    """A session that may write one folder and read another, and reach no network."""
    readable, writable = tmp_path_factory.mktemp("readable"), tmp_path_factory.mktemp("writable")
    (readable / "file").write_text("hello")
    spawned = ("--no-fork",) if request.param == "spawned" else ()
    options = ("--allow-read", readable, "--allow-write", writable, "--deny-network", "--max-memory-mib", 1024)
    server, session = serve("--sandbox", "required", *options, *spawned)
    return server, session, readable, writable


def refused(session, tool, /, **parameters):
    return session.error(f"workbench.reaches.{tool}", **parameters).exception.type


def test_files_are_read_and_written_where_they_may_be(confined, tmp_path):
    _, session, readable, writable = confined
    (tmp_path / "secret").write_text("secret")

    assert session.call("workbench.reaches.read", path=str(readable / "file")) == 5
    assert session.call("workbench.reaches.write", path=str(writable / "new")) == 1
    assert refused(session, "write", path=str(readable / "file")) == "PermissionError"
    assert refused(session, "read", path=str(tmp_path / "secret")) == "PermissionError"
    assert refused(session, "write", path=str(tmp_path / "new")) == "PermissionError"
    assert refused(session, "write", path=str(LIBRARIES / "workbench" / "new.py")) == "PermissionError"


def test_temporary_files_are_the_workers_own_and_go_with_it(confined):
    session = confined[1]
    path = Path(session.call("workbench.reaches.write_temporary"))
    there, mode = path.read_bytes(), stat.S_IMODE(path.parent.stat().st_mode)
    session.refused("workbench.faults.leave", code=1)

    assert (there, mode) == (b"x", 0o700)
    while path.parent.exists():
        session.call("workbench.values.echo")
    assert session.call("workbench.reaches.folder") != str(path.parent)


@pytest.mark.parametrize(
    ("tool", "error"),
    [
        ("run", "PermissionError"),
        ("open_socket", "PermissionError"),
        ("leave_the_namespace", "PermissionError"),
        ("trace", "PermissionError"),
        ("look_at_parent", "PermissionError"),
    ],
)
def test_programs_sockets_namespaces_and_other_processes_are_out_of_reach(confined, tool, error):
    assert refused(confined[1], tool) == error


def test_more_memory_than_allowed_is_an_error_and_the_session_lives(confined):
    session = confined[1]
    counter = session.call("workbench.Counter", start=1)

    assert refused(session, "allocate", mib=4096) == "MemoryError"
    assert session.call("workbench.reaches.allocate", mib=100) == 100
    assert session.call("workbench.Counter.increment", self=counter) == 2


def test_a_confined_worker_does_what_libraries_do(confined):
    session = confined[1]

    assert session.call("workbench.reaches.import_more") == ["json.tool", "sqlite3"]
    assert session.call("workbench.reaches.connect_pair") == "hello"
    assert session.call("workbench.reaches.start_thread") == [1]
    assert session.call("workbench.values.double", number=2) == 4
    assert session.call("workbench.faults.fork_and_return") == "original"


@pytest.mark.skipif(is_confinable() and landlock.abi() < 6, reason="signals are free before Landlock 6")
def test_a_worker_cannot_signal_the_front(confined):
    assert refused(confined[1], "end_parent") == "PermissionError"


def test_the_server_tells_what_holds(confined):
    info = confined[1].stub.GetServerInfo(pb.GetServerInfoRequest(), timeout=SECONDS)

    assert {"sandbox:limits", "sandbox:landlock", "sandbox:seccomp"} <= set(info.features)


def test_folders_of_servers_that_were_killed_are_removed_and_those_of_others_are_not(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    living, killed, strange = Folders(), Folders(), tmp_path / "pybridge-work-strange"
    mine, theirs = living.new(1), killed.new(1)
    (theirs / "left").write_text("x")
    os.close(killed._held)
    strange.mkdir()
    (tmp_path / "pybridge-work-link").symlink_to(mine.parent)

    assert remove_abandoned() == 1
    assert (mine.is_dir(), theirs.parent.exists(), strange.is_dir()) == (True, False, True)
    asyncio.run(living.close())
    assert not mine.parent.exists()


def test_without_the_sandbox_everything_goes(serve, tmp_path):
    _, session = serve("--sandbox", "off")

    assert session.call("workbench.reaches.write", path=str(tmp_path / "new")) == 1
    assert session.call("workbench.reaches.run") == 0
    info = session.stub.GetServerInfo(pb.GetServerInfoRequest(), timeout=SECONDS)
    assert not any(feature.startswith("sandbox") for feature in info.features)


def test_programs_and_sockets_are_allowed_when_they_are(serve):
    _, session = serve("--allow-programs")

    assert session.call("workbench.reaches.run") == 0
    assert session.call("workbench.reaches.open_socket") == "open"


def without(number):
    """Give a process a kernel that knows no system call of this number."""
    line = seccomp._Instruction
    lines = [
        line(seccomp._LOAD, 0, 0, seccomp._NR),
        line(seccomp._EQUAL, 0, 1, number),
        line(seccomp._RETURN, 0, 0, seccomp._FAIL | seccomp._ENOSYS),
        line(seccomp._RETURN, 0, 0, seccomp._ALLOW),
    ]

    def deny():
        program = seccomp._Program(len(lines), (line * len(lines))(*lines))
        kernel.gain_no_privileges()
        kernel.prctl(seccomp._PR_SET_SECCOMP, seccomp._MODE_FILTER, kernel.address(program))

    return deny


@pytest.fixture
def without_landlock():
    return without(landlock._CREATE_RULESET)


def test_a_kernel_that_cannot_watch_processes_has_them_spawned(serve):
    pidfd_open = 434
    server, session = serve(preexec_fn=without(pidfd_open))
    counter = session.call("workbench.Counter", start=1)
    lost = session.refused("workbench.faults.leave", code=3)

    assert "exited with code 3" in lost[2]
    assert session.refused("workbench.Counter.increment", self=counter)[1] == "OBJECT_LOST"
    assert children(server.process.pid, ZYGOTE) == []


def test_a_kernel_without_landlock_is_refused_where_the_sandbox_is_required(bundle, without_landlock):
    command = [sys.executable, "-m", "pybridge_worker", "serve", "--bundle", bundle, "--sandbox", "required"]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=SECONDS, check=False, preexec_fn=without_landlock
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert "error: --sandbox required: " in done.stderr
    assert "landlock: Function not implemented" in done.stderr


def test_a_path_that_is_not_there_cannot_be_allowed(bundle, tmp_path):
    command = [sys.executable, "-m", "pybridge_worker", "serve", "--bundle", bundle, "--allow-write", tmp_path / "no"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)

    assert done.returncode == 2
    assert "--allow-write: " in done.stderr
    assert "is not there" in done.stderr


@not_on_ray("it is the server's kernel that lacks it, not the nodes'")
def test_a_kernel_without_landlock_is_told_of_where_the_sandbox_is_not_required(serve, without_landlock):
    server, session = serve(preexec_fn=without_landlock)
    kind = refused(session, "run")
    features = session.stub.GetServerInfo(pb.GetServerInfoRequest(), timeout=SECONDS).features

    assert kind == "PermissionError"
    assert [one for one in features if one.startswith("sandbox")] == ["sandbox:limits", "sandbox:seccomp"]
    server.logged("not confined by landlock: Function not implemented", lambda: session.call("workbench.values.echo"))


def test_the_filter_and_the_rules_are_of_the_sizes_that_the_kernel_reads():
    assert ctypes.sizeof(seccomp._Instruction) == 8
    assert ctypes.sizeof(landlock._PathBeneath) == 12
    assert ctypes.sizeof(landlock._Ruleset) == 24
