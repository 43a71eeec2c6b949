"""A stored snapshot is read in parts, and only those that are asked for."""

import msgspec
import pytest

from pybridge.errors import StoreError
from pybridge.model.library import Module
from pybridge.model.names import ModuleName
from pybridge.store.snapshots import SnapshotStore
from stored_libraries import NOON, library

TOOL = "pybridge 0.1.0"
HOSTILE = ["", "..", "a" * 4000, ".".join("b" * 3000), "a\x00b", "x" * 170 + "\U0001d11e" * 30, "%41", "caf\u00e9"]


@pytest.fixture
def store(tmp_path):
    return SnapshotStore.open(tmp_path / "store.git")


def save(store, descriptor):
    return store.save(descriptor, saved_at=NOON, tool=TOOL)


def blob_files(store):
    return {f"{one.parent.name}{one.name}": one for one in store.path.glob("objects/??/*")}


def test_a_part_is_what_the_whole_has_there(store):
    snapshot = save(store, library())
    opened = store.open_snapshot("demo")

    assert opened.snapshot == msgspec.structs.replace(snapshot, is_new=False)
    assert opened.header == msgspec.structs.replace(library(), modules=())
    assert tuple(opened.modules.values()) == library().modules
    assert opened.descriptor() == library()


def test_a_module_that_is_not_there_is_a_missing_key(store):
    save(store, library())

    assert ModuleName("other") not in store.open_snapshot("demo").modules
    with pytest.raises(KeyError):
        store.open_snapshot("demo").modules[ModuleName("other")]


def test_only_what_is_asked_for_is_read(store):
    save(store, library())
    opened = store.open_snapshot("demo")
    files = blob_files(store)
    files[opened.blobs[ModuleName("demo.core")]].unlink()

    assert opened.modules[ModuleName("demo")] == library().modules[0]
    assert list(opened.modules) == ["demo", "demo.core", "demo.core.deep"]
    with pytest.raises(StoreError):
        opened.modules[ModuleName("demo.core")]
    with pytest.raises(StoreError):
        opened.descriptor()


def test_a_module_is_read_once(store):
    save(store, library())
    opened = store.open_snapshot("demo")
    first = opened.modules[ModuleName("demo")]
    blob_files(store)[opened.blobs[ModuleName("demo")]].unlink()

    assert opened.modules[ModuleName("demo")] is first


def test_equal_modules_of_two_snapshots_have_equal_ids(store):
    before = library()
    changed = Module(name=ModuleName("demo.core"), docstring="new")
    save(store, before)
    save(store, msgspec.structs.replace(before, modules=(before.modules[0], changed, before.modules[2])))

    old, new = store.open_snapshot("demo", "~1"), store.open_snapshot("demo")
    assert [name for name in old.blobs if old.blobs[name] != new.blobs[name]] == ["demo.core"]


def test_hostile_names_are_read_as_they_were_saved(store):
    descriptor = library("demo", *HOSTILE)
    save(store, descriptor)

    assert list(store.open_snapshot("demo").modules) == sorted(HOSTILE)
    assert store.open_snapshot("demo").descriptor() == descriptor
