"""What docs/store.md shows can be typed, in its order, in one project."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from command_line import COMMAND, places
from site_folders import SHELF, install

DOCUMENT = Path(__file__).parents[2] / "docs" / "store.md"
pytestmark = pytest.mark.e2e


def command_lines():
    blocks = re.findall(r"^```console\n(.*?)^```", DOCUMENT.read_text(), re.MULTILINE | re.DOTALL)
    return [line.removeprefix("$ ") for block in blocks for line in block.splitlines() if line.startswith("$ ")]


def test_every_command_works_where_the_one_before_left_off(tmp_path):
    install(tmp_path / ".venv/lib/python3.11/site-packages", "shelf", SHELF)
    environment = {"PATH": f"{COMMAND.parent}:/usr/bin:/bin", "HOME": str(tmp_path), **places(tmp_path)}
    lines = command_lines()
    assert len(lines) > 20

    for line in lines:
        program, *arguments = shlex.split(line)
        assert program in {"pybridge", "git"}
        done = subprocess.run(
            [program, *arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert (line, done.returncode, done.stderr if done.returncode else "") == (line, 0, "")
