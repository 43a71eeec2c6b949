"""Snapshots travel between stores, and nothing that a ref reached is lost on the way."""

import os
import shutil
import signal
import socket
import subprocess
from datetime import timedelta

import msgspec
import pygit2
import pytest

from pybridge.errors import ExchangeFailed, StoreBusy, StoreError
from pybridge.model.exchange import Fate
from pybridge.protocols import Silent
from pybridge.store.care.collect import collect
from pybridge.store.care.verify import verify
from pybridge.store.exchange.fetch import fetch
from pybridge.store.exchange.push import push
from pybridge.store.exchange.remotes import Access, find_remote
from pybridge.store.snapshots import SnapshotStore
from pybridge.store.tags import list_tags, set_tag
from stored_libraries import NOON, WINDOWS, library

TOOL = "pybridge 0.1.0"
REF = "refs/libraries/demo/3.11-linux"
JOURNAL = "refs/heads/main"


@pytest.fixture
def make(tmp_path):
    return lambda name: SnapshotStore.open(tmp_path / name)


@pytest.fixture
def ours(make):
    return make("ours.git")


@pytest.fixture
def theirs(make):
    return make("theirs.git")


def save(store, version, hours=0, name="demo", **more):
    return store.save(library(name, version=version, **more), saved_at=NOON + timedelta(hours=hours), tool=TOOL)


def fetched(store, other):
    exchange = fetch(SnapshotStore.open(store.path), str(getattr(other, "path", other)), Silent())
    store.refs.reopen()
    return {one.ref: one for one in exchange.refs}


def pushed(store, other):
    exchange = push(SnapshotStore.open(store.path), str(getattr(other, "path", other)), Silent())
    if isinstance(other, SnapshotStore):
        other.refs.reopen()
    return {one.ref: one for one in exchange.refs}


def versions(store, name="demo"):
    return [one.version for one in SnapshotStore.open(store.path).history(name)]


def tip(store, ref=REF):
    return pygit2.Repository(str(store.path)).references[ref].target


def is_sound(store):
    left = [one.name for one in store.path.glob("objects/tmp_*")]
    refs = [one for one in pygit2.Repository(str(store.path)).references if "fetched" in one]
    return (verify(store.path, Silent()).damages, left, refs) == ((), [], [])


def shown(store):
    """What the journal shows: libraries, targets and their trees."""
    repository = pygit2.Repository(str(store.path))
    tree = repository.references[JOURNAL].peel(pygit2.Commit).tree
    return {f"refs/libraries/{one.name}/{target.name}": target.id for one in tree for target in one}


def journal_is_right(store):
    repository = pygit2.Repository(str(store.path))
    refs = [one for one in repository.references if one.startswith("refs/libraries/")]
    return shown(store) == {ref: repository.references[ref].peel(pygit2.Commit).tree_id for ref in refs}


class TestFetching:
    def test_an_empty_store_gets_everything(self, ours, theirs):
        save(theirs, "1.0")
        save(theirs, "1.1", 1)
        save(theirs, "1.0", 2, "other", target=WINDOWS)
        set_tag(theirs, "demo")

        fates = fetched(ours, theirs)

        assert {ref: (one.fate, one.snapshots) for ref, one in fates.items()} == {
            REF: (Fate.NEW, 2),
            "refs/libraries/other/3.12-win32": (Fate.NEW, 1),
            "refs/tags/demo/1.1/3.11-linux": (Fate.NEW, 0),
        }
        assert ours.history("demo") == theirs.history("demo")
        assert ours.load("other") == theirs.load("other")
        assert list_tags(ours) == list_tags(theirs)
        assert tip(ours, JOURNAL) == tip(theirs, JOURNAL)
        assert is_sound(ours)

    def test_fetching_again_has_nothing_to_do(self, ours, theirs):
        save(theirs, "1.0")
        fetched(ours, theirs)
        before = {path: path.stat().st_mtime_ns for path in ours.path.glob("objects/*/*")}

        assert [one.fate for one in fetched(ours, theirs).values()] == [Fate.SAME]
        assert {path: path.stat().st_mtime_ns for path in ours.path.glob("objects/*/*")} == before

    def test_a_history_that_goes_on_is_followed(self, ours, theirs):
        save(theirs, "1.0")
        fetched(ours, theirs)
        save(theirs, "1.1", 1)
        save(theirs, "1.2", 2)

        fate = fetched(ours, theirs)[REF]

        assert (fate.fate, fate.snapshots) == (Fate.FORWARD, 2)
        assert tip(ours) == tip(theirs)
        assert versions(ours) == ["1.2", "1.1", "1.0"]
        assert tip(ours, JOURNAL) == tip(theirs, JOURNAL)

    def test_a_history_that_is_behind_changes_nothing(self, ours, theirs):
        save(theirs, "1.0")
        fetched(ours, theirs)
        mine = save(ours, "1.1", 1)

        assert fetched(ours, theirs)[REF].fate is Fate.SAME
        assert ours.head("demo").commit == mine.commit

    def test_histories_that_parted_are_united_and_show_the_newer(self, ours, theirs):
        save(theirs, "1.0")
        fetched(ours, theirs)
        newest = save(ours, "2.0", 5)
        save(theirs, "1.1", 1)
        save(theirs, "1.2", 2)

        fate = fetched(ours, theirs)[REF]

        assert (fate.fate, fate.snapshots) == (Fate.UNITED, 2)
        assert versions(ours) == ["2.0", "1.2", "1.1", "1.0"]
        assert ours.head("demo") == msgspec.structs.replace(newest, is_new=False)
        assert ours.load("demo") == library(version="2.0")
        assert ours.load("demo", revision="~1") == library(version="1.2")
        assert journal_is_right(ours)
        assert is_sound(ours)

    def test_both_sides_unite_to_the_same(self, make):
        first, second = make("first.git"), make("second.git")
        save(first, "1.0")
        fetched(second, first)
        save(first, "1.1", 1)
        save(second, "1.2", 2)
        shutil.copytree(first.path, first.path.parent / "before.git")

        fetched(first, second)
        fetched(second, first.path.parent / "before.git")

        assert tip(first) == tip(second)
        assert tip(first, JOURNAL) == tip(second, JOURNAL)
        assert [one.fate for one in fetched(first, second).values()] == [Fate.SAME]

    def test_after_a_union_saving_goes_on(self, ours, theirs):
        save(theirs, "1.0")
        save(ours, "2.0", 1)
        fetched(ours, theirs)

        assert not save(ours, "2.0", 3).is_new
        assert save(ours, "3.0", 4).is_new
        assert versions(ours) == ["3.0", "2.0", "1.0"]
        assert fetched(theirs, ours)[REF].fate is Fate.FORWARD
        assert versions(theirs) == ["3.0", "2.0", "1.0"]

    def test_stores_without_anything_in_common_are_united(self, ours, theirs):
        save(theirs, "1.0")
        save(theirs, "9.0", 1, "only_there")
        save(ours, "1.1", 2)
        save(ours, "8.0", 3, "only_here")

        fetched(ours, theirs)

        assert versions(ours) == ["1.1", "1.0"]
        assert ours.libraries() == ("demo", "only_here", "only_there")
        assert journal_is_right(ours)
        log = subprocess.run(
            ["git", f"--git-dir={ours.path}", "log", "--format=%s"], capture_output=True, text=True, check=True
        ).stdout.splitlines()
        assert sorted(log) == sorted(
            [
                "unite histories",
                "demo 1.0 (3.11-linux)",
                "only_there 9.0 (3.11-linux)",
                "demo 1.1 (3.11-linux)",
                "only_here 8.0 (3.11-linux)",
            ]
        )

    def test_a_tag_that_is_here_stays_where_it_is(self, ours, theirs):
        save(theirs, "1.0")
        save(theirs, "1.1", 1)
        fetched(ours, theirs)
        set_tag(ours, "demo", revision="1.0", name="stable")
        set_tag(theirs, "demo", revision="1.1", name="stable")

        fate = fetched(ours, theirs)["refs/tags/demo/stable/3.11-linux"]

        assert fate.fate is Fate.KEPT
        assert str(tip(theirs)) in fate.reason
        assert ours.load("demo", revision="stable").version == "1.0"

    def test_a_store_can_be_fetched_from_a_plain_mirror_of_git(self, ours, theirs):
        save(theirs, "1.0")
        mirror = ours.path.parent / "mirror.git"
        subprocess.run(["git", "clone", "--quiet", "--mirror", theirs.path, mirror], check=True)

        assert fetched(ours, f"file://{mirror}")[REF].fate is Fate.NEW
        assert ours.load("demo") == library(version="1.0")

    def test_a_remote_of_the_repository_is_known_by_its_name(self, ours, theirs):
        save(theirs, "1.0")
        subprocess.run(["git", f"--git-dir={ours.path}", "remote", "add", "team", theirs.path], check=True)

        assert fetched(ours, "team")[REF].fate is Fate.NEW

    def test_an_empty_repository_gives_nothing(self, ours, tmp_path):
        pygit2.init_repository(tmp_path / "empty.git", bare=True)

        assert fetched(ours, tmp_path / "empty.git") == {}

    def test_what_is_collected_meanwhile_is_fetched_again(self, ours, theirs, monkeypatch):
        """What was here and led to by nothing need not be sent, and is deleted before the refs move."""
        save(ours, "0.1")
        save(theirs, "1.0", docstring="a" * 50)
        fetched(ours, theirs)
        repository = pygit2.Repository(str(ours.path))
        repository.references[REF].delete()
        repository.references[JOURNAL].delete()
        store = SnapshotStore.open(ours.path)
        original, pending = store.refs.locked, [True]

        def locked():
            if pending:
                pending.clear()
                other = SnapshotStore.open(ours.path)
                collected = collect(other, young_since_seconds=2**40, progress=Silent())
                assert collected.objects_deleted > 5
            return original()

        monkeypatch.setattr(store.refs, "locked", locked)
        fetch(store, str(theirs.path), Silent())

        assert not pending
        assert versions(ours) == ["1.0"]
        assert is_sound(ours)

    def test_one_process_fetches_at_a_time(self, theirs, tmp_path):
        import filelock

        store = SnapshotStore.open(tmp_path / "ours.git", lock_timeout_seconds=0)
        with filelock.FileLock(store.path / "pybridge.fetch.lock"), pytest.raises(StoreBusy):
            fetch(store, str(theirs.path), Silent())


class TestWhatIsNotWhatItSays:
    """The other side may be anybody."""

    @pytest.fixture
    def forged(self, theirs):
        """Makes the other side's ref lead to a commit with another tree or message."""
        save(theirs, "1.0")

        def forge(*, message=None, tree=None, ref=REF, parents=()):
            repository = pygit2.Repository(str(theirs.path))
            head = repository[tip(theirs)]
            made = repository.create_commit(
                None, head.author, head.committer, message or head.message, tree or head.tree_id, list(parents)
            )
            repository.references.create(ref, made, force=True)
            return made

        return forge

    def refused(self, ours, theirs, ref=REF):
        save(theirs, "7.0", 9, "honest")
        fate = fetched(ours, theirs)[ref]
        assert fate.fate is Fate.REFUSED
        assert ours.libraries() == ("honest",)
        assert is_sound(ours)
        return fate.reason

    def test_another_descriptor_than_its_digest_is_refused(self, ours, theirs, forged):
        other = save(theirs, "2.0", 1)
        repository = pygit2.Repository(str(theirs.path))
        message = repository[tip(theirs)].message
        forged(tree=repository.revparse_single(other.parents[0]).tree_id, message=message)

        assert "does not hold the descriptor" in self.refused(ours, theirs)

    def test_a_commit_of_somebody_else_is_refused(self, ours, theirs, forged):
        forged(message="my thesis\n")

        assert "not written by pybridge" in self.refused(ours, theirs)

    def test_a_library_under_anothers_name_is_refused(self, ours, theirs, forged):
        forged(ref="refs/libraries/numpy/3.11-linux")
        pygit2.Repository(str(theirs.path)).references[REF].delete()

        assert "is that of demo" in self.refused(ours, theirs, "refs/libraries/numpy/3.11-linux")

    def test_a_ref_of_another_form_is_refused(self, ours, theirs, forged):
        forged(ref="refs/libraries/demo2/a/b")
        pygit2.Repository(str(theirs.path)).references[REF].delete()

        assert "not the name" in self.refused(ours, theirs, "refs/libraries/demo2/a/b")

    def test_a_tree_of_other_things_is_refused(self, ours, theirs, forged):
        repository = pygit2.Repository(str(theirs.path))
        blob = repository.create_blob(b"/etc/passwd").raw
        tree = b"100644 .git\0" + blob + b"120000 library.json\0" + blob
        forged(tree=repository.write(pygit2.enums.ObjectType.TREE, tree))

        assert self.refused(ours, theirs)

    def test_a_join_that_shows_something_new_is_refused(self, ours, theirs, forged):
        one, other = save(theirs, "2.0", 1), save(theirs, "3.0", 2)
        repository = pygit2.Repository(str(theirs.path))
        first = repository.revparse_single(one.parents[0])
        forged(tree=first.tree_id, message=first.message, parents=[one.commit, other.commit])

        assert "joins histories" in self.refused(ours, theirs)

    def test_objects_that_are_missing_there_are_refused_or_told(self, ours, theirs):
        blob = pygit2.Repository(str(theirs.path))[save(theirs, "1.0").commit].tree["library.json"].id
        (theirs.path / "objects" / str(blob)[:2] / str(blob)[2:]).unlink()

        with pytest.raises(ExchangeFailed):
            fetched(ours, theirs)
        assert ours.libraries() == ()
        assert is_sound(ours)

    def test_a_tag_of_something_else_is_refused(self, ours, theirs, forged):
        forged(ref="refs/tags/numpy/1.0/3.11-linux")
        forged(ref="refs/tags/lonely")

        fates = fetched(ours, theirs)
        assert fates["refs/tags/numpy/1.0/3.11-linux"].fate is Fate.REFUSED
        assert fates["refs/tags/lonely"].fate is Fate.REFUSED
        assert fates[REF].fate is Fate.NEW

    def test_a_journal_of_other_things_is_not_taken(self, ours, theirs, forged):
        repository = pygit2.Repository(str(theirs.path))
        builder = repository.TreeBuilder()
        builder.insert("thesis", repository.create_blob(b"x"), pygit2.enums.FileMode.BLOB)
        forged(ref=JOURNAL, tree=builder.write())

        fetched(ours, theirs)
        assert journal_is_right(ours)

    def test_no_tag_comes_on_its_own(self, ours, theirs):
        """Git takes tags along that lead to what it fetches; here each is looked at."""
        snapshot = save(theirs, "1.0")
        pygit2.Repository(str(theirs.path)).create_reference("refs/tags/v1", snapshot.commit)
        fetched(ours, theirs)

        assert "refs/tags/v1" not in pygit2.Repository(str(ours.path)).references


class TestPushing:
    def test_an_empty_repository_becomes_a_store(self, ours, tmp_path):
        save(ours, "1.0")
        set_tag(ours, "demo")
        pygit2.init_repository(tmp_path / "shared.git", bare=True, initial_head="main")

        fates = pushed(ours, tmp_path / "shared.git")

        assert {one.fate for one in fates.values()} == {Fate.NEW}
        assert SnapshotStore.open(tmp_path / "shared.git").load("demo") == library(version="1.0")
        clone = tmp_path / "clone"
        subprocess.run(["git", "clone", "--quiet", tmp_path / "shared.git", clone], check=True)
        assert (clone / "demo" / "3.11-linux" / "library.json").is_file()

    def test_a_history_goes_on_there(self, ours, theirs):
        save(ours, "1.0")
        pushed(ours, theirs)
        save(ours, "1.1", 1)

        fate = pushed(ours, theirs)[REF]

        assert (fate.fate, fate.snapshots) == (Fate.FORWARD, 1)
        assert versions(theirs) == ["1.1", "1.0"]
        assert tip(theirs, JOURNAL) == tip(ours, JOURNAL)
        assert [one.fate for one in pushed(ours, theirs).values()] == [Fate.SAME]

    def test_what_would_lose_snapshots_is_refused_and_the_rest_goes(self, ours, theirs):
        save(ours, "1.0")
        pushed(ours, theirs)
        save(theirs, "1.1", 1)
        save(ours, "1.2", 2)
        save(ours, "5.0", 3, "other")

        fates = pushed(ours, theirs)

        assert fates[REF].fate is Fate.REFUSED
        assert "pybridge store fetch" in fates[REF].reason
        assert fates["refs/libraries/other/3.11-linux"].fate is Fate.NEW
        assert versions(theirs) == ["1.1", "1.0"]
        assert journal_is_right(theirs)

        fetched(ours, theirs)
        assert pushed(ours, theirs)[REF].fate is Fate.FORWARD
        assert versions(theirs) == ["1.2", "1.1", "1.0"]

    def test_a_tag_that_is_there_stays_where_it_is(self, ours, theirs):
        save(ours, "1.0")
        save(ours, "1.1", 1)
        set_tag(ours, "demo", revision="1.0", name="stable")
        pushed(ours, theirs)
        set_tag(ours, "demo", revision="1.1", name="stable", may_move=True)

        assert pushed(ours, theirs)["refs/tags/demo/stable/3.11-linux"].fate is Fate.KEPT
        assert theirs.load("demo", revision="stable").version == "1.0"

    def test_a_repository_of_something_else_is_refused(self, ours, tmp_path):
        save(ours, "1.0")
        repository = pygit2.init_repository(tmp_path / "thesis.git", bare=True)
        me = pygit2.Signature("me", "me@localhost")
        repository.create_commit("refs/heads/main", me, me, "thesis", repository.TreeBuilder().write(), [])

        with pytest.raises(StoreError, match="something else"):
            pushed(ours, tmp_path / "thesis.git")
        assert [*repository.references] == ["refs/heads/main"]


class TestAddresses:
    @pytest.mark.parametrize(
        ("url", "shown"),
        [
            ("https://me:secret@localhost/x.git", "https://me@localhost/x.git"),
            ("ssh://git@localhost/x.git", "ssh://git@localhost/x.git"),
            ("git@localhost:x.git", "git@localhost:x.git"),
        ],
    )
    def test_an_address_elsewhere_is_shown_without_a_password(self, ours, url, shown):
        address = find_remote(ours.refs, url)

        assert (address.url, address.shown, address.folder) == (url, shown, None)

    @pytest.mark.parametrize("url", ["nowhere", "ext::sh -c date", "ftp://localhost/x", "/nowhere/at/all"])
    def test_what_is_nowhere_or_cannot_be_reached_says_so(self, ours, url):
        with pytest.raises(ExchangeFailed) as caught:
            find_remote(ours.refs, url)
        assert caught.value.hint

    @pytest.mark.parametrize("scheme", ["http", "https", "ssh", "git"])
    def test_nobody_answering_is_told_with_what_git_itself_could_do(self, ours, scheme):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            port = taken.getsockname()[1]
            with pytest.raises(ExchangeFailed) as caught:
                fetch(ours, f"{scheme}://me:secret@127.0.0.1:{port}/x.git", Silent())
        assert f"git --git-dir={ours.path} push {scheme}://me@127.0.0.1" in caught.value.hint
        assert "secret" not in caught.value.message + caught.value.hint
        assert is_sound(ours)

    def test_a_host_that_is_not_known_is_refused(self):
        assert Access().certificate_check(None, valid=True, host=b"localhost")
        with pytest.raises(pygit2.GitError, match="host key of localhost is not known"):
            Access().certificate_check(None, valid=False, host=b"localhost")

    def test_a_folder_that_is_no_repository_is_told(self, ours, tmp_path):
        (tmp_path / "thesis").mkdir()

        with pytest.raises(ExchangeFailed):
            fetch(ours, str(tmp_path / "thesis"), Silent())


@pytest.fixture
def served(tmp_path):
    """Git's own server for the folder of the test, on this machine only."""
    if not os.path.exists("/usr/lib/git-core/git-daemon"):  # noqa: PTH110 - one look
        pytest.skip("git daemon is not installed")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    command = [
        "git", "daemon", "--reuseaddr", "--listen=127.0.0.1", f"--port={port}", f"--base-path={tmp_path}",
        "--export-all", "--enable=receive-pack", "--verbose", str(tmp_path),
    ]  # fmt: skip
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True) as daemon:
        assert "Ready" in daemon.stderr.readline()
        yield f"git://127.0.0.1:{port}"
        os.killpg(daemon.pid, signal.SIGTERM)


@pytest.mark.e2e
def test_stores_meet_over_gits_own_protocol(ours, make, served, tmp_path):
    save(ours, "1.0")
    set_tag(ours, "demo")
    pygit2.init_repository(tmp_path / "shared.git", bare=True, initial_head="main")
    assert {one.fate for one in pushed(ours, f"{served}/shared.git").values()} == {Fate.NEW}
    other = make("other.git")
    save(other, "0.9", -1)
    assert pushed(other, f"{served}/shared.git")[REF].fate is Fate.REFUSED
    assert fetched(other, f"{served}/shared.git")[REF].fate is Fate.UNITED
    assert pushed(other, f"{served}/shared.git")[REF].fate is Fate.FORWARD
    assert pushed(other, f"{served}/shared.git")[REF].fate is Fate.SAME

    assert fetched(ours, f"{served}/shared.git")[REF].fate is Fate.FORWARD
    assert versions(ours) == versions(other) == ["1.0", "0.9"]
    assert list_tags(other) == list_tags(ours)
    assert tip(ours, JOURNAL) == tip(other, JOURNAL)
    assert is_sound(ours)
    assert is_sound(other)
