"""The Elixir runtime in `clients/elixir`: its own tests, its format, and what Dialyzer says of it and of its callers."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

import pybridge

PACKAGE = Path(__file__).parents[2] / "clients" / "elixir"
VECTORS = Path(__file__).parents[1] / "vectors" / "values.json"

elixir = pytest.mark.elixir
needs_elixir = pytest.mark.skipif(shutil.which("elixir") is None, reason="elixir is not on PATH")
needs_dialyzer = pytest.mark.skipif(
    shutil.which("elixir") is None or shutil.which("dialyzer") is None, reason="elixir or dialyzer is not on PATH"
)

CONSUMER_MIX = """
defmodule Consumer.MixProject do
  use Mix.Project
  def project, do: [app: :consumer, version: "1.0.0", deps: [{:pybridge, path: "vendor/pybridge"}]]
end
"""

CONSUMER_RUN = """
{:ok, _} = PyBridge.Worker.start_link(transport: PyBridge.Transport.Fake, address: fn _ -> {:ok, "joined"} end)
IO.write(Fakelib.Text.join!("a", ["b"]))
"""


def run(folder: Path, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "LC_ALL": "C.UTF-8", **variables}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=300
    )


def copied(target: Path) -> Path:
    shutil.copytree(PACKAGE, target, ignore=shutil.ignore_patterns("_build", "deps"))
    return target


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy of the package, so that the tree stays free of what Mix builds; compiled with its samples."""
    folder = copied(tmp_path_factory.mktemp("elixir_runtime") / "pybridge")
    done = run(folder, "mix", "compile", "--warnings-as-errors", MIX_ENV="test")
    assert done.returncode == 0, done.stdout + done.stderr
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def callers(project: Path) -> Path:
    """The compiled corpus of `test/dialyzer`."""
    beams = project / "_corpus"
    beams.mkdir()
    sources = sorted(str(path) for path in (project / "test" / "dialyzer").glob("*.ex"))
    done = run(project, "elixirc", "-pa", "_build/test/lib/pybridge/ebin", "-o", str(beams), *sources)
    assert done.returncode == 0, done.stdout + done.stderr
    return beams


def function_lines(source: str) -> dict[str, range]:
    """Lines of each function, from its `def` to the line before the next."""
    lines = source.splitlines()
    starts = [(number, match[1]) for number, line in enumerate(lines, 1) if (match := re.match(r"  def (\w+)", line))]
    ends = [number for number, _ in starts[1:]] + [len(lines) + 1]
    return {name: range(start, end) for (start, name), end in zip(starts, ends, strict=True)}


def warned_lines(output: str, file: str) -> set[int]:
    return {int(line) for line in re.findall(rf"^\S*{re.escape(file)}:(\d+):", output, re.MULTILINE)}


@elixir
@needs_elixir
def test_its_own_tests_pass(project: Path) -> None:
    done = run(project, "mix", "test", "--warnings-as-errors", MIX_ENV="test", PYBRIDGE_VECTORS=str(VECTORS))

    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"\b[1-9]\d* tests, 0 failures", done.stdout), done.stdout


@elixir
@needs_elixir
def test_its_sources_are_formatted(project: Path) -> None:
    done = run(project, "mix", "format", "--check-formatted")

    assert done.returncode == 0, done.stderr


@elixir
@needs_elixir
def test_it_serves_generated_modules_as_a_path_dependency_without_hex(tmp_path: Path) -> None:
    copied(tmp_path / "vendor" / "pybridge")
    (tmp_path / "lib").mkdir()
    for sample in (PACKAGE / "test" / "support").glob("fakelib*.ex"):
        shutil.copy(sample, tmp_path / "lib")
    (tmp_path / "mix.exs").write_text(CONSUMER_MIX)
    (tmp_path / "run.exs").write_text(CONSUMER_RUN)

    done = run(
        tmp_path,
        *("mix", "do", "compile", "--warnings-as-errors", "+", "run", "run.exs"),
        HEX_OFFLINE="1",
        MIX_HOME=str(tmp_path / "mix_home"),
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("joined")


@elixir
@needs_dialyzer
def test_dialyzer_is_clean_on_the_runtime_the_samples_and_correct_callers(project: Path, callers: Path) -> None:
    (beams := project / "_correct").mkdir()
    shutil.copy(callers / "Elixir.CorrectCallers.beam", beams)

    done = run(project, "./dialyze.sh", "_build/test/lib/pybridge/ebin", str(beams))

    assert done.returncode == 0, done.stdout + done.stderr


@elixir
@needs_dialyzer
def test_dialyzer_flags_every_wrong_caller(project: Path, callers: Path) -> None:
    done = run(project, "./dialyze.sh", "_build/test/lib/pybridge/ebin", str(callers))
    functions = function_lines((project / "test" / "dialyzer" / "wrong_callers.ex").read_text())
    warned = warned_lines(done.stdout, "wrong_callers.ex")
    silent = [name for name, lines in functions.items() if warned.isdisjoint(lines)]

    assert done.returncode == 2, done.stdout + done.stderr
    assert len(functions) > 20
    assert silent == []


def test_its_version_is_that_of_the_analyzer() -> None:
    version = re.search(r'version: "(.+?)"', (PACKAGE / "mix.exs").read_text())

    assert version is not None
    assert version[1] == pybridge.__version__
