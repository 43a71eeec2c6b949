"""Rooms say what they are for, import downward only, and open without loading what is behind them."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import pybridge
from house_reading import PYBRIDGE, ROOT, tree

ROOMS = sorted(file.parent for file in PYBRIDGE.glob("*/__init__.py"))
HEAVY = ("docstring_parser", "google.protobuf", "grpc", "jinja2", "libcst", "mypy", "pygit2", "rich", "typeshed_client")


def run(*arguments):
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, cwd=ROOT, check=True).stdout


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_a_room_states_in_out_and_may_import(room):
    docstring = ast.get_docstring(tree(room / "__init__.py")) or ""

    assert all(f"{word}: " in docstring.replace("\n", " ") for word in ("In", "Out", "May import"))


@pytest.mark.parametrize("arguments", [[], ["--version"], ["--help"]], ids=["import", "version", "help"])
def test_the_command_line_starts_light(arguments):
    program = (
        "import atexit, sys, pybridge.cli\n"
        "atexit.register(lambda: print('\\nLOADED', *sys.modules))\n"
        f"if {arguments}: sys.argv[1:] = {arguments}; pybridge.cli.main()\n"
    )
    loaded = run("-c", program).rpartition("LOADED")[2].split()

    assert "pybridge.cli" in loaded
    assert [name for name in HEAVY if name in loaded] == []


def test_importing_pybridge_loads_no_stage():
    loaded = run("-c", "import sys, pybridge; print(*sys.modules)").split()

    assert [name for name in HEAVY if name in loaded] == []


def test_imports_run_downward():
    command = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([command, "--no-cache"], capture_output=True, text=True, cwd=ROOT, check=False)

    assert done.returncode == 0, done.stdout


def test_the_public_api_is_sorted_without_duplicates_and_there():
    assert list(pybridge.__all__) == sorted(set(pybridge.__all__))
    assert [name for name in pybridge.__all__ if not hasattr(pybridge, name)] == []


def test_the_version_is_told_once():
    listed = ast.get_docstring(tree(PYBRIDGE / "__init__.py"))

    assert listed
    assert 'dynamic = ["version"]' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
