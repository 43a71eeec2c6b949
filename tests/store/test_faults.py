"""A store outlives whatever happens to those who write it: a kill in any system call, a disk that refuses any of them.

Each play is a process of its own under ``faults/faults.c``, and afterwards every store of the scene is looked at as a
whole: all snapshots that refs reached are there, everything verifies, and the change can be made now. A few plays of every
scene run here; ``PYBRIDGE_FULL_SHOWS=1`` plays every call.
"""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import pytest

from faults_library import build_faults
from pybridge.errors import StoreError
from pybridge.protocols import Silent
from pybridge.store.care.verify import verify
from pybridge.store.snapshots import SnapshotStore
from stored_libraries import NOON, library

HERE = Path(__file__).parent
IS_FULL = os.environ.get("PYBRIDGE_FULL_SHOWS") == "1"
SCENES = ("fresh", "small", "pack", "edit", "tag", "collect", "fetch", "push", "push_to_empty", "forget")
ENOSPC, EIO, EROFS, EMFILE = 28, 5, 30, 24
pytestmark = pytest.mark.e2e


class Player:
    """Plays scenes in a server that runs under the faults."""

    def __init__(self, folder: Path, preloaded: Path) -> None:
        self._played: Counter[str] = Counter()
        self._server = subprocess.Popen(
            [sys.executable, HERE / "fault_server.py", folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "LD_PRELOAD": str(preloaded)},
            text=True,
        )

    def __call__(self, scene, action, at=0, error=0, **more):
        self._server.stdin.write(
            json.dumps({"scene": scene, "action": action, "at": at, "error": error, **more}) + "\n"
        )
        self._server.stdin.flush()
        answer = json.loads(self._server.stdout.readline())
        self._played[action] += 1
        assert (answer["checked"], answer["wrong"]) == (0, ""), answer
        return answer

    def points(self, scene, share, **more):
        """Numbers of the calls of a scene: all of them, or a few that are spread over it."""
        counted = self(scene, "count", **more)
        assert counted["code"] == 0, counted
        calls = counted["count"]
        assert calls >= 10
        return range(1, calls + 1) if IS_FULL else range(1 + calls // (2 * share), calls + 1, max(1, calls // share))

    def close(self):
        if IS_FULL:
            sys.stdout.write(f"plays by action: {dict(self._played)}\n")
        self._server.stdin.close()
        self._server.stdout.close()
        self._server.wait(timeout=60)


@pytest.fixture(scope="module")
def play(tmp_path_factory):
    # In memory, where there is such a folder: a kill loses what a process has in its hands, not what the system has.
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(dir=memory if os.access(memory, os.W_OK) else tmp_path_factory.mktemp("faults")))
    built = build_faults(folder)
    (folder / "stage").mkdir()
    player = Player(folder / "stage", built)
    yield player
    player.close()
    shutil.rmtree(folder)


@pytest.mark.parametrize("scene", SCENES)
def test_a_process_killed_in_any_call_loses_nothing(play, scene):
    points = play.points(scene, 6)
    for at in points:
        for action in ("kill", "tear") if IS_FULL else (("kill", "tear")[at % 2],):
            # A scene may get by with a call less than it did when they were counted.
            assert play(scene, action, at)["code"] == -signal.SIGKILL or at >= points[-1] - 2


@pytest.mark.parametrize("scene", SCENES)
def test_a_disk_that_refuses_any_call_costs_one_clear_error_at_most(play, scene):
    errors = (ENOSPC, EIO, EROFS)
    for at in play.points(scene, 4):
        for error in errors if IS_FULL else (errors[at % 3],):
            told = play(scene, "fail", at, error)

            assert told["code"] == 0, told
            assert not told["told"] or "hint: " in told["told"]


@pytest.mark.parametrize("scene", ["small", "fetch"])
def test_too_many_open_files_are_one_clear_error_at_most(play, scene):
    for at in play.points(scene, 4, of="fail-open"):
        assert play(scene, "fail-open", at, EMFILE)["code"] == 0


def test_a_disk_that_can_be_read_no_longer_is_a_clear_error(play):
    points = play.points("small", 12, of="fail-read")
    told = [play("small", "fail-read", at, EIO) for at in points]

    assert [one["code"] for one in told] == [0] * len(told)
    assert all("hint: " in one["told"] for one in told[: len(told) // 2])


def save(store, version, **more):
    return store.save(library(version=version, **more), saved_at=NOON, tool="pybridge 0")


def test_a_file_that_may_not_grow_is_a_clear_error(tmp_path):
    """What a quota does; the limit is that of the process, so it is one of its own."""
    store = SnapshotStore.open(tmp_path / "store.git")
    save(store, "1.0")
    pid = os.fork()
    if pid == 0:
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
        try:
            store.save(
                library("large", *(f"large.m{number}" for number in range(200))), saved_at=NOON, tool="pybridge 0"
            )
        except StoreError as error:
            os._exit(0 if error.hint else 2)
        os._exit(1)

    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    again = SnapshotStore.open(store.path)
    assert again.libraries() == ("demo",)
    assert verify(store.path, Silent()).damages == ()
    assert save(again, "2.0").is_new


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 300 kB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", folder], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("only root may mount a small disk")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def test_a_full_disk_is_a_clear_error_and_what_was_stored_is_intact(small_disk):
    store = SnapshotStore.open(small_disk / "store.git")
    saved = []

    def fill():
        for number in range(1000):
            save(store, str(number), docstring=os.urandom(3000).hex())
            saved.append(str(number))

    with pytest.raises(StoreError) as caught:
        fill()
    assert "free some space" in caught.value.hint

    again = SnapshotStore.open(store.path)
    assert [one.version for one in again.history("demo")] == saved[::-1]
    assert again.load("demo").version == saved[-1]
    assert verify(store.path, Silent()).damages == ()


def test_a_read_only_disk_can_be_read_and_says_what_it_is(small_disk):
    save(SnapshotStore.open(small_disk / "store.git"), "1.0")
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)

    store = SnapshotStore.open(small_disk / "store.git")
    assert store.load("demo") == library(version="1.0")
    assert not save(store, "1.0").is_new
    assert verify(store.path, Silent()).damages == ()
    with pytest.raises(StoreError) as caught:
        save(store, "2.0")
    assert "read-only" in caught.value.hint
