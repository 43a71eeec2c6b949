"""Saving an edit of what the store has: the same commit as of the whole, and little of it written."""

import msgspec
import pytest

from pybridge.codec import encode_library
from pybridge.model.library import Module
from pybridge.model.names import ModuleName
from pybridge.store.snapshots import Edit, SnapshotStore
from stored_libraries import NOON, library

TOOL = "pybridge 0.1.0"
BEFORE = library("demo", *(f"demo.m{number:03}.deep" for number in range(100)))
CHANGED = ModuleName("demo.m007.deep")
AFTER = msgspec.structs.replace(
    BEFORE,
    version="1.1",
    modules=tuple(Module(name=one.name, docstring="new") if one.name == CHANGED else one for one in BEFORE.modules),
)


@pytest.fixture
def store(tmp_path):
    return SnapshotStore.open(tmp_path / "store.git")


def save(store, descriptor, edit=None):
    return store.save_encoded(encode_library(descriptor), saved_at=NOON, tool=TOOL, edit=edit)


def edit_of(before, *modules):
    return Edit(before=encode_library(before).digest, modules=frozenset(modules))


def test_an_edit_makes_the_commit_that_the_whole_makes(store, tmp_path):
    save(store, BEFORE)
    other = SnapshotStore.open(tmp_path / "other.git")
    save(other, BEFORE)

    assert save(store, AFTER, edit_of(BEFORE, CHANGED)).commit == save(other, AFTER).commit
    assert store.load("demo") == AFTER


def test_an_edit_writes_the_edited_module_only(store):
    save(store, BEFORE)
    before = {*store.path.glob("objects/??/*")}

    save(store, AFTER, edit_of(BEFORE, CHANGED))

    # The module, the header, five trees and two commits.
    assert len({*store.path.glob("objects/??/*")} - before) <= 12


def test_an_edit_of_something_else_than_the_newest_is_written_as_a_whole(store):
    save(store, library("demo", "demo"))

    save(store, AFTER, edit_of(BEFORE, CHANGED))

    assert store.load("demo") == AFTER
