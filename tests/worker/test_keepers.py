"""Processes that a keeper keeps: what is said passes in order, losses are told, actors are used again. Without Ray."""

import asyncio
import importlib.util
import logging
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepers_nearby import NearbyCluster, here
from pybridge_worker import frames
from pybridge_worker.bundle import FunctionEntry, ParameterEntry, Surface
from pybridge_worker.cli import parser
from pybridge_worker.commands import cluster as options
from pybridge_worker.errors import LimitReached, NodeUnfit, WorkerLost
from pybridge_worker.frames import Answer, Call, Cancel, Chunk, Credit, Keywords, Refusal, Step, StreamWish, Wish
from pybridge_worker.hosts.ray import cluster, gathering, keeper, process, processes, relay
from pybridge_worker.settings import Settings
from pybridge_worker.tools import CallFunction
from worker_clients import SECONDS
from worker_processes import Processes

MODULE = """
import os, time
seen = []
def note(n):
    seen.append(n)
    return list(seen)
def leave(code): os._exit(code)
def speak(text): print(text, flush=True)
def spin():
    print("spinning", flush=True)
    while True: pass
def forever():
    n = 0
    while True:
        yield n
        n += 1
"""
FUNCTIONS = {f"notes:{name}": FunctionEntry() for name in ("note", "leave", "speak", "spin")}
FOREVER = "notes:forever"


@pytest.fixture(autouse=True)
def nearby(monkeypatch):
    monkeypatch.setattr(cluster, "here", here)
    monkeypatch.setattr(keeper, "_SECRETS", ())  # this process is not an actor's
    ours = logging.getLogger(gathering.local.__name__)
    level, propagates = ours.level, ours.propagate
    yield
    ours.handlers, ours.level, ours.propagate = [], level, propagates


@pytest.fixture
def settings(tmp_path):
    (tmp_path / "notes.py").write_text(MODULE)
    return Settings(bundle=tmp_path, python_path=(str(tmp_path),), host="ray")


def run(settings, work, seed=1, **nodes):
    """Do something with processes of a cluster that is nearby."""

    async def main():
        near = NearbyCluster(seed, **nodes)
        surface = Surface(functions={**FUNCTIONS, FOREVER: FunctionEntry(stream="generator")})
        there = processes.RayProcesses(settings, surface)
        connect = processes.connect
        processes.connect = lambda _: near
        try:
            await there.open()
        finally:
            processes.connect = connect
        try:
            return await asyncio.wait_for(work(there, near), SECONDS)
        finally:
            await asyncio.gather(*(ended(actor) for actor in near.actors))
            await there.close()

    return asyncio.run(main())


async def ended(actor):
    """What the end of an actor's process does to the processes that it keeps."""
    await actor.instance._part()
    if actor.instance._processes is not None:
        await actor.instance._processes.close()


def begin(there, epoch=1, place=""):
    return there.at(place).start(epoch=epoch, modules=())


call = Processes.call


class Gathered:
    """What came for a call."""

    def __init__(self):
        self.messages = []
        self.came = asyncio.Event()

    def receive(self, message, _):
        self.messages.append(message)
        self.came.set()

    lose = staticmethod(pytest.fail)

    async def wait_for(self, count):
        while len(self.messages) < count:
            self.came.clear()
            await self.came.wait()


async def printed(caplog, line):
    """Wait until a process has printed a line; gives the fields of its event."""
    while True:
        told = [record.pybridge_fields for record in caplog.records if record.msg == "worker_output"]
        for fields in told:
            if fields["line"] == line:
                return fields
        await asyncio.sleep(0.01)


def step(symbol, **entry):
    return Step(operation=CallFunction(symbol, FunctionEntry(**entry)), arguments=Keywords("json", {}), wish=Wish())


@pytest.mark.parametrize("seed", range(3))
def test_calls_reach_the_process_in_the_order_in_which_they_were_sent(settings, seed):
    async def work(there, _):
        one = await begin(there)
        await asyncio.gather(*(call(one, "notes:note", n=number) for number in range(100)))
        return await call(one, "notes:note", n=100)

    assert run(settings, work, seed) == list(range(101))


def test_a_stream_runs_ahead_by_its_window_and_ends_when_cancelled(settings):
    async def work(there, _):
        one, got = await begin(there), Gathered()
        message = Call(session="", step=step(FOREVER, stream="generator"), stream=StreamWish(1, 0.0, 4))
        number = one.ask(message, got.receive, got.lose)
        await got.wait_for(4)
        one.send(number, Credit(1))
        one.send(number, Credit(2))
        await got.wait_for(7)
        one.send(number, Cancel())
        await got.wait_for(8)
        return got.messages, await call(one, "notes:note", n=1)

    messages, after = run(settings, work)

    assert [one.items[0] for one in messages[:7]] == [b"%d" % number for number in range(7)]
    assert [type(one) for one in messages] == [Chunk] * 7 + [Refusal]
    assert after == [1]


def test_an_interrupt_reaches_the_call_that_runs_and_not_the_next(settings, caplog):
    caplog.set_level(logging.INFO)

    async def work(there, _):
        one, got = await begin(there), Gathered()
        number = one.ask(Call(session="", step=step("notes:spin")), got.receive, got.lose)
        await printed(caplog, "spinning")
        one.send(number, Cancel())
        one.interrupt()
        await got.wait_for(1)
        one.interrupt()
        return [type(message).__name__ for message in got.messages], await call(one, "notes:note", n=1)

    assert run(settings, work) == (["Fault"], [1])


def test_a_lost_process_is_told_and_its_actor_keeps_the_next_one(settings):
    async def work(there, near):
        one, told = await begin(there), []
        one.on_lost = lambda process: told.append(process.status)
        with pytest.raises(WorkerLost) as caught:
            await call(one, "notes:leave", code=3)
        other = await begin(there, epoch=2)
        return caught.value.status, told, await call(other, "notes:note", n=1), len(near.actors), other.pid != one.pid

    assert run(settings, work) == (3, [3], [1], 1, True)


def test_a_process_that_ends_while_nobody_asks_is_missed_too(settings):
    async def work(there, _):
        one = await begin(there)
        one.kill()
        await one.gone
        return one.is_lost, one.is_killed, one.status

    assert run(settings, work) == (True, True, -9)


def test_with_its_actor_a_process_is_lost_and_the_next_has_another_actor(settings):
    async def work(there, near):
        one, got = await begin(there), []
        one.ask(Call(session="", step=step("notes:spin")), lambda *_: None, got.append)
        pid = one.pid
        near.actors[0].die()
        await one.gone
        other = await begin(there, epoch=2)
        return [type(error) for error in got], one.is_keeper_lost, len(near.actors), other.pid != pid

    assert run(settings, work) == ([WorkerLost], True, 2, True)


def test_a_keeper_that_falls_silent_is_given_up(settings, monkeypatch, caplog):
    monkeypatch.setattr(process, "SILENCE_SECONDS", 0.2)

    async def work(there, near):
        one = await begin(there)
        near.actors[0].is_mute = True
        await one.gone
        return one.is_keeper_lost, near.actors[0].is_dead

    assert run(settings, work) == (True, True)
    assert "ray_actor_lost" in caplog.text


def test_processes_of_a_place_are_put_where_the_last_one_was(settings):
    async def work(there, near):
        first = await begin(there, 1, "key:k")
        await begin(there, 2, "key:l")
        near.actors[0].die()
        await first.gone
        await begin(there, 3, "key:k")
        await begin(there, 4, "key:k")
        return [actor.node for actor in near.actors]

    assert run(settings, work) == ["a", "b", "a", "a"]


def test_a_node_with_another_version_is_refused(settings, monkeypatch):
    monkeypatch.setattr(processes, "__version__", "99.0")

    async def work(there, near):
        with pytest.raises(NodeUnfit, match="install the same on all nodes"):
            await begin(there)
        return [actor.is_dead for actor in near.actors]

    assert run(settings, work) == [True]


def test_a_cluster_without_room_is_not_waited_for_for_ever(settings, monkeypatch):
    monkeypatch.setattr(processes, "PLACE_SECONDS", 0.2)

    async def work(there, near):
        near.is_full = True
        with pytest.raises(LimitReached, match="no node of the cluster"):
            await begin(there)
        return [actor.is_dead for actor in near.actors]

    assert run(settings, work) == [True]


def test_what_a_process_prints_far_away_is_in_the_log_with_its_node(settings, caplog):
    caplog.set_level(logging.INFO)

    async def work(there, _):
        one = await begin(there)
        await call(one, "notes:speak", text="hello from afar")
        return await printed(caplog, "hello from afar")

    assert run(settings, work)["node"] == "address-of-a"


def test_an_idle_actor_is_given_back(settings, monkeypatch):
    monkeypatch.setattr(processes, "IDLE_SECONDS", 0.05)

    async def work(there, near):
        one = await begin(there)
        await one.close()
        await near.actors[0].died.wait()
        return one.is_lost

    assert run(settings, work) is True


def test_nodes_are_told_nothing_of_who_may_call(tmp_path):
    settings = Settings(
        bundle=tmp_path / "b", listen="unix:/s", token_file=tmp_path / "t", tls_key=tmp_path / "k", max_objects=7
    )
    typed = ParameterEntry("x", type=["|", "int", ["list", "str"]])
    office = relay.Office(relay.settings_for_nodes(settings), Surface(signatures={"a:b": (typed,)}), 20)
    told = relay.encode(office)

    assert str(tmp_path).encode() not in told
    assert relay.office.decode(told) == office
    assert office.settings.max_objects == 7


@given(st.lists(st.tuples(st.integers(1, 9), st.binary(max_size=50), st.lists(st.binary(max_size=50), max_size=3))))
def test_frames_come_out_of_a_blob_as_they_went_in(sent):
    written = [(number, Answer(data=data, format="json"), buffers) for number, data, buffers in sent]
    blob = b"".join(relay.frame(*one) for one in written) + relay.lost(-9)
    *read, (zero, lost, _) = relay.split(blob, frames.to_front, relay.told)

    assert [(number, message, list(map(bytes, buffers))) for number, message, buffers in read] == written
    assert (zero, lost) == (0, relay.Lost(-9))


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--ray-address", "auto"], "--ray-address: it is of use with --host ray only"),
        (["--host", "ray", "--ray-address", "ray://10.0.0.1:10001"], "not a Ray client"),
        (["--host", "ray", "--ray-resources", "GPU"], "NAME=AMOUNT"),
        (["--host", "ray", "--ray-runtime-env", "missing.json"], "--ray-runtime-env: missing.json"),
    ],
)
def test_options_that_cannot_be_meant_are_refused(bundle, arguments, why):
    command = [sys.executable, "-m", "pybridge_worker", "serve", "--bundle", bundle, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)

    assert done.returncode == 2
    assert why in done.stderr


@pytest.mark.skipif(importlib.util.find_spec("ray") is not None, reason="Ray is installed here")
def test_without_ray_the_server_says_what_to_install(bundle):
    command = [sys.executable, "-m", "pybridge_worker", "serve", "--bundle", bundle, "--host", "ray"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)

    assert (done.returncode, done.stdout) == (2, "")
    assert "install pybridge-worker[ray]" in done.stderr


def test_resources_are_numbers_by_name():
    assert options._resource("memory=1e9") == ("memory", 10**9)
    assert options._resource("GPU=0.5") == ("GPU", 0.5)


def test_the_page_starts_a_server_that_there_is():
    page = (Path(__file__).parents[2] / "docs" / "worker.md").read_text(encoding="utf-8")
    (line,) = [line for line in page.splitlines() if line.startswith("pybridge-worker serve") and "--host ray" in line]
    chosen = parser().parse_args(shlex.split(line)[1:])

    assert options.settings(chosen) == {
        "host": "ray",
        "ray_address": "auto",
        "ray_insecure": False,
        "ray_resources": {},
        "ray_runtime_env": None,
    }
