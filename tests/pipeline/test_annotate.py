"""Real libraries are annotated and stubbed without another change, and a type checker accepts the result."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from pybridge.annotate.proof import is_same_program
from pybridge.errors import OutputRefused
from pybridge.model.evidence import Confidence
from pybridge.pipeline.analyze import find_tree, obtain
from pybridge.pipeline.annotate import annotate_sources, stubs_of, unified_diff, write_rewrites
from pybridge.pipeline.request import AnalyzeRequest, Places
from pybridge.protocols import Silent

pytestmark = pytest.mark.e2e

FILES = {"loose/__init__.py": "def f():\n    return 'x'\n", "loose/other.py": "def g():\n    return 1\n"}
LIBRARIES = ("attr", "click", "jinja2", "iniconfig", "pluggy")


@pytest.fixture(scope="module", params=LIBRARIES)
def installed(request, tmp_path_factory):
    """A library of this environment, described, and its files."""
    folder = tmp_path_factory.mktemp(request.param)
    asked = AnalyzeRequest(name=request.param, jobs=1)
    obtained = obtain(asked, Places(store=folder / "store.git", cache=folder / "cache"), Silent())
    return obtained, find_tree(asked)


@pytest.fixture
def low(installed, tmp_path):
    obtained, tree = installed
    return annotate_sources(
        obtained, tree, modules=(), least=Confidence.LOW, output=tmp_path / "out", jobs=1, progress=Silent()
    )


def test_every_file_stays_the_same_program(low):
    assert low.diagnostics == ()
    assert [one.path for one in low.files if not is_same_program(ast.parse(one.before), one.after.decode())] == []


def test_copies_go_to_the_output_and_the_sources_stay(installed, low, tmp_path):
    _, tree = installed
    before = {one.path: one.location.read_bytes() for one in tree.files if one.path.endswith(".py")}

    written = write_rewrites(low.files)

    assert sorted(path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*.py")) == sorted(
        written
    )
    assert {one.path: one.location.read_bytes() for one in tree.files if one.path.endswith(".py")} == before


def test_a_patch_of_the_difference_gives_the_copies(low, tmp_path):
    for one in low.files:
        path = tmp_path / one.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(one.before)
    diff = b"".join(map(unified_diff, low.files))

    subprocess.run(["git", "apply", "--unsafe-paths", "-"], input=diff, cwd=tmp_path, check=bool(diff))

    assert [one.path for one in low.files if (tmp_path / one.path).read_bytes() != one.after] == []


def test_a_type_checker_accepts_the_stubs(installed, tmp_path):
    obtained, _ = installed
    stubs = stubs_of(obtained, modules=(), output=tmp_path)
    write_rewrites(stubs.files)
    root = Path(stubs.files[0].path).parts[0]

    command = [sys.executable, "-m", "mypy", "--config-file=", f"--cache-dir={tmp_path / '.cache'}", root]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout


@pytest.fixture
def loose(tmp_path):
    """A source tree of the test's own, described, and its files."""
    for name, text in FILES.items():
        path = tmp_path / "src" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    asked = AnalyzeRequest(name=None, path=tmp_path / "src", jobs=1)
    obtained = obtain(asked, Places(store=tmp_path / "store.git", cache=tmp_path / "cache"), Silent())
    return obtained, find_tree(asked)


def in_place(obtained, tree):
    return annotate_sources(obtained, tree, modules=(), least=Confidence.HIGH, output=None, jobs=1, progress=Silent())


def test_a_source_that_changed_since_it_was_described_is_left_alone(loose, tmp_path):
    changed = tmp_path / "src" / "loose" / "other.py"
    changed.write_text("def g():\n    return None\n")

    rewriting = in_place(*loose)

    assert [one.path for one in rewriting.files] == ["loose/__init__.py"]
    assert [(one.code, one.path) for one in rewriting.diagnostics] == [("annotate-unreadable", "loose/other.py")]


def test_a_source_that_changes_before_it_is_written_is_kept_and_nothing_is_written(loose, tmp_path):
    rewriting = in_place(*loose)
    changed = tmp_path / "src" / "loose" / "other.py"
    changed.write_text("mine = 1\n")

    with pytest.raises(OutputRefused, match="it changed while it was annotated"):
        write_rewrites(rewriting.files)

    assert changed.read_text() == "mine = 1\n"
    assert (tmp_path / "src" / "loose" / "__init__.py").read_text() == FILES["loose/__init__.py"]


def test_types_of_a_source_are_written_in_place(loose, tmp_path):
    assert write_rewrites(in_place(*loose).files) == ("loose/__init__.py", "loose/other.py")
    assert (tmp_path / "src" / "loose" / "other.py").read_text() == "def g() -> int:\n    return 1\n"
