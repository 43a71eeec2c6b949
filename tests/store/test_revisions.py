"""What a person may call a snapshot by, and which one that is."""

from datetime import timedelta

import pygit2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pybridge.errors import RevisionUnclear, SnapshotNotFound, StoreError
from pybridge.store.revisions import parse_revision
from pybridge.store.snapshots import SnapshotStore
from pybridge.store.tags import list_tags, remove_tag, set_tag, tagged
from stored_libraries import LINUX, NOON, WINDOWS, library

TOOL = "pybridge 0.1.0"


@pytest.fixture
def store(tmp_path):
    store = SnapshotStore.open(tmp_path / "store.git")
    for number, version in enumerate(("1.0", "1.1", "2.0")):
        save(store, library(version=version), number)
    return store


def save(store, descriptor, hours=0):
    return store.save(descriptor, saved_at=NOON + timedelta(hours=hours), tool=TOOL)


def version(store, revision, **more):
    return store.open_snapshot("demo", revision, **more).header.version


@pytest.mark.parametrize(
    ("revision", "found"),
    [
        (None, "2.0"),
        ("newest", "2.0"),
        ("~", "1.1"),
        ("~1", "1.1"),
        ("~2", "1.0"),
        ("~~", "1.0"),
        ("newest~1", "1.1"),
        ("1.1", "1.1"),
        ("1.1~", "1.0"),
        ("2.0~1~1", "1.0"),
        ("~0", "2.0"),
    ],
)
def test_a_revision_is_a_name_and_so_many_before(store, revision, found):
    assert version(store, revision) == found


@pytest.mark.parametrize("revision", ["~3", "1.0~", "3.0", "", "abc", "~x", "1.1~-1", "HEAD", "~99999999999"])
def test_what_is_not_there_says_where_to_look(store, revision):
    with pytest.raises(SnapshotNotFound) as caught:
        store.open_snapshot("demo", revision)
    assert "pybridge log demo" in caught.value.hint


@given(st.text(max_size=20))
def test_any_text_is_a_revision(text):
    revision = parse_revision(text)

    assert revision.back >= 0
    assert revision.name is None or text.startswith(revision.name)


def test_a_version_goes_before_digits_that_fit(store):
    commit = store.head("demo").commit
    save(store, library(version=commit[:6]), 5)
    save(store, library(version="3.0"), 6)

    assert version(store, commit[:6]) == commit[:6]
    assert version(store, commit[:7]) == "2.0"


def test_digits_that_fit_several_snapshots_are_unclear(store):
    commits = [one.commit for one in store.history("demo")]
    number = 10
    while len({one[:4] for one in commits}) == len(commits):
        commits.append(save(store, library(version=f"3.{number}"), number).commit)
        number += 1
    shared = commits[-1][:4]

    with pytest.raises(RevisionUnclear) as caught:
        store.open_snapshot("demo", shared)
    assert commits[-1] in caught.value.fitting


def test_digits_that_fit_one_descriptor_stored_twice_are_clear(store):
    first = store.open_snapshot("demo", "1.0").snapshot
    again = save(store, library(version="1.0"), 9)

    assert store.open_snapshot("demo", first.digest[:12]).snapshot.commit == again.commit


def test_a_tag_names_a_snapshot_by_its_version(store):
    tag = set_tag(store, "demo", revision="1.1")

    assert (tag.name, tag.ref) == ("1.1", "refs/tags/demo/1.1/3.11-linux")
    assert tag.commit == store.open_snapshot("demo", "1.1").snapshot.commit
    assert list_tags(store) == list_tags(store, "demo") == (tag,)
    assert list_tags(store, "other") == ()
    assert tagged(store, "demo") == {tag.commit: ["1.1"]}


def test_a_tag_goes_before_a_version(store):
    set_tag(store, "demo", revision="1.0", name="stable")
    first = set_tag(store, "demo", revision="1.1")
    save(store, library("demo", "demo", version="1.1"), 9)

    assert version(store, "stable") == "1.0"
    assert store.open_snapshot("demo", "1.1").snapshot.commit == first.commit
    assert version(store, "stable~0") == "1.0"


def test_a_tag_moves_only_on_purpose(store):
    set_tag(store, "demo", revision="1.0", name="stable")

    with pytest.raises(StoreError) as caught:
        set_tag(store, "demo", revision="1.1", name="stable")
    assert "--move" in caught.value.hint
    assert version(store, "stable") == "1.0"

    set_tag(store, "demo", revision="1.1", name="stable", may_move=True)
    assert version(store, "stable") == "1.1"
    assert set_tag(store, "demo", revision="1.1", name="stable").name == "stable"


def test_a_tag_is_that_of_one_target(store):
    save(store, library(version="1.1", target=WINDOWS), 7)
    set_tag(store, "demo", revision="1.1", target=WINDOWS, name="w")

    assert store.open_snapshot("demo", "w").header.target == WINDOWS
    with pytest.raises(SnapshotNotFound):
        store.open_snapshot("demo", "w", target=LINUX)


@pytest.mark.parametrize("name", ["", "a~1", "newest"])
def test_a_tag_that_no_revision_could_name_is_refused(store, name):
    with pytest.raises(StoreError, match="cannot be called"):
        set_tag(store, "demo", name=name)


@pytest.mark.parametrize("name", ["a/b", "x.lock", "..", "caf\u00e9", "a" * 300, "with space"])
def test_a_tag_of_any_other_name_is_found_by_it(store, name):
    set_tag(store, "demo", revision="1.0", name=name)

    assert version(store, name if len(name) < 200 else list_tags(store)[0].name) == "1.0"


def test_a_removed_tag_is_gone_and_the_snapshot_is_not(store):
    set_tag(store, "demo", revision="1.0", name="stable")

    assert remove_tag(store, "demo", "stable") == 1
    assert list_tags(store) == ()
    assert version(store, "1.0") == "1.0"
    with pytest.raises(StoreError, match="no tag"):
        remove_tag(store, "demo", "stable")


def test_forgetting_a_library_takes_its_tags_along(store):
    save(store, library("other"))
    set_tag(store, "demo")
    kept = set_tag(store, "other")

    store.forget("demo")

    assert list_tags(store) == (kept,)


def test_refs_of_others_among_the_tags_are_no_tags(store):
    repository = pygit2.Repository(str(store.path))
    me = pygit2.Signature("me", "me@localhost")
    thesis = repository.create_commit(None, me, me, "thesis", repository.TreeBuilder().write(), [])
    for ref in ("refs/tags/demo/x/y", "refs/tags/v1"):
        repository.create_reference(ref, thesis)

    assert list_tags(store) == ()
    assert version(store, "1.1") == "1.1"
