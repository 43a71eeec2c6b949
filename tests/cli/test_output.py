"""Results on stdout, everything else on stderr; JSON is JSON; a library's text cannot steer a terminal."""

import json
import os
import pty
import re
import subprocess

import pytest

from command_line import COMMAND, places, run_command
from pybridge.cli.output import write_diagnostics
from pybridge.codec.printable import printable
from pybridge.model.diagnostic import Diagnostic, Severity
from site_folders import install

HOSTILE = {
    "hostile/__init__.py": (
        '"""Start \x1b]0;owned\x07 \u202e gnirts \x9b2J end \x00."""\n'.replace("\x00", "\\0")
        + 'LIMIT: str = "\\x1b[2J\x1b[31m"\n'
        'def f(a: "int" = "\x1b[0m\u2066") -> str:\n'
        '    """::error::owned\r\n\x1b[1A"""\n'
        'SURROGATE = "\\ud800"\n'
        'def g() -> str:\n    "\\ud800 é 😀"\n'
    )
}


@pytest.mark.parametrize("command", ["discover", "info", "modules", "methods", "doc"])
def test_json_output_is_json(described, command):
    told = described(command, "--output-format", "json")

    assert told.code == 0
    assert json.loads(told.out)


def test_generate_tells_its_files_as_json(described, tmp_path):
    told = described("generate", "--output", tmp_path / "out", "--output-format", "json")

    answer = json.loads(told.out)
    assert sorted(str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*.ex")) == sorted(
        name for name in answer["files"] if name.endswith(".ex")
    )
    assert answer["written"] == answer["files"]


def test_doctor_answers_as_json(pybridge):
    checks = json.loads(pybridge("doctor", "--output-format", "json").out)

    assert {"python", "mypy", "store", "cache", "environment", "elixir"} <= {one["name"] for one in checks}


@pytest.mark.parametrize("noun", ["descriptor", "module", "snapshot", "change", "diagnostic"])
def test_a_schema_is_a_json_schema(pybridge, noun):
    assert json.loads(pybridge("schema", noun).out)["$schema"].endswith("2020-12/schema")


def test_clean_tells_what_it_deleted_and_leaves_what_is_not_ours(pybridge, shelf):
    pybridge("discover", "shelf", "--site-packages", shelf)
    (pybridge.cache / "thesis.txt").write_text("mine")

    told = pybridge("clean")

    assert re.fullmatch(rf"deleted the cache in {pybridge.cache} \(\d+\.\d MB\)\n", told.out)
    assert [path.name for path in pybridge.cache.iterdir()] == ["thesis.txt"]


def test_clean_forgets_a_library(pybridge, shelf):
    pybridge("discover", "shelf", "--site-packages", shelf)

    told = pybridge("clean", "shelf")

    assert (told.code, told.out) == (0, "forgot shelf: 1 refs\n")
    assert pybridge("clean", "shelf").code == 3


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A folder with a library whose texts try to steer whatever shows them."""
    return install(tmp_path_factory.mktemp("hostile"), "hostile", HOSTILE)


class TestHostileText:
    @pytest.mark.parametrize(
        "arguments",
        [
            ("discover",),
            ("info",),
            ("export", "--format", "api"),
            ("methods",),
            ("doc",),
            ("doc", "f"),
            ("doc", "g"),
            ("doc", "LIMIT"),
        ],
    )
    def test_no_character_that_a_terminal_obeys_is_written(self, pybridge, site, arguments):
        name, *more = arguments

        told = pybridge(name, "hostile", "--site-packages", site, *more)

        assert told.code == 0, told.err
        assert [char for char in told.out + told.err if not (char.isprintable() or char in "\n\t")] == []

    def test_what_is_written_for_programs_is_whole(self, pybridge, site):
        told = pybridge("export", "hostile", "--site-packages", site)

        docstring = json.loads(told.out)["modules"][0]["docstring"]
        assert "\x1b]0;owned\x07" in docstring
        assert "\u202e" in docstring

    def test_an_encoding_without_a_character_escapes_it(self, site, tmp_path):
        variables = {**places(tmp_path), "PYTHONIOENCODING": "latin-1"}

        done = run_command(*("doc", "hostile", "--site-packages", site, "g"), cwd=tmp_path, variables=variables)

        assert done.returncode == 0, done.stderr
        assert b"\xe9 \\U0001f600" in done.stdout


def test_text_that_people_write_is_left_as_it_is():
    assert printable("Größe\t→ 日本 🎉\n\u00a0") == "Größe\t→ 日本 🎉\n\\xa0".replace("\\xa0", "\\u00a0")


def problem(number, severity=Severity.WARNING):
    message = f"number {number}"
    return Diagnostic(code="odd", severity=severity, message=message, path="a.py", line=number, column=2, hint="fix it")


def test_a_problem_says_what_where_and_the_next_step(capsys):
    write_diagnostics([problem(7)])

    assert capsys.readouterr() == ("", "a.py:7:2 warning[odd] number 7\n  hint: fix it\n")


def test_many_problems_are_cut_short_and_counted_with_the_notes(capsys):
    write_diagnostics([*(problem(n) for n in range(25)), problem(99, Severity.NOTE)])

    out, err = capsys.readouterr()
    assert out == ""
    assert "number 19" in err
    assert "number 20" not in err
    assert "number 99" not in err
    assert err.splitlines()[-1].startswith("5 more and 1 notes")


class TestProgress:
    def test_nothing_is_told_where_nobody_looks(self, described):
        assert described("discover").err == ""

    @pytest.mark.e2e
    def test_a_terminal_is_left_clean_and_results_are_not_mixed_with_progress(self, shelf, tmp_path):
        main, terminal = pty.openpty()
        environment = {**os.environ, **places(tmp_path), "TERM": "xterm"}

        done = subprocess.run(
            [COMMAND, "discover", "shelf", "--site-packages", shelf],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=terminal,
            check=False,
        )
        os.close(terminal)
        shown = b""
        try:
            while part := os.read(main, 65536):
                shown += part
        except OSError:
            pass
        os.close(main)

        assert done.returncode == 0
        assert done.stdout.startswith(b"shelf 1.0 (Python 3.11, linux)\n")
        assert b"new snapshot" not in shown

    @pytest.mark.e2e
    def test_a_reader_that_has_gone_is_no_failure(self, shelf, tmp_path):
        environment = {**os.environ, **places(tmp_path)}
        reader, writer = os.pipe()
        os.close(reader)

        done = subprocess.run(
            [COMMAND, "export", "shelf", "--site-packages", shelf],
            env=environment,
            stdout=writer,
            stderr=subprocess.PIPE,
            check=False,
        )
        os.close(writer)

        assert (done.returncode, done.stderr) == (0, b"")
