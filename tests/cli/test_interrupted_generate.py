"""A generation that is killed leaves every file as it was or as it was to be, and the next one makes up for it."""

import os
import shutil
import signal

import pytest

from command_line import places, run_command
from faults_library import KILL_AMID, KILL_BEFORE, build_faults, faulty
from pybridge.pipeline.lock import read_lock
from site_folders import SHELF, install

IS_FULL = os.environ.get("PYBRIDGE_FULL_SHOWS") == "1"
GENERATE = ("generate", "shelf", "--site-packages", "env", "--output", "out/client", "--lock", "out/pybridge.lock")
pytestmark = pytest.mark.e2e


def contents(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith(".tmp")
    }


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A project with a client and its lock, whose library has changed since in a way that takes a class away."""
    folder = tmp_path_factory.mktemp("project")
    install(folder / "env", "shelf", SHELF)
    (folder / "out").mkdir()
    (folder / "out" / "pybridge.lock").write_text("format = 1\n")
    assert run(folder).returncode == 0
    (folder / "env" / "shelf" / "colours.py").unlink()
    init = folder / "env" / "shelf" / "__init__.py"
    init.write_text(init.read_text().replace('"Colour", ', "").replace("from shelf.colours import Colour\n", ""))
    return folder


def run(folder, **variables):
    return run_command(*GENERATE, cwd=folder, variables={**places(folder), **variables})


def test_a_killed_generation_leaves_old_or_new_files_and_is_made_up_for(project, tmp_path):
    before, shelved = contents(project / "out"), tmp_path / "before"
    shutil.copytree(project / "out", shelved)
    assert run(project).returncode == 0
    after = contents(project / "out")
    assert any(name not in after for name in before)
    built = build_faults(tmp_path)
    at, is_over = 1, False
    while not is_over:
        for action in (KILL_BEFORE, KILL_AMID) if IS_FULL else ((KILL_BEFORE, KILL_AMID)[at % 2],):
            shutil.rmtree(project / "out")
            shutil.copytree(shelved, project / "out")
            done = run(project, **faulty(built, project / "out", at, action))

            found = contents(project / "out")
            is_over = done.returncode == 0
            assert is_over or done.returncode == -signal.SIGKILL
            assert {name: data for name, data in found.items() if data not in {before.get(name), after.get(name)}} == {}
            assert {name for name in before if name in after} <= {*found}
            read_lock(project / "out" / "pybridge.lock")
            assert run(project).returncode == 0
            assert contents(project / "out") == after
        at += 1 if IS_FULL else 7
