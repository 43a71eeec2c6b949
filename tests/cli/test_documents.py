"""What README and guide show as typed can be typed: every command line in their console blocks is run."""

import re
import shlex
import shutil
from pathlib import Path

import pytest

from archive_files import sdist, wheel
from command_line import places, run_command
from git_folders import Repository
from site_folders import SHELF, install

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).parents[2]
DOCUMENTS = ("README.md", "docs/guide.md", "docs/drift.md", "docs/sources.md")
SERVES_UNTIL_STOPPED = "pybridge-worker serve"


def command_lines(document):
    """Lines behind a prompt in the console blocks of a document, without their remarks."""
    blocks = re.findall(r"^```console\n(.*?)^```", (ROOT / document).read_text(), re.MULTILINE | re.DOTALL)
    return [line.removeprefix("$ ") for block in blocks for line in block.splitlines() if line.startswith("$ ")]


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A folder that has what the documents speak of: an environment with requests, and a source tree."""
    folder = tmp_path_factory.mktemp("project")
    install(
        folder / ".venv/lib/python3.11/site-packages", "requests", {"requests/__init__.py": "def get(url: str): ...\n"}
    )
    install(folder / "src", "shelf", SHELF)
    for side, parameters in (("old", "url"), ("new", "url, timeout")):
        package = folder / side / "acme"
        package.mkdir(parents=True)
        (package / "__init__.py").write_text(f"def fetch({parameters}): ...\n")
    shutil.rmtree(folder / "src" / "shelf-1.0.dist-info")
    (folder / "dist").mkdir()
    wheel(folder / "dist", "shelf", SHELF)
    sdist(folder / "dist", "shelf", SHELF)
    work = Repository(folder / "work")
    work.commit({f"src/{path}": text for path, text in SHELF.items()}, tag="v1.0")
    work.commit({"src/shelf/more.py": ""})
    return folder


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_document_shows_commands(document):
    assert len([line for line in command_lines(document) if line.startswith("pybridge ")]) >= 5


@pytest.mark.parametrize("line", dict.fromkeys(line for document in DOCUMENTS for line in command_lines(document)))
def test_a_command_line_works_as_shown(project, line):
    if line.startswith(SERVES_UNTIL_STOPPED):
        pytest.skip("serves until it is stopped; the worker's own tests start it")
    program, *arguments = shlex.split(line, comments=True)
    assert program == "pybridge", line

    done = run_command(*arguments, cwd=project, variables=places(project))

    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout or {"-o", "--output"}.intersection(arguments)
