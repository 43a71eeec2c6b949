"""Help is one screen with an example; the command starts fast because it loads only what it needs."""

import subprocess
import sys
from typing import get_args

import pytest

import pybridge as package
from pybridge.cli.app import application, load
from pybridge.cli.names import SUMMARIES, CommandName

NAMES = get_args(CommandName)
HEAVY = (
    "mypy",
    "libcst",
    "rich",
    "grpc",
    "jinja2",
    "pygit2",
    "docstring_parser",
    "pybridge.pipeline",
    "pybridge.resolve",
)
_LOADED = """
import sys
from pybridge.cli.main import run
code = run(sys.argv[1:])
print(*sorted(sys.modules))
sys.exit(code)
"""


def test_every_command_has_a_summary():
    assert tuple(SUMMARIES) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_command_is_called_what_the_table_calls_it(name):
    assert load(name).name == name


@pytest.mark.parametrize("name", NAMES)
def test_help_shows_an_example_as_it_is_typed(pybridge, name):
    told = pybridge(name, "--help")

    lines = told.out.splitlines()
    assert (told.code, told.err) == (0, "")
    example = lines[lines.index("  Example:") + 1]
    assert example.startswith(f"    pybridge {name}")
    assert len(lines) <= 40


@pytest.mark.parametrize("name", NAMES)
def test_every_option_says_what_it_does(name):
    silent = [
        option.name
        for option in load(name).params
        if option.param_type_name == "option" and not getattr(option, "help", "")
    ]

    assert silent == []


def test_the_first_screen_lists_every_command(pybridge):
    told = pybridge("-h")

    assert told.code == 0
    assert [name for name in NAMES if f"\n  {name} " not in told.out] == []
    assert "  Example:\n    pybridge discover jinja2\n" in told.out


def test_the_group_knows_its_commands_and_no_others():
    assert application.list_commands(None) == list(NAMES)
    assert application.get_command(None, "discovr") is None


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["zzz"]])
def test_nothing_heavy_is_loaded_to_say_what_is_there(arguments):
    done = subprocess.run([sys.executable, "-c", _LOADED, *arguments], capture_output=True, text=True, check=False)

    loaded = set(done.stdout.splitlines()[-1].split())
    assert "pybridge.cli.main" in loaded
    assert loaded.intersection(HEAVY) == set()


def test_the_version_is_that_of_the_package(pybridge):
    assert pybridge("--version").out == f"pybridge, version {package.__version__}\n"
