import errno
import os
import subprocess
import sys
from pathlib import Path

import filelock
import pygit2
import pytest

from pybridge.errors import SnapshotNotFound, StoreBusy, StoreError
from pybridge.store.objects.staging import Staging
from pybridge.store.refs import Refs
from pybridge.store.snapshots import SnapshotStore
from stored_libraries import NOON, library

TOOL = "pybridge 0.1.0"
not_root = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "store.git"


def save(store, descriptor):
    return store.save(descriptor, saved_at=NOON, tool=TOOL)


def refusal(path, **more):
    with pytest.raises(StoreError) as caught:
        SnapshotStore.open(path, **more)
    assert str(path) in caught.value.message
    assert caught.value.hint
    return caught.value


def test_a_missing_store_is_made_whole_and_nothing_else_is_left(path):
    SnapshotStore.open(path)

    assert [one.name for one in path.parent.iterdir()] == ["store.git"]
    assert pygit2.Repository(str(path)).is_bare


def test_a_missing_store_is_not_made_when_it_is_only_read(path):
    assert "does not exist" in refusal(path, create=False).message
    assert not path.exists()


def test_missing_folders_above_are_made(path):
    SnapshotStore.open(path / "a" / "store.git")

    assert (path / "a" / "store.git" / "HEAD").is_file()


def test_an_empty_folder_becomes_the_store(path):
    path.mkdir()
    SnapshotStore.open(path)

    assert (path / "HEAD").is_file()


def test_a_folder_of_other_things_is_refused_and_left_alone(path):
    path.mkdir()
    (path / "thesis.txt").write_text("mine")

    assert "something else" in refusal(path).message
    assert [one.name for one in path.iterdir()] == ["thesis.txt"]


def test_a_file_in_the_way_is_refused_and_left_alone(path):
    path.write_text("mine")

    refusal(path)
    refusal(path / "below")
    assert path.read_text() == "mine"


def test_another_git_repository_is_refused(path):
    pygit2.init_repository(path, bare=True)

    assert "git repository of something else" in refusal(path).message


def test_a_folder_inside_a_repository_is_not_taken_for_that_repository(tmp_path):
    pygit2.init_repository(tmp_path, bare=False)
    SnapshotStore.open(tmp_path / "store.git")

    assert (tmp_path / "store.git" / "HEAD").is_file()


def test_a_store_of_a_newer_format_says_so(path):
    SnapshotStore.open(path)
    pygit2.Repository(str(path)).config["pybridge.format"] = 99

    assert refusal(path).hint == "upgrade pybridge"


def test_the_home_folder_has_no_say(path, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    (home / ".gitconfig").write_text("[init]\ndefaultBranch = other\n[broken\n")

    program = "import sys; from pathlib import Path; from pybridge.store.snapshots import SnapshotStore\n"
    program += "SnapshotStore.open(Path(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", program, str(path)], check=True, env={**os.environ, "HOME": str(home)})

    assert (path / "HEAD").read_text() == "ref: refs/heads/main\n"


@not_root
def test_a_folder_without_permission_says_so(path):
    path.mkdir(mode=0o500)

    assert "may read and write" in refusal(path / "store.git").hint


@not_root
def test_a_read_only_store_can_be_read_and_asked_to_save_what_it_has(path):
    save(SnapshotStore.open(path), library())
    folders = [path, *(one for one in path.rglob("*") if one.is_dir())]
    for folder in folders:
        folder.chmod(0o500)
    try:
        store = SnapshotStore.open(path)

        assert store.load("demo") == library()
        assert not save(store, library()).is_new
        with pytest.raises(StoreError) as caught:
            save(store, library(version="2.0"))
        assert "may read and write" in caught.value.hint
    finally:
        for folder in folders:
            folder.chmod(0o700)


@pytest.mark.parametrize(
    ("error", "hint"),
    [
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), "free some space"),
        (pygit2.GitError(f"failed to write chunk: {os.strerror(errno.ENOSPC)}"), "free some space"),
        (OSError(f"failed to create object: {os.strerror(errno.EROFS)}"), "read-only"),
        (PermissionError(errno.EACCES, os.strerror(errno.EACCES)), "may read and write"),
    ],
)
def test_a_disk_that_refuses_is_explained_and_what_was_stored_is_intact(path, monkeypatch, error, hint):
    store = SnapshotStore.open(path)
    save(store, library())

    def refuse(_):
        raise error

    monkeypatch.setattr(Staging, "flush", refuse)
    with pytest.raises(StoreError) as caught:
        save(store, library(version="2.0"))

    assert hint in caught.value.hint
    assert str(path) in caught.value.message
    assert SnapshotStore.open(path).load("demo") == library()


def test_a_lock_held_for_too_long_is_store_busy(path):
    store = SnapshotStore.open(path, lock_timeout_seconds=0)
    with filelock.FileLock(path / "pybridge.lock"), pytest.raises(StoreBusy) as caught:
        save(store, library())

    assert caught.value.waited_seconds == 0
    assert save(store, library()).is_new


def test_reading_needs_no_lock(path):
    store = SnapshotStore.open(path, lock_timeout_seconds=0)
    save(store, library())
    with filelock.FileLock(path / "pybridge.lock"):
        assert store.load("demo") == library()
        assert not save(store, library()).is_new


def test_files_of_an_interrupted_write_are_harmless(path):
    store = SnapshotStore.open(path)
    save(store, library())
    (path / "objects" / "pack" / "pack_git2_1a2b3c").write_bytes(b"PACK\0\0")
    (path / "objects" / "pack" / f"pack-{'0' * 40}.idx").write_bytes(b"\xfftOc")
    (path / "objects" / "ab").mkdir(exist_ok=True)
    (path / "objects" / "ab" / "tmp_object_git2_x").write_bytes(b"")
    (path / "objects" / "tmp_obj_x").write_bytes(b"x")

    again = SnapshotStore.open(path)

    assert again.load("demo") == library()
    assert save(again, library(version="2.0")).is_new


@pytest.mark.parametrize("ref", ["refs/heads/main", "refs/libraries/demo/3.11-linux"])
def test_locks_of_a_process_that_died_while_moving_refs_are_cleared(path, ref):
    store = SnapshotStore.open(path)
    save(store, library())
    (path / f"{ref}.lock").write_bytes(b"")
    (path / "pybridge.intent").write_text("refs/libraries/demo/3.11-linux\nrefs/heads/main\nHEAD\n../../x\n")

    save(store, library(version="2.0"))

    assert [one.version for one in store.history("demo")] == ["2.0", "1.0"]
    assert not (path / "pybridge.intent").exists()


def test_a_lock_that_is_not_ours_is_respected(path):
    store = SnapshotStore.open(path)
    save(store, library())
    (path / "refs" / "heads" / "main.lock").write_bytes(b"")

    with pytest.raises(StoreError):
        save(store, library(version="2.0"))
    assert (path / "refs" / "heads" / "main.lock").exists()


def test_a_journal_that_a_crash_left_behind_catches_up(path):
    store = SnapshotStore.open(path)
    save(store, library())
    repository = pygit2.Repository(str(path))
    before = repository.lookup_reference("refs/heads/main").target
    second = save(store, library(version="2.0"))
    repository.lookup_reference("refs/heads/main").set_target(before)

    again = save(store, library(version="2.0"))

    assert (again.commit, again.is_new) == (second.commit, False)
    assert len(store.history("demo")) == 2
    titles = [commit.message.split("\n")[0] for commit in repository.walk(repository.head.target)]
    assert titles == ["demo 2.0 (3.11-linux)", "demo 1.0 (3.11-linux)"]


def test_a_ref_moved_by_git_meanwhile_is_not_overwritten(path, monkeypatch):
    store = SnapshotStore.open(path)
    save(store, library())
    original = Staging.flush
    pending = [library(version="9.9"), None]

    def flush_after_another_process(staging):
        """Let another move the ref at the second flush, when the commits are made for where it stood."""
        descriptor = pending.pop() if pending else None
        if descriptor is not None:
            monkeypatch.setattr(Refs, "locked", _no_lock)
            save(SnapshotStore.open(path), descriptor)
        original(staging)

    monkeypatch.setattr(Staging, "flush", flush_after_another_process)
    save(store, library(version="2.0"))

    assert [one.version for one in store.history("demo")] == ["2.0", "9.9", "1.0"]


class _no_lock:  # noqa: N801 # stands for a method
    def __init__(self, *_):
        """Take what the method takes."""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None


def damage(path, change):
    for loose in sorted(path.glob("objects/[0-9a-f][0-9a-f]/*")):
        loose.chmod(0o600)
        change(loose)


@pytest.mark.parametrize(
    "change",
    [lambda one: one.unlink(), lambda one: one.write_bytes(b""), lambda one: one.write_bytes(one.read_bytes()[:-8])],
    ids=["gone", "empty", "cut"],
)
def test_damaged_objects_are_a_store_error(path, change):
    save(SnapshotStore.open(path), library())
    damage(path, change)

    with pytest.raises(StoreError) as caught:
        SnapshotStore.open(path).load("demo")
    assert not isinstance(caught.value, SnapshotNotFound)


def test_a_flipped_bit_anywhere_in_an_object_never_gives_another_descriptor(path):
    save(SnapshotStore.open(path), library())
    for loose in sorted(path.glob("objects/[0-9a-f][0-9a-f]/*")):
        good = loose.read_bytes()
        loose.chmod(0o600)
        for place in range(0, len(good), 7):
            loose.write_bytes(good[:place] + bytes([good[place] ^ 0x10]) + good[place + 1 :])
            try:
                found = SnapshotStore.open(path).load("demo")
            except StoreError:
                continue
            assert found == library()
        loose.write_bytes(good)


def test_a_commit_that_is_not_ours_is_refused(path):
    store = SnapshotStore.open(path)
    save(store, library())
    repository = pygit2.Repository(str(path))
    ref = repository.lookup_reference("refs/libraries/demo/3.11-linux")
    commit = repository[ref.target]
    for message in ("a person's commit\n", commit.message.replace("Descriptor-Digest: ", "Descriptor-Digest: 0")):
        oid = repository.create_commit(None, commit.author, commit.author, message, commit.tree_id, [])
        repository.references.create(ref.name, oid, force=True)

        with pytest.raises(StoreError, match="was not written by pybridge"):
            store.load("demo")


def test_a_descriptor_that_does_not_match_its_digest_is_refused(path):
    store = SnapshotStore.open(path)
    save(store, library())
    repository = pygit2.Repository(str(path))
    ref = repository.lookup_reference("refs/libraries/demo/3.11-linux")
    commit = repository[ref.target]
    modules = repository.TreeBuilder(commit.tree / "modules")
    modules.remove("demo.json")
    root = repository.TreeBuilder(commit.tree)
    root.insert("modules", modules.write(), pygit2.enums.FileMode.TREE)
    oid = repository.create_commit(None, commit.author, commit.author, commit.message, root.write(), [])
    repository.references.create(ref.name, oid, force=True)

    with pytest.raises(StoreError, match="does not hold the descriptor"):
        store.load("demo")


SAVER = """
import sys
from pathlib import Path
from itertools import count
sys.path.insert(0, sys.argv[1])
from stored_libraries import NOON, library
from pybridge.store.refs import Refs
from pybridge.store.snapshots import SnapshotStore
path, who, many = Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
for number in count() if many == 0 else range(many):
    store = SnapshotStore.open(path, lock_timeout_seconds=120)
    store.save(library("shared", version=f"{who}.{number}"), saved_at=NOON, tool="pybridge 0")
    store.save(library(f"own{who}", version=str(number)), saved_at=NOON, tool="pybridge 0")
    print(number, flush=True)
"""


def start_saver(path, who, many, **more):
    tests = Path(__file__).parent.parent
    return subprocess.Popen(
        [sys.executable, "-c", SAVER, str(tests), str(path), str(who), str(many)], text=True, **more
    )


@pytest.mark.e2e
def test_many_processes_lose_nothing(path):
    """Every process makes the store if it must, and saves to one shared ref and to one of its own."""
    processes, saves = 6, 6
    running = [start_saver(path, who, saves, stdout=subprocess.DEVNULL) for who in range(processes)]

    assert [one.wait(timeout=300) for one in running] == [0] * processes

    store = SnapshotStore.open(path)
    versions = [one.version for one in store.history("shared")]
    assert sorted(versions) == sorted(f"{who}.{number}" for who in range(processes) for number in range(saves))
    assert all(len(store.history(f"own{who}")) == saves for who in range(processes))
    assert len([*pygit2.Repository(str(path)).walk(store.refs.repository.head.target)]) == 2 * processes * saves
    assert [one.name for one in path.parent.iterdir()] == ["store.git"]


@pytest.mark.e2e
def test_a_process_killed_at_any_time_loses_no_finished_save(path):
    for turn, lines in enumerate((1, 2, 3, 1, 2, 3)):
        with start_saver(path, f"k{turn}", 0, stdout=subprocess.PIPE) as running:
            last = [running.stdout.readline() for _ in range(lines)][-1]
            running.kill()
        store = SnapshotStore.open(path, lock_timeout_seconds=5)
        versions = [one.version for one in store.history("shared")]
        assert f"k{turn}.{last.strip()}" in versions
        assert store.load("shared").version == versions[0]

    assert save(store, library("shared", version="after")).is_new
