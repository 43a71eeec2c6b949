"""``pybridge stubs check``: in what stubs and sources disagree, told without importing anything."""

import json
import subprocess
import sys

import pytest

SOURCE = """
def fetch(url, timeout=1): return 1
def same(a, /, b, *, c=None): return a
def gone(): ...
def optional(a): ...
class Client:
    limit = 3
    def get(self, url, token): return url
    async def wait(self): ...
    def typed(self, a: int) -> str: return ""
    def stream(self): yield 1
    def default(self, a=1): ...
    @property
    def name(self): return ""
    @classmethod
    def make(cls): return cls()
    def fine(self, *args, **kwargs): ...
"""
STUB = """
from collections.abc import Iterator
from typing import Any
def fetch(url: str) -> int: ...
def same(a: int, /, b: str, *, c: int | None = None) -> int: ...
def added() -> None: ...
def optional(a: int = ...) -> None: ...
class Client:
    limit: int
    def get(self, url: str, key: str) -> str: ...
    def wait(self) -> None: ...
    def typed(self, a: str) -> str: ...
    def stream(self) -> Iterator[int]: ...
    def default(self, a: int = ...) -> None: ...
    def name(self) -> str: ...
    @staticmethod
    def make() -> Client: ...
    def fine(self, *args: Any, **kwargs: Any) -> None: ...
"""
WRONG = {"added", "fetch", "gone", "optional", "Client.get", "Client.make", "Client.name", "Client.wait"}
"""What stubtest tells too; it compares no types, as few of them exist at run time."""


@pytest.fixture
def project(tmp_path, monkeypatch):
    package = tmp_path / "project" / "acme"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(SOURCE)
    (package / "__init__.pyi").write_text(STUB)
    monkeypatch.chdir(package.parent)
    return package.parent


def symbols(told):
    return {one["symbol"].partition(":")[2] for one in json.loads(told.out)["findings"]}


def test_every_disagreement_is_told_and_nothing_else(pybridge, project):
    told = pybridge("stubs", "check", "--path", ".", "--output-format", "json")

    assert told.code == 1
    assert symbols(told) == WRONG | {"Client.typed"}
    assert {one["rule"] for one in json.loads(told.out)["findings"]} == {"PB803"}


@pytest.mark.e2e
def test_stubtest_says_the_same_of_names_and_signatures(project):
    command = [sys.executable, "-m", "mypy.stubtest", "acme", "--concise", "--mypy-config-file", "none.ini"]
    (project / "none.ini").write_text("[mypy]\n")
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)

    told = {line.split(" ")[0].removeprefix("acme.") for line in done.stdout.splitlines() if line.startswith("acme.")}
    assert told == WRONG


def test_both_places_are_told(pybridge, project):
    told = pybridge("stubs", "check", "--path", ".", "--output-format", "json")

    one = next(one for one in json.loads(told.out)["findings"] if one["symbol"] == "acme:fetch")
    assert (one["old"]["path"], one["old"]["line"]) == ("acme/__init__.py", 2)
    assert (one["new"]["path"], one["new"]["line"]) == ("acme/__init__.pyi", 4)


def test_stubs_of_a_folder_of_their_own(pybridge, project, tmp_path):
    stubs = tmp_path / "stubs" / "acme"
    stubs.mkdir(parents=True)
    (stubs / "__init__.pyi").write_text((project / "acme" / "__init__.pyi").read_text())
    (project / "acme" / "__init__.pyi").unlink()

    told = pybridge("stubs", "check", "--path", ".", "--stubs", stubs.parent, "--output-format", "json")

    assert symbols(told) == WRONG | {"Client.typed"}


def test_a_disagreement_can_be_accepted_through_its_entry(pybridge, project):
    told = json.loads(pybridge("stubs", "check", "--path", ".", "--output-format", "json").out)
    entries = [
        f"[[accept]]\nrule = 'PB803'\nsymbol = '{one['symbol']}'\npart = '{one['part']}'\n"
        f"fingerprint = '{one['fingerprint']}'\nreason = 'on purpose'\n"
        for one in told["findings"]
    ]
    (project / "pybridge-accepted.toml").write_text("\n".join(entries[1:]))

    again = pybridge("stubs", "check", "--path", ".", "--output-format", "json")

    assert [one["level"] for one in json.loads(again.out)["findings"]].count("error") == 1


def test_without_stubs_there_is_nothing_to_check_and_it_says_so(pybridge, project):
    (project / "acme" / "__init__.pyi").unlink()
    told = pybridge("stubs", "check", "--path", ".")

    assert told.code == 3
    assert "has a stub beside the sources" in told.err


@pytest.mark.parametrize(
    ("text", "code"), [("__all__ = ['_dispatchable']\ndef _dispatchable(func): ...\n", 0), ("", 1)]
)
def test_overlays_of_pybridge_are_held_against_the_library(pybridge, project, text, code):
    for name, source in {
        "networkx/__init__.py": "",
        "networkx/utils/__init__.py": "",
        "networkx/utils/backends.py": text,
        "networkx/utils/configs.py": "class Config: ...\n",
        "networkx/utils/decorators.py": (
            "class argmap: ...\ndef nodes_or_number(x): ...\ndef np_random_state(x): ...\ndef open_file(x): ...\n"
            "def py_random_state(x): ...\ndef not_implemented_for(x): ...\n"
        ),
    }.items():
        (project / "lib" / name).parent.mkdir(parents=True, exist_ok=True)
        (project / "lib" / name).write_text(source)

    told = pybridge("stubs", "check", "networkx", "--path", "lib", "--output-format", "concise")

    assert told.code == code
    assert ("networkx.utils.backends._dispatchable" in told.out) is bool(code)
