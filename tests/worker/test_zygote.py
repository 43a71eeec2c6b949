"""Workers are forked from a process that has imported what they need, where that is safe; else they are spawned."""

import asyncio
import contextlib
import logging
import os
import signal
import subprocess
import sys
from pathlib import Path

import grpc
import pytest

from pybridge_worker import forking
from pybridge_worker.hosts.local import orphans
from pybridge_worker.hosts.local.zygote import is_child
from pybridge_worker.v1 import pybridge_pb2_grpc
from worker_clients import Session
from worker_hosts import not_on_ray
from worker_processes import WORKER, ZYGOTE, Processes, children, forked

NOISY = """
import os
with open(os.path.join(os.path.dirname(__file__), "imports"), "a") as file:
    file.write("x")
def ready(): return True
"""
CHANCE = """
import random
def python(): return random.random()
def legacy():
    import numpy
    return float(numpy.random.random())
"""
THREADS = (
    "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()\ndef ready(): return True"
)
ENDS = "import os\nif 'zygote' in open('/proc/self/comm').read(): os._exit(3)\ndef ready(): return True"
RAISES = "raise LookupError('not today')"
LEAVES = """
import os
def leave():
    pid = os.fork()
    if pid == 0:
        os.setsid()
        os._exit(0)
    return pid
"""


@pytest.fixture
def library(tmp_path):
    def write(**modules):
        for name, text in modules.items():
            (tmp_path / f"{name}.py").write_text(text)
        return tmp_path

    return write


def test_what_is_preloaded_is_imported_once_for_all_workers(library):
    folder = library(noisy=NOISY)

    async def run():
        async with Processes(folder, preload=("noisy",)) as processes:
            started = [await processes.start() for _ in range(3)]
            answers = [await processes.call(one, "noisy:ready") for one in started]
            return answers, [forked(one.pid) for one in started], {os.getpgid(one.pid) for one in started}

    answers, are_forked, groups = asyncio.run(run())

    assert answers == [True] * 3
    assert are_forked == [True] * 3
    assert len(groups) == 3
    assert (folder / "imports").read_text() == "x"


def test_forked_workers_do_not_share_chance(library):
    folder = library(chance=CHANCE)

    async def run():
        async with Processes(folder, preload=("chance", "numpy.random")) as processes:
            started = [await processes.start() for _ in range(3)]
            assert all(forked(one.pid) for one in started)
            return [{await processes.call(one, f"chance:{kind}") for one in started} for kind in ("python", "legacy")]

    assert [len(numbers) for numbers in asyncio.run(run())] == [3, 3]


@pytest.mark.parametrize(
    ("text", "why"),
    [(THREADS, "it starts threads"), (ENDS, "it ended the process"), (RAISES, "it raised LookupError: not today")],
    ids=["threads", "ends", "raises"],
)
def test_a_module_that_forbids_forks_is_told_of_and_left_to_the_workers(library, caplog, text, why):
    folder = library(bad=text, good=NOISY)
    caplog.set_level(logging.WARNING)

    async def run():
        async with Processes(folder, preload=("bad", "good")) as processes:
            process = await processes.start()
            assert forked(process.pid)
            return await processes.call(process, "good:ready"), await processes.call(process, "bad:ready")

    good, bad = asyncio.run(run())
    told = [record.pybridge_fields for record in caplog.records if record.msg == "module_not_preloaded"]

    assert good is True
    assert bad is True or "not today" in bad.error
    assert told == [{"module": "bad", "why": why}]


def test_a_module_that_ends_processes_keeps_no_worker_from_starting(library):
    folder = library(ends="import os\nos._exit(3)\n", good=NOISY)

    async def run():
        async with Processes(folder, preload=("ends", "good")) as processes:
            process = await processes.start(modules=("ends", "good"))
            return await processes.call(process, "good:ready")

    assert asyncio.run(run()) is True


def test_without_forks_every_worker_is_started_anew(library):
    folder = library(noisy=NOISY)
    before = set(children(os.getpid(), ZYGOTE))

    async def run():
        async with Processes(folder, fork=False) as processes:
            process = await processes.start()
            zygotes = set(children(os.getpid(), ZYGOTE))
            return await processes.call(process, "noisy:ready"), forked(process.pid), zygotes - before

    assert asyncio.run(run()) == (True, False, set())


@not_on_ray("a zygote there is its keeper's child, not the server's")
def test_a_killed_zygote_costs_nobody_anything_and_another_takes_its_place(start):
    server = start("--workers", 2, "--listen", "127.0.0.1:0")
    with grpc.insecure_channel(server.address) as channel:
        stub = pybridge_pb2_grpc.PyBridgeServiceStub(channel)
        session = Session(stub, "s")
        counter = session.call("workbench.Counter", start=1)
        stream = session.stream("workbench.streams.forever")
        first = next(stream).payload
        (zygote,) = children(server.process.pid, ZYGOTE)
        os.kill(zygote, signal.SIGKILL)
        items = [next(stream).payload for _ in range(200)]
        stream.cancel()
        other = Session(stub, "t").call("workbench.values.echo", value="another process")
        still = session.call("workbench.Counter.increment", self=counter)
        after = children(server.process.pid, ZYGOTE)
        workers = children(server.process.pid, WORKER)

    assert (first, items[-1]) == (b"0", b"200")
    assert (other, still) == ("another process", 2)
    assert len(after) == 1
    assert after != [zygote]
    assert all(forked(one) for one in workers)


@not_on_ray("test_ray.py does the same with what GetServerInfo tells of processes elsewhere")
def test_a_killed_worker_in_the_middle_of_a_stream_takes_nothing_else_with_it(start):
    server = start("--workers", 2, "--listen", "127.0.0.1:0")
    with grpc.insecure_channel(server.address) as channel:
        stub = pybridge_pb2_grpc.PyBridgeServiceStub(channel)
        killed, other = Session(stub, "s"), Session(stub, "t")
        counter = other.call("workbench.Counter", start=1)
        (spared,) = children(server.process.pid, WORKER)
        stream = killed.stream("workbench.streams.forever")
        next(stream)
        (worker,) = set(children(server.process.pid, WORKER)) - {spared}
        os.kill(worker, signal.SIGKILL)
        with pytest.raises(grpc.RpcError, match="killed by SIGKILL"):
            list(stream)
        still = other.call("workbench.Counter.increment", self=counter)
        again = killed.call("workbench.values.echo", value=1)

    assert (still, again) == (2, 1)


LIES = """
import os, socket, sys
sys.path.append({path!r})
from pybridge_worker import forking
if "zygote" in open("/proc/self/comm").read():
    for name in os.listdir("/proc/self/fd"):
        if int(name) > 2 and os.readlink(f"/proc/self/fd/{{name}}").startswith("socket"):
            control = socket.socket(fileno=os.dup(int(name)))
            {lie}
def ready(): return True
"""
GARBAGE = "control.send(b'\\xff' * 4096)"
ANOTHER = """
            number = 2
            watch = os.pidfd_open(os.getppid())
            socket.send_fds(control, [forking.encode(number, forking.Preloaded("")),], [])
            socket.send_fds(control, [forking.encode(number + 1, forking.Forked(os.getppid()))], [watch])
"""


@pytest.mark.parametrize("lie", [GARBAGE, ANOTHER], ids=["garbage", "another process"])
def test_what_an_import_says_in_the_zygotes_name_harms_nobody(library, lie):
    folder = library(lies=LIES.format(path=str(Path(forking.__file__).parent.parent), lie=lie), good=NOISY)

    async def run():
        async with Processes(folder, preload=("lies",), sandbox="off") as processes:
            process = await processes.start()
            return process.pid, await processes.call(process, "good:ready")

    pid, ready = asyncio.run(run())

    assert ready is True
    assert pid != os.getpid()


def test_only_a_child_of_ours_that_is_watched_is_taken_for_a_worker():
    ours = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    with ours.stdin:
        watches = [os.pidfd_open(pid) for pid in (ours.pid, os.getpid(), os.getppid())]

        assert is_child(ours.pid, watches[0])
        assert not is_child(ours.pid, watches[1])
        assert not is_child(os.getpid(), watches[1])
        assert not is_child(os.getppid(), watches[2])
        assert not is_child(ours.pid, 0)
    for watch in watches:
        os.close(watch)
    ours.wait()


def test_what_a_worker_leaves_behind_is_buried_by_the_front(tmp_path):
    (tmp_path / "leaves.py").write_text(LEAVES)

    async def run():
        async with Processes(tmp_path) as processes:
            process = await processes.start()
            left = await processes.call(process, "leaves:leave")
            await processes.started.pop().close()
            with contextlib.suppress(ChildProcessError):  # buried already
                os.waitid(os.P_PID, left, os.WEXITED | os.WNOWAIT)  # noqa: ASYNC222 - it ends by itself, and at once
                orphans.reap(processes.local._living)
            return left in children(os.getpid())

    assert asyncio.run(run()) is False


def test_processes_are_forked_and_answer_on_uvloop_too(library):
    uvloop = pytest.importorskip("uvloop")
    folder = library(noisy=NOISY)

    async def run():
        async with Processes(folder, preload=("noisy",)) as processes:
            process = await processes.start()
            return await processes.call(process, "noisy:ready"), forked(process.pid)

    assert uvloop.run(run()) == (True, True)
