"""Every error has an exit code that scripts can rely on, says what and where, and names the next step."""

import os

import pytest

from pybridge.cli.app import application
from pybridge.errors import DistributionNotFound
from site_folders import SHELF, install


def refused(told, code, *parts):
    """The command ended so, said so on stderr, and wrote no result."""
    assert (told.code, told.out) == (code, "")
    assert [part for part in parts if part not in told.err] == []
    assert "Traceback" not in told.err


class TestWrongUsageIsTwo:
    def test_an_unknown_library_with_what_was_meant(self, pybridge, shelf):
        told = pybridge("discover", "shlef", "--site-packages", shelf)

        refused(told, 2, "error: library 'shlef' is not in", "hint: did you mean 'shelf'?")

    def test_an_unknown_library_like_no_other_with_how_to_point_at_it(self, pybridge, shelf):
        told = pybridge("export", "zzz", "--site-packages", shelf)

        refused(told, 2, "'zzz'", str(shelf), "--site-packages DIR")

    def test_an_unknown_python_version_with_those_that_are_known(self, pybridge, shelf):
        told = pybridge("discover", "shelf", "--site-packages", shelf, "--python-version", "2.7")

        refused(told, 2, "unknown Python version '2.7'", "hint: known: 3.10, 3.11")

    def test_an_unknown_platform_with_those_that_are_known(self, pybridge, shelf):
        told = pybridge("discover", "shelf", "--site-packages", shelf, "--platform", "amiga")

        refused(told, 2, "unknown platform 'amiga'", "linux", "win32")

    def test_an_unknown_command_with_what_was_meant(self, pybridge):
        refused(pybridge("discovr", "x"), 2, "No such command 'discovr'. Did you mean 'discover'?")

    def test_an_unknown_command_like_no_other(self, pybridge):
        told = pybridge("zzz")

        refused(told, 2, "No such command 'zzz'.", "pybridge --help")
        assert "Did you mean" not in told.err

    def test_an_unknown_option(self, pybridge):
        refused(pybridge("discover", "x", "--stor", "y"), 2, "--stor")

    @pytest.mark.parametrize("command", ["doc", "methods"])
    def test_an_unknown_symbol_with_what_was_meant(self, described, command):
        refused(described(command, "Boxx"), 2, "'Boxx' is not in shelf", "hint: did you mean 'shelf.Box'")

    def test_an_unknown_symbol_like_no_other_with_where_names_are_listed(self, described):
        refused(described("doc", "zzzzzz"), 2, "pybridge export shelf --format api")

    def test_no_library_at_all(self, pybridge):
        refused(pybridge("discover"), 2, "name a LIBRARY, or a source tree, a wheel or an sdist with --path PATH")

    def test_an_unknown_noun(self, pybridge):
        refused(pybridge("schema", "descripter"), 2, "descripter")


class TestWhatCannotBeDoneIsThree:
    def test_a_file_where_the_store_should_be(self, pybridge, shelf):
        pybridge.store.write_text("mine")

        told = pybridge("discover", "shelf", "--site-packages", shelf)

        refused(told, 3, f"error: store {pybridge.store}", "--store DIR")
        assert pybridge.store.read_text() == "mine"

    def test_a_store_that_cannot_be_made(self, pybridge, shelf, tmp_path):
        (tmp_path / "file").write_text("mine")

        told = pybridge("discover", "shelf", "--site-packages", shelf, "--store", tmp_path / "file" / "store.git")

        refused(told, 3, "error: store", "--store DIR")

    def test_no_such_environment(self, pybridge, tmp_path):
        refused(pybridge("discover", "shelf", "--site-packages", tmp_path / "no"), 3, f"cannot read {tmp_path / 'no'}")

    def test_no_such_source_tree(self, pybridge, tmp_path):
        refused(pybridge("discover", "--path", tmp_path / "no"), 3, f"cannot read {tmp_path / 'no'}")

    @pytest.mark.parametrize("command", ["export", "generate", "bundle"])
    def test_an_output_that_cannot_be_written(self, described, tmp_path, command):
        (tmp_path / "file").write_text("mine")
        option = "--output" if command == "generate" else "-o"

        told = described(command, option, tmp_path / "file" / "below")

        refused(told, 3, f"cannot write {tmp_path / 'file'}", "a file stands where a folder should be", "hint: ")
        assert (tmp_path / "file").read_text() == "mine"

    def test_an_output_that_is_a_pipe_is_left_alone(self, described, tmp_path):
        os.mkfifo(tmp_path / "pipe")

        refused(described("export", "-o", tmp_path / "pipe"), 3, "it is not a regular file")
        assert (tmp_path / "pipe").is_fifo()

    def test_forgetting_a_library_where_there_is_no_store(self, pybridge):
        refused(
            pybridge("clean", "shelf"), 3, f"error: store {pybridge.store}", "run `pybridge discover LIBRARY` first"
        )


class TestWhatIsWrongWithTheInputIsToldAndTheRestDescribed:
    """Permissions do not bind root, so what cannot be read here is what is no regular file or no text."""

    def described(self, pybridge, tmp_path):
        told = pybridge("export", "shelf", "--site-packages", tmp_path / "site", "--format", "api")
        assert told.code == 0, told.err
        assert "class Box(shelf._store.Base)" in told.out
        return [line for line in told.err.splitlines() if not line.startswith("  hint:")]

    def test_a_file_with_a_syntax_error(self, pybridge, tmp_path):
        install(tmp_path / "site", "shelf", {**SHELF, "shelf/broken.py": "x = 1\ndef f(:\n"})

        problems = self.described(pybridge, tmp_path)

        assert [line.partition("]")[0] for line in problems] == ["shelf/broken.py:2:7 warning[syntax-error"]

    def test_a_folder_named_like_a_module(self, pybridge, tmp_path):
        install(tmp_path / "site", "shelf", SHELF)
        (tmp_path / "site" / "shelf" / "folder.py").mkdir()

        assert self.described(pybridge, tmp_path) == []

    def test_a_pipe_named_like_a_module(self, pybridge, tmp_path):
        install(tmp_path / "site", "shelf", SHELF)
        os.mkfifo(tmp_path / "site" / "shelf" / "pipe.py")

        problems = self.described(pybridge, tmp_path)

        assert [line.partition("]")[0] for line in problems] == ["shelf/pipe.py warning[not-a-file"]

    def test_a_link_to_itself(self, pybridge, tmp_path):
        install(tmp_path / "site", "shelf", SHELF)
        (tmp_path / "site" / "shelf" / "loop.py").symlink_to("loop.py")

        problems = self.described(pybridge, tmp_path)

        assert [line.partition("]")[0] for line in problems] == ["shelf/loop.py warning[broken-symlink"]

    @pytest.mark.parametrize("data", [b"x = '\xff'\n", b"x = 1\0\n", b"# coding: martian\n"])
    def test_a_file_that_is_not_text(self, pybridge, tmp_path, data):
        install(tmp_path / "site", "shelf", {**SHELF, "shelf/odd.py": data})

        problems = self.described(pybridge, tmp_path)

        assert [line.partition(" ")[0].partition(":")[0] for line in problems] == ["shelf/odd.py"]


class TestOurOwnFaults:
    def test_a_bug_is_seventy_and_asks_for_a_report(self, pybridge, monkeypatch):
        monkeypatch.setattr(application, "main", lambda **_: 1 / 0)

        told = pybridge("doctor")

        assert told.code == 70
        assert "ZeroDivisionError" in told.err
        assert "this is a bug in pybridge; please report it" in told.err

    def test_an_interruption_is_a_hundred_and_thirty(self, pybridge, monkeypatch):
        def interrupted(**_):
            raise KeyboardInterrupt

        monkeypatch.setattr(application, "main", interrupted)

        assert pybridge("doctor").code == 130

    def test_a_message_cannot_steer_the_terminal(self, pybridge, monkeypatch):
        def lost(**_):
            raise DistributionNotFound("a\x1b[2J", searched=(), suggestions=("b\x9b", "c\u202e"))

        monkeypatch.setattr(application, "main", lost)

        told = pybridge("discover", "x")

        assert (
            told.err == "error: library 'a\\x1b[2J' is not in no folder\n  hint: did you mean 'b\\x9b' or 'c\\u202e'?\n"
        )
