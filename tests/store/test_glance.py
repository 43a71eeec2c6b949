"""Where a library stands is read off the store's files, and only what git would say as well is believed."""

import subprocess

import pytest

from pybridge.store.glance import newest_commit
from pybridge.store.snapshots import SnapshotStore
from stored_libraries import LINUX, NOON, WINDOWS, library


@pytest.fixture
def store(tmp_path):
    return SnapshotStore.open(tmp_path / "store.git")


def save(store, descriptor):
    return store.save(descriptor, saved_at=NOON, tool="pybridge 0.1.0")


def git(store, *arguments):
    subprocess.run(["git", f"--git-dir={store.path}", *arguments], capture_output=True, check=True)


def seen(store, name="demo", target=LINUX):
    found = newest_commit(store.path, name, target)
    return None if found is None else (found.ref, found.commit)


def test_it_is_the_head_of_the_library_and_target(store):
    save(store, library())
    head = save(store, library(version="2.0"))
    save(store, library(target=WINDOWS))
    save(store, library("other"))

    assert seen(store) == (head.ref, head.commit)


def test_packed_refs_and_objects_are_found(store):
    head = save(store, library())
    save(store, library("other"))
    git(store, "pack-refs", "--all", "--prune")
    git(store, "gc", "--prune=now")

    assert not (store.path / head.ref).exists()
    assert seen(store) == (head.ref, head.commit)


def test_what_is_not_there_is_not_told(store, tmp_path):
    save(store, library())

    assert seen(store, "absent") is None
    assert newest_commit(tmp_path / "nowhere", "demo", LINUX) is None


@pytest.mark.parametrize("content", ["", "ref: refs/heads/main\n", "0" * 40 + "\n", "f" * 39 + "\n", "\xff" * 40])
def test_what_git_would_have_to_tell_is_left_to_it(store, content):
    head = save(store, library())
    (store.path / head.ref).write_text(content, encoding="latin-1")

    assert seen(store) is None


def test_a_commit_whose_object_is_gone_does_not_stand(store):
    head = save(store, library())
    (store.path / "objects" / head.commit[:2] / head.commit[2:]).unlink()

    assert seen(store) is None
