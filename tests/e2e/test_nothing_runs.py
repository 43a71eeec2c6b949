"""The one promise: nothing of a library runs, is imported or is written to, whatever it tries."""

import json
import os
import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest

import poisoned_library
from audited import Audit

pytestmark = pytest.mark.e2e

COMMANDS = {
    "discover": (),
    "export": ("--format", "api"),
    "info": (),
    "generate": ("--output", "generated"),
    "bundle": ("-o", "bundle.json"),
}
_READ_ONLY = 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && shift && exec "$@"'


class Poisoned:
    """The poisoned library installed in a folder, and the command that reads it under watch."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.site = folder / "lib" / "python3.11" / "site-packages"
        self.canary = folder / "canary"
        self.audit = Audit(folder / "audit")
        poisoned_library.install(self.site, self.canary)
        self.before = self.state()

    def run(self, command, *where, cwd=None, before=()):
        """Run a command, with everything that it writes outside the tree."""
        options = [self.folder / one if one in {"generated", "bundle.json"} else one for one in COMMANDS[command]]
        environment = {name: str(self.folder / name) for name in ("PYBRIDGE_STORE", "PYBRIDGE_CACHE", "HOME")}
        return self.audit.run(
            command, "poisoned", *where, *options, cwd=cwd or self.folder, environment=environment, before=before
        )

    def state(self):
        """Names, sizes, modes and times of change of everything in the tree."""
        found = {}
        for path in sorted(self.site.rglob("*")):
            status = path.lstat()
            found[str(path)] = (status.st_size, status.st_mode, 0 if path.is_dir() else status.st_mtime_ns)
        return found

    def check(self, done):
        """The command did its work in two processes at least, and left the library alone."""
        assert done.returncode == 0, done.stderr
        assert self.audit.offences(self.site, poisoned_library.MODULES) == []
        assert self.audit.processes() >= 2
        assert not self.canary.exists(), self.canary.read_text()
        assert self.state() == self.before


@pytest.fixture
def poisoned(tmp_path):
    return Poisoned(tmp_path)


@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_runs_anything_of_an_installed_library(poisoned, command):
    done = poisoned.run(command, "--site-packages", poisoned.site)

    poisoned.check(done)


@pytest.mark.parametrize("command", ["discover", "generate"])
def test_nothing_runs_of_the_folder_that_the_command_is_started_in(poisoned, command):
    done = poisoned.run(command, "--site-packages", ".", cwd=poisoned.site)

    poisoned.check(done)


@pytest.mark.parametrize("where", [".", "poisoned"])
def test_nothing_runs_of_a_source_tree(poisoned, where):
    done = poisoned.run("discover", "--path", poisoned.site / where, cwd=poisoned.site / where)

    poisoned.check(done)


@pytest.mark.parametrize("command", ["discover", "bundle"])
def test_a_tree_that_cannot_be_written_is_read_all_the_same(poisoned, command):
    before = read_only(poisoned.site)

    done = poisoned.run(command, "--site-packages", poisoned.site, before=before)

    poisoned.check(done)


def test_what_is_there_is_described(poisoned):
    text = poisoned.run("export", "--site-packages", poisoned.site).stdout
    listed = json.loads(poisoned.run("info", "--site-packages", poisoned.site, "--output-format", "json").stdout)

    assert "class Greeter" in text
    assert 'def greet(name: str, count=__import__("os")._exit(3)' in text
    assert "class Other" in text
    skipped = {one["path"]: one["reason"] for one in listed["skipped"]}
    assert poisoned_library.COMPILER is None or skipped["poisoned.native:"] == "compiled"


class TestTheWatchItself:
    """The same hook, in a child started as the analyzer starts its own, sees what it is there to see."""

    def seen(self, poisoned, code):
        poisoned.audit.run_child(code)
        found = poisoned.audit.offences(poisoned.site, poisoned_library.MODULES)
        return {(one["event"], one["places"][0] if one["places"] else "") for one in found}

    def test_an_import_of_the_library_is_seen(self, poisoned):
        seen = self.seen(poisoned, f"import sys; sys.path.insert(0, {str(poisoned.site)!r}); import poisoned")

        assert ("exec", str(poisoned.site / "poisoned" / "__init__.py")) in seen
        assert poisoned.canary.read_text().startswith("poisoned")

    def test_code_of_the_library_is_seen_when_it_is_compiled_but_not_when_it_is_parsed(self, poisoned):
        path = str(poisoned.site / "evil.py")

        parsed = self.seen(poisoned, f"import ast; ast.parse(open({path!r}).read(), {path!r})")
        compiled = self.seen(poisoned, f"compile(open({path!r}).read(), {path!r}, 'exec')")

        assert (parsed, compiled) == (set(), {("compile", path)})

    def test_a_write_is_seen(self, poisoned):
        path = str(poisoned.site / "new")

        seen = self.seen(
            poisoned, f"import os; open({path!r}, 'w').close(); os.chmod({path!r}, 0); os.remove({path!r})"
        )

        assert seen == {("open", path), ("os.chmod", path), ("os.remove", path)}

    def test_other_programs_and_sockets_are_seen(self, poisoned):
        code = "import os, socket, subprocess; subprocess.run(['true']); os.system('true'); socket.socket().close()"

        seen = self.seen(poisoned, code)

        assert {event for event, _ in seen} >= {"subprocess.Popen", "os.system", "socket.__new__"}

    @pytest.mark.skipif(poisoned_library.COMPILER is None, reason="there is no C compiler")
    def test_loading_the_compiled_module_is_seen_and_writes_the_canary(self, poisoned):
        library = poisoned.site / "poisoned" / f"native{sysconfig.get_config_var('EXT_SUFFIX')}"

        seen = self.seen(poisoned, f"import ctypes; ctypes.CDLL({str(library)!r})")

        assert ("ctypes.dlopen", str(library)) in seen
        assert poisoned.canary.read_text() == "native"


def read_only(tree):
    """A command that runs another one with the tree mounted read-only; where that is not possible, its modes say so."""
    command = ["unshare", "--mount", "sh", "-c", _READ_ONLY, "sh", str(tree)]
    if shutil.which("unshare") and os.geteuid() == 0:
        touched = subprocess.run([*command, "touch", str(tree / "new")], check=False, capture_output=True)
        works = subprocess.run([*command, "true"], check=False, capture_output=True)
        if works.returncode == 0 and touched.returncode != 0:
            return command
    for path in [tree, *tree.rglob("*")]:
        path.chmod(path.stat().st_mode & ~0o222)
    return ()
