"""Whatever is damaged in a store is found, and who is hit by it is told."""

import gc
import re
import shlex
import subprocess
import zlib
from contextlib import suppress
from datetime import timedelta

import msgspec
import pygit2
import pytest

from pybridge.errors import StoreError
from pybridge.model.damage import DamageKind
from pybridge.model.library import Module
from pybridge.model.names import ModuleName, SymbolPath
from pybridge.model.source import Place, SourceMap
from pybridge.protocols import Silent
from pybridge.store.care.hashing import check_loose
from pybridge.store.care.verify import verify
from pybridge.store.snapshots import SnapshotStore
from pybridge.store.tags import set_tag
from stored_libraries import NOON, library

TOOL = "pybridge 0.1.0"
PLACES = SourceMap(places={SymbolPath("demo.core:f"): Place(path="demo/core.py", line=3)}, digests={})
FIRST = library()
CHANGED = Module(name=ModuleName("demo.core"), docstring="new")
SECOND = msgspec.structs.replace(FIRST, version="2.0", modules=(FIRST.modules[0], CHANGED, FIRST.modules[2]))


@pytest.fixture
def store(tmp_path):
    return make(tmp_path / "store.git")


def make(path):
    store = SnapshotStore.open(path)
    for number, descriptor in enumerate((FIRST, SECOND, library("other"))):
        store.save(descriptor, saved_at=NOON + timedelta(hours=number), tool=TOOL, source_map=PLACES)
    set_tag(store, "demo", revision="1.0", name="old")
    return store


def damages(store):
    return verify(store.path, Silent()).damages


def git(store, *arguments):
    subprocess.run(["git", f"--git-dir={store.path}", *arguments], capture_output=True, check=True)


def object_file(store, oid):
    return store.path / "objects" / str(oid)[:2] / str(oid)[2:]


def flip(file, place, bit=0x10):
    data = bytearray(file.read_bytes())
    data[place] ^= bit
    put(file, data)


def put(file, data):
    """Write another file: one that git has mapped into memory must not change under its feet."""
    file.unlink()
    file.write_bytes(data)


def one_damage(store):
    (damage,) = damages(store)
    return damage


def test_an_intact_store_is_clean_and_counted(store):
    verified = verify(store.path, Silent())

    assert verified.damages == ()
    assert (verified.refs, verified.snapshots) == (4, 3)
    assert verified.objects == len([*store.path.glob("objects/??/*")])


def test_a_packed_store_is_clean_and_counted_alike(store):
    before = verify(store.path, Silent())
    git(store, "gc", "--quiet")

    verified = verify(store.path, Silent())
    assert (verified.damages, verified.objects, verified.size_bytes) == ((), before.objects, before.size_bytes)


def test_verifying_writes_nothing(store):
    before = {path: path.lstat() for path in store.path.rglob("*")}
    verify(store.path, Silent())

    assert {path: path.lstat().st_mtime_ns for path in store.path.rglob("*")} == {
        path: stat.st_mtime_ns for path, stat in before.items()
    }


def test_a_flipped_bit_in_a_module_names_library_version_module_and_ref(store):
    blob = store.open_snapshot("demo").blobs[ModuleName("demo.core")]
    flip(object_file(store, blob), 9)

    damage = one_damage(store)
    assert (damage.kind, damage.name) == (DamageKind.OBJECT, blob)
    assert damage.file == f"objects/{blob[:2]}/{blob[2:]}"
    hit, journal = damage.hits
    assert (hit.ref, hit.library, hit.version, hit.module) == (
        "refs/libraries/demo/3.11-linux", "demo", "2.0", "demo.core",
    )  # fmt: skip
    assert (hit.part, hit.commit, hit.snapshots) == ("modules/demo/core.json", store.head("demo").commit, 1)
    assert (journal.ref, journal.library, journal.module, journal.snapshots) == (
        "refs/heads/main", "demo", "demo.core", 2,
    )  # fmt: skip


def test_what_several_snapshots_and_tags_share_is_told_for_each(store):
    blob = store.open_snapshot("demo").blobs[ModuleName("demo")]
    object_file(store, blob).unlink()

    damage = one_damage(store)
    assert (damage.reason, damage.file) == ("is missing", None)
    assert [(hit.ref, hit.version, hit.snapshots) for hit in damage.hits if hit.library == "demo"] == [
        ("refs/libraries/demo/3.11-linux", "2.0", 2),
        ("refs/tags/demo/old/3.11-linux", "1.0", 1),
        ("refs/heads/main", "2.0", 3),
    ]


def test_damaged_places_name_the_module(store):
    commit = store.refs.repository[store.head("demo").commit]
    object_file(store, (commit.tree / "places" / "demo" / "core.places").id).write_bytes(b"")

    damage = one_damage(store)
    assert damage.hits[0].module == "demo.core"
    assert damage.hits[0].part == "places/demo/core.places"


def test_a_damaged_tree_is_told_once_and_what_is_below_it_is_not_guessed(store):
    commit = store.refs.repository[store.head("other").commit]
    object_file(store, (commit.tree / "modules").id).unlink()

    damage = one_damage(store)
    assert {(hit.library, hit.part) for hit in damage.hits} == {("demo", "modules"), ("other", "modules")} or {
        hit.part for hit in damage.hits
    } == {"modules"}


def test_a_damaged_commit_names_its_ref(store):
    commit = store.head("other").commit
    flip(object_file(store, commit), 20)

    damage = one_damage(store)
    assert (damage.name, [(hit.ref, hit.part) for hit in damage.hits]) == (
        commit, [("refs/libraries/other/3.11-linux", "commit")],
    )  # fmt: skip


def test_an_object_that_nothing_leads_to_is_hashed_too(store):
    oid = pygit2.Repository(str(store.path)).create_blob(b"thesis")
    flip(object_file(store, oid), 9)

    damage = one_damage(store)
    assert (damage.name, damage.hits) == (str(oid), ())


@pytest.mark.parametrize("text", [b"", b"f" * 40 + b"\n", b"\xff" * 41, b"0" * 40 + b"\n", b"ref: refs/nowhere\n"])
def test_a_ref_that_leads_nowhere_is_told(store, text):
    (store.path / "refs/libraries/other/3.11-linux").write_bytes(text)

    (damage,) = damages(store)
    if damage.kind is DamageKind.REF:
        assert damage.name == "refs/libraries/other/3.11-linux"
        assert damage.hits[0].library == "other"
    else:
        assert (damage.name, damage.reason) == (text.decode().strip(), "is missing")
        assert damage.hits[0].ref == "refs/libraries/other/3.11-linux"


def test_intact_objects_that_are_another_descriptor_are_told(store):
    repository = pygit2.Repository(str(store.path))
    first, second = (repository[one.commit] for one in reversed(store.history("demo")))
    forged = repository.create_commit(None, second.author, second.committer, second.message, first.tree_id, [second.id])
    repository.lookup_reference("refs/libraries/demo/3.11-linux").set_target(forged)

    damage = one_damage(store)
    assert (damage.kind, damage.name) == (DamageKind.SNAPSHOT, str(forged))
    assert "does not hold the descriptor that it names" in damage.reason
    assert (damage.hits[0].library, damage.hits[0].version) == ("demo", "2.0")


def test_an_annotated_tag_of_git_is_followed(store):
    git(store, "-c", "user.name=x", "-c", "user.email=x@localhost", "tag", "-a", "-m", "x", "release", "HEAD")

    assert damages(store) == ()


def test_a_tree_deeper_than_any_snapshots_is_told(store):
    repository = pygit2.Repository(str(store.path))
    oid = repository.TreeBuilder().write()
    for _ in range(100):
        builder = repository.TreeBuilder()
        builder.insert("d", oid, pygit2.enums.FileMode.TREE)
        oid = builder.write()
    head = repository[store.head("demo").commit]
    commit = repository.create_commit(None, head.author, head.committer, "deep", oid, [])
    repository.create_reference("refs/heads/deep", commit)

    assert "deeper" in one_damage(store).reason


def test_every_flipped_bit_of_a_loose_object_is_found_or_is_none_of_its_content(store):
    """The last bits before a checksum may be none of the compressed content: then the object is intact."""
    found, unused = 0, 0
    for file in sorted(store.path.glob("objects/??/*")):
        good = file.read_bytes()
        for place in range(len(good)):
            flip(file, place, 1 << place % 8)
            if any(one.reason for one in check_loose(store.path)):
                found += 1
            else:
                assert zlib.decompress(file.read_bytes()) == zlib.decompress(good)
                unused += 1
            put(file, good)

    assert found > 100 * unused


@pytest.fixture
def packed(tmp_path):
    """The folder of a store that is one pack; nobody in this process has it open."""
    path = tmp_path / "packed.git"
    make(path)
    subprocess.run(["git", f"--git-dir={path}", "gc", "--quiet", "--prune=now"], check=True)
    gc.collect()
    return path


def file_of(packed, ending):
    (file,) = packed.glob(f"objects/pack/*.{ending}")
    return file


def told_of(packed):
    return verify(packed, Silent()).damages


@pytest.mark.parametrize("ending", ["pack", "idx"])
def test_every_flipped_bit_of_a_pack_and_its_index_is_found(packed, ending):
    file = file_of(packed, ending)
    good = file.read_bytes()
    for place in range(0, len(good), 13):
        flip(file, place, 1 << place % 8)

        assert [one.name for one in told_of(packed) if one.kind is DamageKind.PACK] == [file.name], place
        put(file, good)


@pytest.mark.parametrize("ending", ["pack", "idx"])
def test_no_flipped_bit_of_a_pack_or_its_index_gives_another_descriptor_or_ends_the_process(packed, ending):
    file = file_of(packed, ending)
    good = file.read_bytes()
    for place in range(0, len(good), 17):
        flip(file, place, 1 << place % 8)
        with suppress(StoreError):
            assert SnapshotStore.open(packed).load("demo", revision="1.0") == FIRST
        put(file, good)


def test_a_flipped_bit_in_a_pack_names_the_module_that_it_hits(packed):
    blob = SnapshotStore.open(packed).open_snapshot("demo").blobs[ModuleName("demo.core")]
    gc.collect()
    command = ["git", "verify-pack", "-v", file_of(packed, "idx")]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    offset = next(int(line.split()[4]) for line in listed.splitlines() if line.startswith(blob))
    flip(file_of(packed, "pack"), offset + 6)

    hits = [hit for one in told_of(packed) if one.kind is DamageKind.OBJECT for hit in one.hits]
    assert ("refs/libraries/demo/3.11-linux", "2.0", "demo.core") in {
        (hit.ref, hit.version, hit.module) for hit in hits
    }


@pytest.mark.parametrize("ending", ["pack", "idx"])
def test_a_pack_that_is_cut_short_is_told(packed, ending):
    file = file_of(packed, ending)
    good = file.read_bytes()
    for size in (0, 7, 500, len(good) // 2, len(good) - 1):
        put(file, good[:size])

        assert file.name in {one.name for one in told_of(packed)}


def test_a_pack_that_is_gone_is_told_with_all_that_it_held(packed):
    file = file_of(packed, "pack")
    file.unlink()

    told = told_of(packed)
    assert file.name in {one.name for one in told}
    assert {hit.library for one in told for hit in one.hits} == {"demo", "other", ""}


def test_an_index_that_leads_elsewhere_is_refused_with_how_to_write_it_anew(packed):
    file = file_of(packed, "idx")
    data = bytearray(file.read_bytes())
    objects = int.from_bytes(data[1028:1032], "big")
    data[1032 + 24 * objects] |= 0x80
    put(file, data)

    with pytest.raises(StoreError) as caught:
        SnapshotStore.open(packed)
    (command,) = re.findall("`(git .*?)`", caught.value.hint)
    file.unlink()
    subprocess.run(shlex.split(command), cwd=packed, capture_output=True, check=True)
    assert SnapshotStore.open(packed).load("demo") == SECOND
