"""Real libraries are annotated and stubbed without another change, and a type checker accepts the result."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from pybridge.annotate.proof import is_same_program
from pybridge.model.evidence import Confidence
from pybridge.pipeline.analyze import find_tree, obtain
from pybridge.pipeline.annotate import annotate_sources, stubs_of, unified_diff, write_rewrites
from pybridge.pipeline.request import AnalyzeRequest, Places
from pybridge.protocols import Silent

pytestmark = pytest.mark.e2e

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
