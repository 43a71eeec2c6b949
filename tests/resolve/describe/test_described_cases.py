import os
from pathlib import Path

import pytest

from cases_in_markdown import CASES, Case, cases
from described import describe, module_api

FILES = cases("describe")


@pytest.fixture(scope="module", params=sorted(FILES))
def described(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[str, str]]:
    """A case file, each case as a module of one library, and what became of every module."""
    name = request.param
    sources = {"lib/__init__.py": ""} | {f"lib/{case.module}.py": case.source for case in FILES[name]}
    descriptor = describe(tmp_path_factory.mktemp(name), sources).descriptor
    return name, {case.title: module_api(descriptor, f"lib.{case.module}") for case in FILES[name]}


def test_every_case_becomes_the_api_written_beside_it(described: tuple[str, dict[str, str]]) -> None:
    name, found = described
    if os.environ.get("PYBRIDGE_UPDATE_CASES"):
        _rewrite(CASES / "describe" / f"{name}.md", FILES[name], found)

    assert {case.title: case.expected for case in FILES[name]} == found


def _rewrite(path: Path, written: tuple[Case, ...], found: dict[str, str]) -> None:
    text = path.read_text()
    for case in written:
        text = text.replace(
            f"{case.source}```\n\n```api\n{case.expected}```", f"{case.source}```\n\n```api\n{found[case.title]}```"
        )
    path.write_text(text)
