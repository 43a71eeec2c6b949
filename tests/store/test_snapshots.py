import subprocess
from datetime import timedelta, timezone

import msgspec
import pygit2
import pytest
from hypothesis import given, settings

import strategies
from pybridge.codec import digest
from pybridge.errors import SnapshotNotFound, StoreError
from pybridge.model.library import Module
from pybridge.model.names import Digest, ModuleName
from pybridge.store.objects.staging import MAX_LOOSE_OBJECTS
from pybridge.store.snapshots import SnapshotStore
from stored_libraries import LINUX, NOON, WINDOWS, library

TOOL = "pybridge 0.1.0"


@pytest.fixture
def store(tmp_path):
    return SnapshotStore.open(tmp_path / "store.git")


def save(store, descriptor, **more):
    return store.save(descriptor, saved_at=NOON, tool=TOOL, **more)


def git(store, *arguments):
    done = subprocess.run(["git", f"--git-dir={store.path}", *arguments], capture_output=True, text=True, check=True)
    assert not done.stderr.replace("notice: HEAD points to an unborn branch (main)\n", "")
    return done.stdout


def test_what_was_saved_is_loaded(store):
    save(store, library())

    assert store.load("demo") == library()


def test_a_snapshot_tells_what_was_saved(store):
    first = save(store, library())
    second = save(store, library(version="2.0"))

    assert (second.library, second.version, second.is_new) == ("demo", "2.0", True)
    assert second.ref == "refs/libraries/demo/3.11-linux"
    assert second.digest == digest(library(version="2.0"))
    assert first.parents == ()
    assert second.parents == (first.commit,)


def test_an_unchanged_descriptor_makes_no_commit(store):
    first = save(store, library())
    again = save(store, library(), source_digest=Digest("b" * 64))

    assert again == msgspec.structs.replace(first, is_new=False)
    assert len(store.history("demo")) == 1
    assert len(git(store, "log", "--oneline").splitlines()) == 1


def test_going_back_to_an_older_descriptor_is_a_new_snapshot(store):
    first = save(store, library())
    save(store, library(version="2.0"))
    third = save(store, library())

    assert third.is_new
    assert third.digest == first.digest
    assert [one.version for one in store.history("demo")] == ["1.0", "2.0", "1.0"]


def test_the_same_input_gives_the_same_commit_in_every_store(store, tmp_path):
    other = SnapshotStore.open(tmp_path / "other.git")

    assert save(store, library()) == save(other, library())
    assert git(store, "rev-parse", "HEAD") == git(other, "rev-parse", "HEAD")


def test_a_plain_log_lists_every_snapshot_of_every_library_newest_first(store):
    save(store, library("one"))
    save(store, library("two", target=WINDOWS))
    save(store, library("one", version="2.0"))

    assert git(store, "log", "--format=%s").splitlines() == [
        "one 2.0 (3.11-linux)",
        "two 1.0 (3.12-win32)",
        "one 1.0 (3.11-linux)",
    ]


def test_a_librarys_own_ref_holds_nothing_of_the_others(store):
    save(store, library("one"))
    two = save(store, library("two", "two", "two.core"))

    assert git(store, "log", "--format=%s", two.ref).splitlines() == ["two 1.0 (3.11-linux)"]
    assert git(store, "ls-tree", "-r", "--name-only", two.ref).splitlines() == [
        "library.json",
        "modules/two.json",
        "modules/two/core.json",
    ]


def test_the_journal_holds_the_newest_of_all(store):
    save(store, library("one", "one"))
    save(store, library("two", "two"))
    save(store, library("one", "one", docstring="new"))

    assert git(store, "ls-tree", "-r", "--name-only", "HEAD").splitlines() == [
        "one/3.11-linux/library.json",
        "one/3.11-linux/modules/one.json",
        "two/3.11-linux/library.json",
        "two/3.11-linux/modules/two.json",
    ]
    assert '"docstring": "new"' in git(store, "show", "HEAD:one/3.11-linux/modules/one.json")


def test_a_diff_shows_the_line_that_changed(store):
    save(store, library("one", "one", docstring="old"))
    save(store, library("one", "one", docstring="new"))

    changed = [line for line in git(store, "diff", "HEAD~", "HEAD").splitlines() if line.startswith(("+ ", "- "))]
    assert changed == ['-  "docstring": "old",', '+  "docstring": "new",']


def test_the_commit_message_carries_digests_and_tool(store):
    save(store, library(), source_digest=Digest("c" * 64))

    trailers = git(store, "log", "-1", "--format=%(trailers)", "refs/libraries/demo/3.11-linux").split("\n")
    assert trailers[:6] == [
        "Library: demo",
        "Version: 1.0",
        "Target: 3.11-linux",
        f"Descriptor-Digest: {digest(library())}",
        f"Source-Digest: {'c' * 64}",
        f"Tool: {TOOL}",
    ]


def test_the_author_is_the_tool_and_the_time_is_the_callers(store):
    store.save(library(), saved_at=NOON.astimezone(timezone(timedelta(hours=5, minutes=30))), tool=TOOL)

    assert git(store, "log", "-1", "--format=%an %cn %aI").strip() == "pybridge pybridge 2026-01-02T17:30:00+05:30"


def test_git_finds_nothing_wrong(store):
    for descriptor in (library(), library("demo", *HOSTILE_MODULES), library("../../x\n", "a"), library(version=None)):
        save(store, descriptor)

    assert git(store, "fsck", "--strict") == ""


HOSTILE_MODULES = [
    "demo..git", ".git", "..", "git~1", "demo/../../etc", "a\nb", "a\x00b", "CON", "con", "Demo", "demo", "gitmod~1.a",
    "demo.lock", "a" * 4000, ".".join("b" * 3000), "",
]  # fmt: skip


def test_hostile_module_names_are_stored_like_any_other(store):
    descriptor = library("demo", *HOSTILE_MODULES)
    save(store, descriptor)

    assert store.load("demo") == descriptor


@pytest.mark.parametrize(
    "name", ["..", ".git", "a/b", "x.lock", "\n\nLibrary: other", "", "@{-1}", "a" * 3000, "\ud800"]
)
def test_hostile_library_names_are_stored_like_any_other(store, name):
    descriptor = msgspec.structs.replace(library(), version="1\n\nVersion: 9", name=name)
    snapshot = save(store, descriptor)

    assert store.head(name) == msgspec.structs.replace(snapshot, is_new=False)
    assert store.libraries() == (name,)
    assert digest(store.load(name)) == digest(descriptor)


def test_names_that_differ_in_case_only_stay_apart(store):
    save(store, library("PIL"))
    save(store, library("pil"))

    assert store.load("PIL").name == "PIL"
    assert store.load("pil").name == "pil"


@given(strategies.descriptors)
@settings(max_examples=25)
def test_any_descriptor_survives(tmp_path_factory, descriptor):
    store = SnapshotStore.open(tmp_path_factory.mktemp("any") / "store.git")
    save(store, descriptor)

    assert store.load(descriptor.name) == descriptor
    assert store.load(descriptor.name, target=descriptor.target) == descriptor


def test_a_large_descriptor_is_one_pack_and_a_small_change_is_loose(store):
    many = library("big", *(f"big.m{number}" for number in range(MAX_LOOSE_OBJECTS + 1)))
    save(store, many)
    packs = [*store.path.glob("objects/pack/*.pack")]
    changed = Module(name=ModuleName("big.m0"), docstring="new")
    save(store, msgspec.structs.replace(many, modules=(changed, *many.modules[1:])))

    assert len(packs) == 1
    assert [*store.path.glob("objects/pack/*.pack")] == packs
    assert store.load("big").modules[0] == changed
    assert store.load("big", revision=store.history("big")[1].commit) == many
    assert git(store, "fsck", "--strict") == ""


def test_a_store_reads_on_after_git_packed_it(store):
    save(store, library())
    save(store, library(version="2.0"))
    git(store, "gc", "--quiet", "--prune=now")
    save(store, library(version="3.0"))

    assert [one.version for one in store.history("demo")] == ["3.0", "2.0", "1.0"]
    assert store.load("demo", revision="1.0") == library()


def test_a_mirror_of_a_store_is_a_store(store, tmp_path):
    save(store, library())
    pygit2.clone_repository(str(store.path), str(tmp_path / "copy.git"), bare=True, remote=_mirror)

    assert SnapshotStore.open(tmp_path / "copy.git").load("demo") == library()


def _mirror(repository, name, url):
    return repository.remotes.create(name, url, "+refs/*:refs/*")


def test_a_revision_is_a_version_or_the_first_digits_of_a_commit_or_digest(store):
    first = save(store, library())
    save(store, library(version="2.0"))

    for revision in ("1.0", first.commit, first.commit[:7], first.digest, first.digest[:9]):
        assert store.load("demo", revision=revision) == library()


@pytest.mark.parametrize("revision", ["3.0", "abc", "", "0" * 40, "HEAD", "../x"])
def test_a_revision_that_is_not_there_is_not_found(store, revision):
    save(store, library())

    with pytest.raises(SnapshotNotFound):
        store.load("demo", revision=revision)


def test_without_a_target_the_newest_of_any_is_taken(store):
    save(store, library(target=WINDOWS))
    store.save(library(version="2.0", target=LINUX), saved_at=NOON + timedelta(hours=1), tool=TOOL)

    assert store.load("demo").version == "2.0"
    assert store.load("demo", target=WINDOWS).version == "1.0"
    assert store.head("demo", WINDOWS).ref == "refs/libraries/demo/3.12-win32"
    assert [one.version for one in store.history("demo", LINUX)] == ["2.0"]
    assert [one.version for one in store.history("demo")] == ["2.0", "1.0"]
    assert [one.ref for one in store.heads()] == ["refs/libraries/demo/3.11-linux", "refs/libraries/demo/3.12-win32"]


def test_an_empty_store_holds_nothing(store):
    assert store.libraries() == ()
    assert store.heads() == ()
    assert store.history("demo") == ()
    assert store.head("demo") is None


def test_an_unknown_library_names_the_known_ones(store):
    save(store, library())

    with pytest.raises(SnapshotNotFound) as caught:
        store.load("other")
    assert caught.value.library == "other"
    assert caught.value.known == ("demo",)


@pytest.mark.parametrize("names", [("b", "a"), ("a", "a")])
def test_modules_that_are_not_sorted_and_distinct_are_refused(store, names):
    modules = tuple(Module(name=ModuleName(name)) for name in names)

    with pytest.raises(StoreError, match="not sorted and distinct"):
        save(store, msgspec.structs.replace(library(), modules=modules))


def test_a_forgotten_library_is_gone_and_the_others_are_not(store):
    save(store, library("one"))
    save(store, library("one", target=WINDOWS))
    save(store, library("two"))

    assert store.forget("one") == 2
    assert store.libraries() == ("two",)
    assert store.head("one") is None
    assert git(store, "ls-tree", "--name-only", "HEAD").splitlines() == ["two"]
    assert git(store, "log", "-1", "--format=%s").strip() == "forget one"
    assert all(line.startswith("dangling") for line in git(store, "fsck", "--strict").splitlines())


def test_a_forgotten_library_can_be_stored_again(store):
    first = save(store, library())
    store.forget("demo")

    assert save(store, library()) == first
    assert store.load("demo") == library()


def test_forgetting_what_is_not_there_is_not_found(store):
    save(store, library())
    store.forget("demo")

    with pytest.raises(SnapshotNotFound):
        store.forget("demo")
