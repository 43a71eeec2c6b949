"""The sandbox recipe of docs/ci.md: what it promises, asked of processes inside of it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from command_line import COMMAND

pytestmark = pytest.mark.e2e
RECIPE = Path(__file__).parents[2] / "ci" / "sandbox.sh"


def bwrap_works() -> bool:
    if shutil.which("bwrap") is None:
        return False
    command = ["bwrap", "--unshare-all", "--ro-bind", "/", "/", "--proc", "/proc", "true"]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


needs_bwrap = pytest.mark.skipif(not bwrap_works(), reason="no bubblewrap here, or no namespaces for it")


@pytest.fixture
def inside(tmp_path):
    source, output = tmp_path / "library", tmp_path / "out"
    (source / "acme").mkdir(parents=True)
    (source / "acme" / "__init__.py").write_text(
        f"open({str(output / 'poisoned')!r}, 'w')\ndef fetch(url: str) -> bytes: ...\n"
    )
    output.mkdir(mode=0o777)
    output.chmod(0o777)

    def run(*command):
        environment = {"PATH": os.environ["PATH"], "SECRET": "token"}
        arguments = [RECIPE, source, output, *command]
        return subprocess.run(arguments, env=environment, capture_output=True, text=True, check=False, timeout=120)

    run.source, run.output = source, output
    return run


@needs_bwrap
def test_a_library_is_described_and_nothing_of_it_runs(inside):
    done = inside(COMMAND, "export", "--path", "/mnt/source", "-o", "/mnt/output/acme.json")

    assert done.returncode == 0, done.stderr
    assert json.loads((inside.output / "acme.json").read_text())["name"] == "acme"
    assert not (inside.output / "poisoned").exists()


@needs_bwrap
@pytest.mark.parametrize(
    "attempt",
    [
        "import socket; socket.create_connection(('192.0.2.1', 80), 1)",
        "import socket; socket.getaddrinfo('example.org', 80)",
        "open('/mnt/source/acme/x', 'w')",
        "open('/usr/x', 'w')",
        "import os; assert os.getuid() == 0",
        "import os; os.environ['SECRET']",
        "import os; os.setuid(0)",
    ],
)
def test_what_the_recipe_forbids_fails_inside(inside, attempt):
    assert inside(sys.executable, "-c", attempt).returncode == 1


@needs_bwrap
def test_the_output_folder_can_be_written(inside):
    assert inside(sys.executable, "-c", "open('/mnt/output/x', 'w')").returncode == 0
    assert (inside.output / "x").exists()


def test_the_recipe_tells_how_to_call_it(tmp_path):
    done = subprocess.run([RECIPE], capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert "SOURCE OUTPUT COMMAND" in done.stderr
