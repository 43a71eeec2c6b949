"""The analyzer's wheel holds what the program reads beside its code."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    """Every file of a wheel built from this tree."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return frozenset(archive.namelist())


def files(folder: Path, pattern: str) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob(pattern) if path.is_file()}


def test_every_template_is_in_it(names: frozenset[str]) -> None:
    templates = files(ROOT / "analyzer", "*.jinja")

    assert templates
    assert templates <= names


def test_every_overlay_is_in_it(names: frozenset[str]) -> None:
    overlays = {f"pybridge/stubs/{path}" for path in files(ROOT / "stubs", "*.toml")}

    assert overlays
    assert overlays <= names


def test_the_elixir_runtime_is_in_it(names: frozenset[str]) -> None:
    runtime = ROOT / "clients" / "elixir"
    wanted = {f"pybridge/generate/targets/elixir/runtime/{path}" for path in files(runtime, "lib/**/*.ex")}

    assert wanted
    assert wanted <= names


def test_nothing_of_the_worker_or_the_tests_is_in_it(names: frozenset[str]) -> None:
    tops = {name.partition("/")[0] for name in names}

    assert {"pybridge", "pybridge_analyzer-0.1.0.dist-info"} == tops
