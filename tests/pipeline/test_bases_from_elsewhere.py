"""Classes whose base is of another installed package, read as text and asked of the type engine."""

from pathlib import Path

import pytest

from command_line import CommandLine
from site_folders import install

PYDANTIC = {
    "pydantic/__init__.py": "from pydantic.main import BaseModel as BaseModel\n",
    "pydantic/main.py": (
        "from typing import Any, dataclass_transform\n\n"
        "@dataclass_transform(kw_only_default=True)\n"
        "class ModelMetaclass(type): ...\n\n"
        "class BaseModel(metaclass=ModelMetaclass):\n"
        "    def __init__(self, /, **data: Any) -> None: ...\n"
    ),
    "pydantic/py.typed": "",
}
ELSEWHERE = {
    "elsewhere/__init__.py": (
        "from pydantic import BaseModel\n\n"
        "class Base(BaseModel):\n"
        "    id: str\n"
        "    size: int = 0\n"
        "    _hidden: int = 1\n"
    ),
    "elsewhere/py.typed": "",
}
MODEL = "from elsewhere import Base\n\nclass Model(Base):\n    own: bool\n    size: int = 3\n"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    install(tmp_path, "pydantic", PYDANTIC, version="2.0")
    return install(tmp_path, "elsewhere", ELSEWHERE)


def _api(site: Path, source: str, capsys: pytest.CaptureFixture[str]) -> str:
    install(site, "lib", {"lib/__init__.py": source})
    told = CommandLine(site / "places", capsys)
    places = ("--store", site / "places" / "store.git", "--cache", site / "places" / "cache")
    done = told("export", "lib", "--site-packages", site, "--format", "api", *places)
    assert done.code == 0, done.err
    return done.out


def test_the_fields_of_a_model_of_another_package_come_first(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = _api(site, f"import pydantic\n\nclass Other(pydantic.BaseModel):\n    x: int\n\n{MODEL}", capsys)

    assert "def __init__(*, id: str, own: bool, size: int = 3)" in told


def test_a_constructor_that_comes_from_nowhere_known_is_not_said_to_take_nothing(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = _api(site, MODEL, capsys)

    assert "def __init__()" not in told
