"""pre-commit itself runs our hooks in a repository: it fails and passes where it should.

The hooks are those of `.pre-commit-hooks.yaml`; only ``language`` is changed to take the installed command, because an
environment of pre-commit's own would be fetched over the network.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from command_line import COMMAND, places

pytestmark = pytest.mark.e2e
HOOKS = Path(__file__).parents[2] / ".pre-commit-hooks.yaml"
SOURCE = "def fetch(url: str) -> bytes: ...\n\n\ndef post(url: str, body: bytes) -> None: ...\n"


def run(folder: Path, *command: str | Path) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": f"{COMMAND.parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(folder.parent),
        "PRE_COMMIT_HOME": str(folder.parent / "pre-commit"),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org",
        "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.org",
        **places(folder.parent),
    }  # fmt: skip
    arguments = [str(one) for one in command]
    return subprocess.run(
        arguments, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=240
    )


@pytest.fixture
def repository(tmp_path):
    """A repository with a library, its lock, generated files and both hooks."""
    if shutil.which("git") is None:
        pytest.skip("no git here")
    folder = tmp_path / "repository"
    (folder / "acme").mkdir(parents=True)
    (folder / "acme" / "__init__.py").write_text(SOURCE)
    hooks = [{**one, "language": "system"} for one in yaml.safe_load(HOOKS.read_text())]
    config = {"repos": [{"repo": "local", "hooks": hooks}]}
    (folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
    for command in (
        ("git", "init", "--quiet", "--initial-branch", "main"),
        (COMMAND, "lock", "acme", "--path", "."),
        (COMMAND, "generate", "acme", "--path", ".", "--output", "client"),
        ("git", "add", "--all"),
        ("git", "commit", "--quiet", "--message", "Start"),
    ):
        done = run(folder, *command)
        assert done.returncode == 0, done.stderr
    return folder


def hook(repository, name="pybridge-drift"):
    return run(repository, sys.executable, "-m", "pre_commit", "run", name, "--all-files")


@pytest.mark.parametrize("name", ["pybridge-drift", "pybridge-generate-check"])
def test_an_unchanged_library_passes(repository, name):
    done = hook(repository, name)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "Passed" in done.stdout


def test_a_break_fails_with_its_rule_and_place_and_passes_once_it_is_accepted(repository):
    (repository / "acme" / "__init__.py").write_text(SOURCE.replace("url: str, body", "url: str, token: str, body"))

    done = hook(repository)
    assert done.returncode == 1
    assert "acme/__init__.py:4:1: error[PB203] acme.post [token]" in done.stdout

    accepted = run(repository, COMMAND, "drift", "accept", "--symbol", "acme.post", "--reason", "agreed")
    assert accepted.returncode == 0, accepted.stderr
    assert hook(repository).returncode == 0


def test_an_edit_of_no_consequence_passes(repository):
    (repository / "acme" / "__init__.py").write_text("# a remark\n" + SOURCE)

    assert hook(repository).returncode == 0


def test_without_a_baseline_it_fails_and_says_what_to_do(repository):
    (repository / "pybridge.lock").unlink()

    done = hook(repository)
    assert done.returncode == 1
    assert "no baseline" in done.stdout
    assert "exit code: 3" in done.stdout


def test_a_store_that_is_not_there_is_a_missing_baseline(repository):
    (repository / "acme" / "__init__.py").write_text(SOURCE + "\n\ndef more() -> None: ...\n")
    shutil.rmtree(places(repository.parent)["PYBRIDGE_STORE"])

    done = hook(repository)
    assert done.returncode == 1
    assert "pybridge store fetch" in done.stdout


def test_a_generated_file_that_was_edited_fails(repository):
    generated = next(iter(sorted((repository / "client").rglob("*.ex"))))
    generated.write_text(generated.read_text() + "# by hand\n")

    done = hook(repository, "pybridge-generate-check")
    assert done.returncode == 1
    assert generated.name in done.stdout


def test_hooks_of_concurrent_runs_do_each_other_no_harm(repository):
    (repository / "acme" / "__init__.py").write_text(SOURCE + "\n\ndef more() -> None: ...\n")
    environment = {**os.environ, **places(repository.parent), "HOME": str(repository.parent)}
    command = [COMMAND, "check", "--output-format", "concise"]
    runs = [
        subprocess.Popen(command, cwd=repository, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(6)
    ]

    told = {(one.communicate(timeout=240)[0], one.returncode) for one in runs}
    assert len(told) == 1
    assert next(iter(told))[1] == 0
