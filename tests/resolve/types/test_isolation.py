"""Nothing of the target runs, and nothing of the user's environment reaches the engine."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pybridge.model.names import ModuleName
from pybridge.resolve.types import OwnModule, TypeAnswers, TypeRequest, ask_engine
from type_spelling import spell_answer

POISON = "from pathlib import Path\nPath({marker!r}).write_text('ran')\ndef plugin(version): raise SystemExit(9)\n"


@pytest.fixture
def marker(tmp_path: Path) -> Path:
    return tmp_path / "marker"


def poison(folder: Path, marker: Path) -> None:
    """Fill a folder with everything that a tool might run or obey."""
    folder.mkdir(parents=True, exist_ok=True)
    code = POISON.format(marker=str(marker))
    for name in ("evil.py", "sitecustomize.py", "usercustomize.py", "conftest.py", "setup.py", "mypy.py", "msgspec.py"):
        (folder / name).write_text(code)
    (folder / "evil.pth").write_text(f"import os; open({str(marker)!r}, 'w').write('ran')\n")
    plugins = f"{folder / 'evil.py'}, evil"
    (folder / "mypy.ini").write_text(f"[mypy]\nplugins = {plugins}\n")
    (folder / ".mypy.ini").write_text(f"[mypy]\nplugins = {plugins}\n")
    (folder / "setup.cfg").write_text(f"[mypy]\nplugins = {plugins}\n")
    (folder / "pyproject.toml").write_text(f"[tool.mypy]\nplugins = [{str(folder / 'evil.py')!r}, 'evil']\n")


def test_poisoned_tree_runs_nothing(tmp_path: Path, marker: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree, cwd, home = tmp_path / "tree", tmp_path / "cwd", tmp_path / "home"
    for folder in (tree, cwd, home):
        poison(folder, marker)
    poison(home / "mypy", marker)
    package = tree / "lib"
    package.mkdir()
    (package / "__init__.py").write_text(
        f"# mypy: plugins={tree / 'evil.py'}, config-file={tree / 'mypy.ini'}\n# mypy: ignore-errors=False\n"
        f"{POISON.format(marker=str(marker))}x: int = 1\n"
    )
    monkeypatch.chdir(cwd)
    for name, value in {
        "HOME": home,
        "XDG_CONFIG_HOME": home,
        "MYPYPATH": tree,
        "MYPY_CONFIG_FILE_DIR": tree,
        "MYPY_CACHE_DIR": cwd / "poisoned-cache",
        "PYTHONPATH": tree,
        "PYTHONSTARTUP": tree / "evil.py",
        "PYTHONHOME": "",
    }.items():
        monkeypatch.setenv(name, str(value))
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    answers = ask_engine(
        TypeRequest(
            modules=(OwnModule(name=ModuleName("lib"), location=package / "__init__.py"),),
            search_paths=(tree,),
            python_version="3.11",
            platform="linux",
            follow=("evil",),
        )
    )

    assert spell_answer(answers.modules[ModuleName("lib")].symbols["x"]) == ["int", "is_declared"]
    assert not marker.exists()
    assert before == {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}


def test_modules_beside_the_caller_are_not_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "neighbour.pyi").write_text("class Near: ...\n")
    (tmp_path / "lib.py").write_text("from neighbour import Near\nclass C(Near): ...\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MYPYPATH", str(tmp_path))
    module = OwnModule(name=ModuleName("lib"), location=tmp_path / "lib.py")

    answers = ask_engine(TypeRequest(modules=(module,), python_version="3.11", platform="linux"))

    assert "has_unknown_base" in spell_answer(answers.modules[ModuleName("lib")].symbols["C"])


def test_packages_of_our_own_environment_are_not_found(ask: Callable[..., TypeAnswers], tmp_path: Path) -> None:
    text = "from attr import Attribute\nclass C(Attribute): ...\n"

    answers = ask({"lib.py": text}, search_paths=(tmp_path,), cache_dir=None)

    assert "has_unknown_base" in spell_answer(answers.modules[ModuleName("lib")].symbols["C"])


def test_standard_library_is_not_shadowed_by_an_installed_backport(
    ask: Callable[..., TypeAnswers], tmp_path: Path
) -> None:
    (tmp_path / "dataclasses.py").write_text("def dataclass(x): ...\n")
    text = "from dataclasses import dataclass\n@dataclass\nclass C:\n    a: int\n"

    answers = ask({"lib.py": text}, search_paths=(tmp_path,), follow=("dataclasses",), cache_dir=None)

    assert spell_answer(answers.modules[ModuleName("lib")].symbols["C"])[0] == "(a: int) -> lib:C"


def test_stub_package_comes_before_the_package(ask: Callable[..., TypeAnswers], tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "far" / "__init__.py").write_text("class Thing: ...\n")
    (tmp_path / "far-stubs").mkdir()
    (tmp_path / "far-stubs" / "__init__.pyi").write_text("class Thing:\n    def __init__(self, n: int) -> None: ...\n")

    answers = ask({"lib.py": "from far import Thing\nclass C(Thing): ...\n"}, search_paths=(tmp_path,), cache_dir=None)

    assert spell_answer(answers.modules[ModuleName("lib")].symbols["C"]) == ["(n: int) -> lib:C"]


def test_target_version_and_platform_decide_conditions(ask: Callable[..., TypeAnswers]) -> None:
    text = "import sys\nif sys.version_info >= (3, 12):\n    x: int\nelse:\n    x: str\n"

    spelled = [
        spell_answer(ask({"lib.py": text}, python_version=version).modules[ModuleName("lib")].symbols["x"])[0]
        for version in ("3.11", "3.12")
    ]

    assert spelled == ["str", "int"]
