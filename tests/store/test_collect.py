"""Collecting deletes what nothing leads to, keeps what something does, and nobody notices but the disk."""

import os
import subprocess
import time
import zlib
from datetime import timedelta

import filelock
import msgspec
import pygit2
import pytest

from pybridge.codec import encode
from pybridge.errors import StoreBusy, StoreError
from pybridge.model.library import Module
from pybridge.model.names import ModuleName
from pybridge.protocols import Silent
from pybridge.store.care import collect as collecting
from pybridge.store.care.collect import collect
from pybridge.store.care.stats import figures
from pybridge.store.care.verify import verify
from pybridge.store.snapshots import SnapshotStore
from pybridge.store.tags import set_tag
from stored_libraries import NOON, library

TOOL = "pybridge 0.1.0"
LONG_AGO = 1_000_000_000
NEVER = 2**40
"""Nothing is as young as this."""


@pytest.fixture
def store(tmp_path):
    return SnapshotStore.open(tmp_path / "store.git")


def save(store, descriptor, hours=0):
    return store.save(descriptor, saved_at=NOON + timedelta(hours=hours), tool=TOOL)


def collected(store, young_since=NEVER, **more):
    return collect(SnapshotStore.open(store.path), young_since_seconds=young_since, progress=Silent(), **more)


def is_clean(store):
    return verify(store.path, Silent()).damages == ()


def blob(store, data):
    return pygit2.Repository(str(store.path)).create_blob(data)


def objects(store):
    return {str(oid) for oid in pygit2.Repository(str(store.path))}


def many(store, count=40):
    for number in range(count):
        save(store, library(version=str(number), docstring=str(number)), number)


def test_what_nothing_leads_to_is_deleted_and_the_rest_is_one_pack(store):
    many(store)
    set_tag(store, "demo", revision="3")
    before = store.history("demo")
    used = objects(store)
    unused = blob(store, b"thesis")

    done = collected(store)

    assert (done.objects_deleted, done.objects_in_use, done.packs_after, done.loose_after) == (1, len(used), 1, 0)
    assert done.bytes_after < done.bytes_before
    assert objects(store) == used
    assert str(unused) not in objects(store)
    again = SnapshotStore.open(store.path)
    assert again.history("demo") == before
    assert [again.load("demo", revision=str(one)).version for one in range(40)] == [str(one) for one in range(40)]
    assert is_clean(store)


def test_what_is_young_stays(store):
    save(store, library())
    unused = blob(store, b"thesis")

    done = collected(store, young_since=time.time() - 100)

    assert (done.objects_deleted, done.objects_spared) == (0, 1)
    assert str(unused) in objects(store)


def test_what_is_old_goes_and_what_was_needed_lately_stays(store):
    old, needed = blob(store, b"old"), blob(store, b"needed")
    for oid in (old, needed):
        os.utime(store.path / "objects" / str(oid)[:2] / str(oid)[2:], (LONG_AGO, LONG_AGO))
    # Whoever writes what is there already makes it young.
    blob(store, b"needed")

    done = collected(store, young_since=LONG_AGO + 100)

    assert (done.objects_deleted, done.objects_spared) == (1, 1)
    assert objects(store) >= {str(needed)}
    assert str(old) not in objects(store)


def test_a_pack_with_young_unused_objects_stays_as_it_is(store):
    many(store)
    descriptor = library("big", *(f"big.m{number}" for number in range(100)))
    save(store, descriptor)
    unused = library("gone", *(f"gone.m{number}" for number in range(100)), docstring="gone")
    repository = pygit2.Repository(str(store.path))
    head = repository.references["refs/heads/main"].target
    save(store, unused)
    repository.references["refs/libraries/gone/3.11-linux"].delete()
    repository.references["refs/heads/main"].set_target(head)
    packs = {*store.path.glob("objects/pack/*.pack")}

    spared = collected(store, young_since=time.time() - 100)
    assert (spared.objects_deleted, spared.packs_after) == (0, 2)
    assert len({*store.path.glob("objects/pack/*.pack")} & packs) == 1

    deleted = collected(store)
    assert deleted.objects_deleted == spared.objects_spared > 100
    assert deleted.packs_after == 1
    assert SnapshotStore.open(store.path).load("big") == descriptor
    assert is_clean(store)


def test_collecting_again_has_nothing_to_do(store):
    many(store)
    collected(store)
    packs = {path: path.stat().st_ino for path in store.path.glob("objects/pack/*")}

    done = collected(store)

    assert (done.objects_deleted, done.packs_before, done.packs_after) == (0, 1, 1)
    assert {path: path.stat().st_ino for path in store.path.glob("objects/pack/*")} == packs


def test_a_dry_run_tells_and_changes_nothing(store):
    many(store)
    blob(store, b"thesis")
    before = {path for path in store.path.rglob("*") if "lock" not in path.name}

    done = collected(store, is_dry=True)

    assert (done.is_dry, done.objects_deleted) == (True, 1)
    assert {path for path in store.path.rglob("*") if "lock" not in path.name} == before


def test_what_other_refs_and_logs_of_git_lead_to_stays(store):
    save(store, library())
    repository = pygit2.Repository(str(store.path))
    kept = repository.create_blob(b"of a ref")
    repository.create_reference("refs/notes/mine", kept)
    logged = repository.create_blob(b"of a log")
    (store.path / "logs" / "refs").mkdir(parents=True)
    (store.path / "logs" / "refs" / "x").write_text(f"{'0' * 40} {logged} me <me@localhost> 0 +0000\tmoved\n")

    assert collected(store).objects_deleted == 0
    assert objects(store) >= {str(kept), str(logged)}


def test_a_pack_that_git_was_told_to_keep_stays(store):
    many(store)
    collected(store)
    (pack,) = store.path.glob("objects/pack/*.pack")
    pack.with_suffix(".keep").touch()
    save(store, library("other", *(f"other.m{number}" for number in range(100))))

    collected(store)

    assert pack.exists()
    assert is_clean(store)


@pytest.mark.parametrize(
    "draft",
    ["objects/tmp_gc_x/pack-1.pack", "objects/pack/tmp_pack_x", "objects/ab/tmp_obj_x", "objects/pack/pack-0.pack"],
)
def test_old_drafts_of_a_crash_go_and_young_ones_stay(store, draft):
    save(store, library())
    file = store.path / draft
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(b"half")

    collected(store, young_since=time.time() - 100)
    assert file.exists()
    collected(store)
    assert not file.exists()


def test_nothing_is_deleted_from_a_store_whose_refs_cannot_be_followed(store):
    many(store)
    unused = blob(store, b"thesis")
    tree = store.refs.repository[store.history("demo")[3].commit].tree_id
    (store.path / "objects" / str(tree)[:2] / str(tree)[2:]).unlink()
    before = objects(store)

    with pytest.raises(StoreError) as caught:
        collected(store)
    assert "pybridge store verify" in caught.value.hint
    assert objects(store) == before >= {str(unused)}


def test_one_process_collects_at_a_time(store):
    save(store, library())
    with filelock.FileLock(store.path / "pybridge.gc.lock"), pytest.raises(StoreBusy):
        collected(store)


def test_a_snapshot_opened_before_is_read_on(store):
    many(store)
    opened = store.open_snapshot("demo", "3")
    collected(store)

    assert opened.descriptor().version == "3"
    assert store.load("demo", revision="5").version == "5"
    assert save(store, library(version="x"), 99).is_new


def test_a_save_that_objects_were_taken_from_writes_them_again(store, monkeypatch):
    """What a save found stored, and nothing led to, is collected before its ref moves."""
    save(store, library("other"))
    descriptor = library("demo", *(f"demo.m{number}" for number in range(100)), docstring="x")
    repository = pygit2.Repository(str(store.path))
    head = repository.references["refs/heads/main"].target
    save(store, descriptor)
    repository.references["refs/libraries/demo/3.11-linux"].delete()
    repository.references["refs/heads/main"].set_target(head)
    original = store.refs.locked
    pending = [True]

    def locked():
        if pending:
            pending.clear()
            assert collected(store).objects_deleted > 100
        return original()

    monkeypatch.setattr(store.refs, "locked", locked)
    assert save(store, descriptor).is_new

    assert not pending
    assert SnapshotStore.open(store.path).load("demo") == descriptor
    assert is_clean(store)


def test_a_save_during_the_deletion_writes_what_is_deleted_again(store, monkeypatch):
    """The save begins while objects are being deleted, finds them still there, and gets the lock when they are gone."""
    save(store, library("other"))
    descriptor = library("demo", *(f"demo.m{number}" for number in range(100)), docstring="x")
    repository = pygit2.Repository(str(store.path))
    head = repository.references["refs/heads/main"].target
    save(store, descriptor)
    repository.references["refs/libraries/demo/3.11-linux"].delete()
    repository.references["refs/heads/main"].set_target(head)
    collector = SnapshotStore.open(store.path)
    begun = []

    def delete(refs, plan, young_since):
        """Let the other begin, up to where it waits for the lock, before anything is deleted."""
        with pytest.raises(StoreBusy):
            save(SnapshotStore.open(store.path, lock_timeout_seconds=0), descriptor)
        begun.append(store.refs.generation())
        original(refs, plan, young_since)

    original = collecting._delete
    monkeypatch.setattr(collecting, "_delete", delete)
    generation = store.refs.generation()
    collect(collector, young_since_seconds=NEVER, progress=Silent())

    assert begun == [generation + 1]
    assert store.refs.generation() == generation + 2
    assert save(store, descriptor).is_new
    assert is_clean(store)


def test_a_collector_that_died_while_deleting_makes_the_next_save_look_again(store):
    save(store, library())
    (store.path / "pybridge.generation").write_text("7")

    assert save(store, library(version="2.0"), 1).is_new
    assert (store.path / "pybridge.generation").read_text() == "8"


def test_many_small_changes_take_little_room_once_packed(store):
    names = [f"demo.m{number:03}" for number in range(50)]
    descriptor = library("demo", *names, docstring=" ".join(f"word{number}" for number in range(3000)))
    for number in range(30):
        changed = Module(name=ModuleName("demo.m007"), docstring=f"{descriptor.modules[7].docstring} {number}")
        modules = (*descriptor.modules[:7], changed, *descriptor.modules[8:])
        save(store, msgspec.structs.replace(descriptor, modules=modules), number)

    collected(store)
    (pack,) = store.path.glob("objects/pack/*.pack")
    assert pack.stat().st_size < 4 * len(zlib.compress(encode(descriptor)))


def test_git_finds_nothing_wrong_after_collecting(store):
    many(store)
    collected(store)

    told = subprocess.run(
        ["git", f"--git-dir={store.path}", "fsck", "--strict", "--no-progress"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout + told.stderr == ""


def test_figures_count_what_is_there(store):
    save(store, library("other"))
    many(store, 3)
    set_tag(store, "demo", revision="1")

    told = figures(store)

    assert [(one.library, one.version, one.snapshots, one.blobs) for one in told.libraries] == [
        ("demo", "2", 3, 4),
        ("other", "1.0", 1, 4),
    ]
    assert (told.snapshots, told.tags, told.packs, told.packed_objects) == (4, 1, 0, 0)
    assert told.loose_objects == len(objects(store))
    assert told.size_bytes >= sum(path.lstat().st_size for path in store.path.glob("objects/??/*"))


def test_what_another_store_is_sending_right_now_stays(store):
    save(store, library())
    quarantine = store.path / "objects" / "tmp_fetch_x"
    (quarantine / "objects").mkdir(parents=True)

    with filelock.FileLock(store.path / "pybridge.fetch.lock"):
        collected(store)
    assert quarantine.exists()
    collected(store)
    assert not quarantine.exists()
