"""The lock on the command line: what is pinned, what was generated, and what is no longer so."""

import json
import os

import pytest

from pybridge.model.lock import LOCK_NAME
from pybridge.pipeline.lock import read_lock
from pybridge.store.snapshots import SnapshotStore
from site_folders import SHELF, install


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A folder of a project with an environment of its own; the test stands in it."""
    folder = tmp_path / "project"
    install(folder / "env", "shelf", SHELF)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def lock(pybridge, project):
    """Pins the small library."""
    assert pybridge("lock", "shelf", "--site-packages", "env").code == 0
    return lambda: read_lock(project / LOCK_NAME)


def edit(project, old, new, file="shelf/_store.py"):
    path = project / "env" / file
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


class TestPinning:
    def test_a_library_is_pinned_by_what_it_is(self, pybridge, project, lock):
        (one,) = lock().libraries

        snapshot = SnapshotStore.open(pybridge.store).head("shelf")
        assert (one.name, one.version, one.descriptor_digest) == ("shelf", "1.0", snapshot.digest)
        assert one.source_digest == snapshot.source_digest
        assert (one.site_packages, one.path) == ("env", None)
        assert one.tool.startswith("pybridge ")

    def test_pinning_again_changes_nothing(self, pybridge, project, lock):
        before = (project / LOCK_NAME).stat().st_mtime_ns

        told = pybridge("lock")
        assert (told.code, "was pinned already" in told.out) == (0, True)
        assert (project / LOCK_NAME).stat().st_mtime_ns == before

    def test_without_a_library_all_are_pinned_anew(self, pybridge, project, lock):
        before = lock().libraries[0]
        edit(project, "def fetch(name: str,", "def fetch(name: bytes,")

        answer = json.loads(pybridge("lock", "--output-format", "json").out)
        assert [(one["state"], one["before"]) for one in answer["pins"]] == [("changed", before.descriptor_digest)]
        assert answer["is_changed"]
        assert lock().libraries[0].descriptor_digest == answer["pins"][0]["library"]["descriptor_digest"]

    def test_the_store_has_what_is_pinned_after_later_runs_too(self, pybridge, project, lock):
        pinned = lock().libraries[0].descriptor_digest
        edit(project, "def fetch(name: str,", "def fetch(name: bytes,")
        pybridge("discover", "shelf", "--site-packages", "env")
        pybridge("store", "gc", "--grace-days", "0")

        assert pybridge("show", f"shelf@{pinned}").code == 0

    def test_a_source_tree_is_pinned_relative_to_the_lock(self, pybridge, project, lock):
        told = pybridge("lock", "shelf", "--path", "env", "--lock", "sub/other.lock")

        assert told.code == 0
        assert read_lock(project / "sub" / "other.lock").libraries[0].path == "../env"

    def test_a_place_of_this_machine_only_is_not_told_and_that_is_said(self, pybridge, project, tmp_path, lock):
        elsewhere = install(tmp_path / "elsewhere", "shelf", SHELF)

        told = pybridge("lock", "shelf", "--site-packages", elsewhere)
        assert "place-not-locked" in told.err
        assert lock().libraries[0].site_packages is None
        assert str(tmp_path) not in (project / LOCK_NAME).read_text()

    def test_an_absolute_place_inside_the_project_is_told_relative(self, pybridge, project, lock):
        pybridge("lock", "shelf", "--site-packages", project / "env")

        assert lock().libraries[0].site_packages == "env"

    def test_several_targets_are_pinned_side_by_side(self, pybridge, project, lock):
        pybridge("lock", "shelf", "--site-packages", "env", "--python-version", "3.12", "--platform", "win32")

        assert len(lock().libraries) == 2

    def test_a_library_is_pinned_no_longer(self, pybridge, project, lock):
        assert pybridge("lock", "--remove", "shelf").code == 0
        assert lock().libraries == ()
        told = pybridge("lock", "--remove", "shelf")
        assert (told.code, "does not pin 'shelf'" in told.err) == (3, True)

    def test_nothing_to_pin_says_so(self, pybridge, project):
        told = pybridge("lock")

        assert (told.code, told.out) == (3, "")
        assert "pybridge lock LIBRARY" in told.err

    def test_a_file_that_is_no_lock_is_left_alone(self, pybridge, project):
        (project / LOCK_NAME).write_text("[package]\n")

        told = pybridge("lock", "shelf", "--site-packages", "env")
        assert told.code == 3
        assert (project / LOCK_NAME).read_text() == "[package]\n"


GENERATE = ("generate", "shelf", "--site-packages", "env", "--output", "client")


@pytest.fixture
def client(pybridge, project, lock):
    """Generates a client beside the lock."""
    assert pybridge(*GENERATE).code == 0
    return project / "client"


class TestGeneratedFiles:
    def test_the_lock_knows_every_file(self, lock, client):
        (one,) = lock().libraries[0].clients

        files = {path.relative_to(client).as_posix() for path in client.rglob("*") if path.is_file()}
        assert (one.target, one.output, set(one.files)) == ("elixir", "client", files)
        assert one.generator.startswith("pybridge ")

    def test_generating_again_changes_neither_files_nor_lock(self, pybridge, project, client):
        before = {path: path.stat().st_mtime_ns for path in [*client.rglob("*"), project / LOCK_NAME]}

        assert ", 0 of them new or changed\n" in pybridge(*GENERATE).out
        assert {path: path.stat().st_mtime_ns for path in [*client.rglob("*"), project / LOCK_NAME]} == before

    def test_without_a_lock_none_is_made(self, pybridge, project):
        assert pybridge(*GENERATE).code == 0

        assert not (project / LOCK_NAME).exists()
        assert pybridge(*GENERATE, "--check").code == 0

    def test_a_library_that_is_not_pinned_yet_is(self, pybridge, project):
        (project / LOCK_NAME).write_text("format = 1\n")
        pybridge(*GENERATE)

        (one,) = read_lock(project / LOCK_NAME).libraries
        assert (one.name, len(one.clients)) == ("shelf", 1)

    def test_pinning_anew_keeps_what_is_known_of_clients(self, pybridge, lock, client):
        before = lock().libraries[0].clients
        pybridge("lock")

        assert lock().libraries[0].clients == before

    def test_a_class_that_is_gone_takes_its_file_along(self, pybridge, project, lock, client):
        before = {path for path in client.rglob("*.ex") if "colour" in path.name}
        assert before
        edit(project, '"Colour", ', "", "shelf/__init__.py")
        edit(project, "from shelf.colours import Colour\n", "", "shelf/__init__.py")
        (project / "env" / "shelf" / "colours.py").unlink()

        told = pybridge(*GENERATE)
        assert "deleted" in told.out
        assert not any(path.exists() for path in before)
        assert all("colour" not in path for path in lock().libraries[0].clients[0].files)

    def test_one_that_was_changed_by_hand_stays_and_is_told_until_it_is_gone(self, pybridge, project, lock, client):
        (path,) = [one for one in client.rglob("*.ex") if "colour" in one.name]
        path.write_text(path.read_text() + "# mine\n")
        edit(project, '"Colour", ', "", "shelf/__init__.py")
        edit(project, "from shelf.colours import Colour\n", "", "shelf/__init__.py")
        (project / "env" / "shelf" / "colours.py").unlink()

        for _ in range(2):
            told = pybridge(*GENERATE)
            assert "edited-by-hand" in told.err
            assert path.read_text().endswith("# mine\n")
        path.unlink()
        assert "edited-by-hand" not in pybridge(*GENERATE).err

    def test_a_file_that_is_nobodys_is_left_alone(self, pybridge, project, lock, client):
        mine = client / "mine.ex"
        mine.write_text("# mine\n")
        pybridge(*GENERATE)

        assert mine.read_text() == "# mine\n"
        assert pybridge(*GENERATE, "--check").code == 0

    def test_a_lock_cannot_have_files_deleted_outside_the_output(self, pybridge, project, lock, client):
        path = project / LOCK_NAME
        victim = project / "thesis.txt"
        victim.write_text("mine")
        import hashlib

        line = f'"../thesis.txt" = "{hashlib.sha256(b"mine").hexdigest()}"\n'
        path.write_text(path.read_text() + line)

        told = pybridge(*GENERATE)
        assert told.code == 3
        assert victim.read_text() == "mine"


class TestChecking:
    def check(self, pybridge):
        told = pybridge(*GENERATE, "--check", "--output-format", "json")
        answer = json.loads(told.out)
        found = {one["path"].rpartition("/")[2]: one["state"] for one in answer["findings"]}
        assert told.code == (1 if found or not answer["is_pinned"] else 0)
        return found, answer["is_pinned"]

    def test_a_client_that_is_as_generated_is_clean(self, pybridge, client):
        assert self.check(pybridge) == ({}, True)
        assert "as it should be" in pybridge(*GENERATE, "--check").out

    def test_a_changed_library_makes_files_stale_and_is_not_what_is_pinned(self, pybridge, project, client):
        edit(project, "def items(self)", "def parts(self)")

        found, is_pinned = self.check(pybridge)
        assert (found["box.ex"], set(found.values()), is_pinned) == ("stale", {"stale"}, False)

    def test_every_kind_of_change_is_told_apart(self, pybridge, project, lock, client):
        box, colour = client.rglob("box.ex"), client.rglob("colour.ex")
        next(box).write_text("# mine\n")
        next(colour).unlink()

        assert self.check(pybridge) == ({"box.ex": "edited", "colour.ex": "missing"}, True)

    def test_a_file_that_is_no_longer_planned_is_obsolete(self, pybridge, project, client):
        told = pybridge(*GENERATE, "--include", "shelf.Box", "--check")

        assert told.code == 1
        assert "obsolete" in told.out

    def test_a_lock_that_does_not_know_the_files_is_told(self, pybridge, project, client):
        path = project / LOCK_NAME
        path.write_text(path.read_text().partition("[[library.client]]")[0])

        found, is_pinned = self.check(pybridge)
        assert set(found.values()) == {"unlocked"}
        assert is_pinned

    def test_checking_writes_nothing(self, pybridge, project, client):
        edit(project, "def items(self)", "def parts(self)")
        next(client.rglob("box.ex")).unlink()
        folders = (project, pybridge.store)
        before = {path: path.stat().st_mtime_ns for folder in folders for path in folder.rglob("*")}
        self.check(pybridge)

        assert {path: path.stat().st_mtime_ns for folder in folders for path in folder.rglob("*")} == before

    def test_generating_what_is_not_pinned_says_so_and_pins_nothing(self, pybridge, project, lock, client):
        before = lock().libraries[0].descriptor_digest
        edit(project, "def items(self)", "def parts(self)")

        told = pybridge(*GENERATE)
        assert (told.code, "not-pinned" in told.err, "pybridge check shelf" in told.err) == (0, True, True)
        assert lock().libraries[0].descriptor_digest == before
        assert self.check(pybridge) == ({}, False)

    def test_an_edited_file_is_told_when_it_is_generated_anew(self, pybridge, client):
        next(client.rglob("box.ex")).write_text("# mine\n")

        assert "edited-by-hand" in pybridge(*GENERATE).err
        assert self.check(pybridge) == ({}, True)


def test_an_output_elsewhere_on_this_machine_is_not_in_the_lock(pybridge, project, lock, tmp_path):
    told = pybridge("generate", "shelf", "--site-packages", "env", "--output", tmp_path / "elsewhere")

    assert "output-not-locked" in told.err
    assert lock().libraries[0].clients == ()
    assert os.fspath(tmp_path) not in (project / LOCK_NAME).read_text()
