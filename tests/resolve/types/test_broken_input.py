"""Input that the engine cannot read costs the modules at fault, nothing else."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from pybridge.model.diagnostic import Severity
from pybridge.model.names import ModuleName
from pybridge.resolve.types import ClassAnswer, OwnModule, TypeAnswers, TypeRequest, ask_engine
from type_spelling import spell_answer

GOOD = "from .bad import Thing\ndef f(x: int) -> Thing: ...\n"

BROKEN: dict[str, str | bytes] = {
    "syntax error": "class Thing:\n  def (:\n",
    "python 2": "print 'hello'\n",
    "null bytes": b"class Thing: ...\n\x00\x00\n",
    "not utf-8": b"class Thing: ...\nx = '\xff\xfe'\n",
    "unknown encoding": b"# -*- coding: nonsense -*-\nclass Thing: ...\n",
    "bad indentation": "class Thing: ...\n    x = 1\n  y = 2\n",
    "relative import out of the top": "from .... import x\nclass Thing: ...\n",
    "unclosed brackets": "x = " + "(" * 5_000,
    "nested too deeply": "x = " + "(" * 3_000 + ")" * 3_000,
    "long chain of operators": "x = " + "+".join(["1"] * 2_000),
    "long chain of attributes": "x = a" + ".b" * 2_000,
    "deep indentation": "".join("  " * depth + "if x:\n" for depth in range(90)) + "  " * 90 + "pass\n",
    "deep annotation": "x: " + "list[" * 2_000 + "int" + "]" * 2_000 + "\n",
    "many unions": "x: " + " | ".join(f"'T{number}'" for number in range(3_000)) + "\n",
}


PRELUDE = "from typing import *\nfrom typing_extensions import *\nimport enum, dataclasses\nT = TypeVar('T')\n"

ABSURD: dict[str, str] = {
    "bases in a circle": "class A(A): ...\nclass B(C): ...\nclass C(B): ...\n",
    "ever growing base": "class A(Generic[T]): ...\nclass B(A['B[B[T]]'], Generic[T]):\n"
    "    def __init__(self, x: 'B[B[T]]') -> None: ...\n",
    "aliases of themselves": "X = X\nZ: TypeAlias = 'Z'\nU = Union[int, 'U']\nV = Tuple['V', 'V']\nx: V\ny: U\n"
    "type P = P\ntype W[K] = list[W[W[K]]]\nw: W[int]\n",
    "no order of bases": "class A: ...\nclass B(A): ...\nclass C(A, B): ...\nclass D(B, B): ...\n",
    "metaclasses of themselves": "class M(N): ...\nclass N(type, metaclass=M): ...\nclass C(metaclass=C): ...\n",
    "constructors that are none": "class A:\n    __init__ = 1\nclass B:\n    def __init__(): ...\nclass C:\n"
    "    class __init__: ...\nclass D:\n    __new__ = None\nclass E(A, B, C, D): ...\nclass F:\n"
    "    @property\n    def __init__(self): ...\n",
    "properties upon properties": "class A:\n    @property\n    @property\n    def x(self): ...\n    @x.setter\n"
    "    def y(self, v): ...\n    @staticmethod\n    @classmethod\n    @property\n    def z(): ...\n",
    "lonely overloads": "@overload\ndef f(x: int) -> int: ...\n@overload\ndef g(): ...\n@overload\ndef g(x): ...\n",
    "names that are not types": "def f(x: f, y: 3, z: [int], w: Callable[int], v: Literal[x]) -> f(): ...\n",
    "dataclass of unknowns": "@dataclasses.dataclass(frozen=x, slots=y)\nclass A(Nothing):\n    a: 'A' = 0\n    b: 'B'\n",
    "named tuple of keywords": "N = NamedTuple('M', [('def', int), ('x', 'N'), ('x', int)])\n",
    "one name, many things": "x: int = 1\ndef x(): ...\nclass x: ...\nfor x in []: ...\nimport x\ndel x\n",
    "digits without end": "x: Literal[" + "9" * 6_000 + "]\n",
}


@pytest.mark.parametrize("bad", ABSURD)
def test_absurd_definitions_cost_their_module_at_most(bad: str, ask: Callable[..., TypeAnswers]) -> None:
    files = {"pkg/__init__.py": "", "pkg/bad.py": PRELUDE + ABSURD[bad], "pkg/good.py": GOOD}

    answers = ask(files, cache_dir=None)

    assert spell_answer(answers.modules[ModuleName("pkg.good")].symbols["f"])[0].startswith("(x: int) -> ")
    assert {found.path for found in answers.diagnostics} <= {"pkg/bad.py"}


@pytest.mark.parametrize("bad", BROKEN)
def test_module_beside_a_broken_one_is_answered(bad: str, ask: Callable[..., TypeAnswers]) -> None:
    answers = ask({"pkg/__init__.py": "", "pkg/bad.py": BROKEN[bad], "pkg/good.py": GOOD})

    assert not any(found.code == "engine-failed" for found in answers.diagnostics)
    assert spell_answer(answers.modules[ModuleName("pkg.good")].symbols["f"])[0].startswith("(x: int) -> ")
    assert all(found.path == "pkg/bad.py" for found in answers.diagnostics)


def test_dropped_module_is_told_with_its_place(ask: Callable[..., TypeAnswers]) -> None:
    answers = ask({"pkg/__init__.py": "", "pkg/bad.py": "x = 1\ndef (:\n", "pkg/good.py": GOOD})

    (found,) = answers.diagnostics
    assert (found.code, found.severity, found.path, found.line) == (
        "engine-dropped-module",
        Severity.WARNING,
        "pkg/bad.py",
        2,
    )
    assert "/" not in found.message
    assert spell_answer(answers.modules[ModuleName("pkg.good")].symbols["f"]) == ["(x: int) -> pkg.bad:Thing"]


def test_many_broken_modules_are_dropped_together(ask: Callable[..., TypeAnswers]) -> None:
    files = {f"pkg/bad{number}.py": "def (:\n" for number in range(40)}

    answers = ask({"pkg/__init__.py": "", "pkg/good.py": "x: int\n", **files})

    assert list(answers.modules) == ["pkg", "pkg.good"]
    assert len(answers.diagnostics) == 40


def test_broken_package_does_not_take_its_modules_along(ask: Callable[..., TypeAnswers]) -> None:
    answers = ask({"pkg/__init__.py": "def (:\n", "pkg/good.py": "x: int\n"})

    assert list(answers.modules) == ["pkg.good"]
    assert [found.path for found in answers.diagnostics] == ["pkg/__init__.py"]


def test_broken_dependency_costs_that_dependency(ask: Callable[..., TypeAnswers], tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "far" / "__init__.py").write_text("class Base: ...\n")
    (tmp_path / "far" / "torn.py").write_text("def (:\n")
    (tmp_path / "near-stubs").mkdir()
    (tmp_path / "near-stubs" / "__init__.pyi").write_text("def (:\n")
    (tmp_path / "wild.py").write_text("class M(N): ...\nclass N(type, metaclass=M): ...\nclass C(metaclass=C): ...\n")
    text = "import far.torn, near, wild\nfrom far import Base\nclass C(Base): ...\nx: near.Thing\n"

    answers = ask({"lib.py": text}, search_paths=(tmp_path,), follow=("far", "wild"), cache_dir=None)

    answer = answers.modules[ModuleName("lib")].symbols["C"]
    assert isinstance(answer, ClassAnswer)
    assert answer.mro == ("lib:C", "far:Base")
    assert {found.code for found in answers.diagnostics} == {"engine-dropped-module"}
    assert sorted(found.message.split()[5].rstrip(":") for found in answers.diagnostics) == ["far.torn", "near", "wild"]


def test_missing_file_is_dropped(tmp_path: Path, engine_cache: Path) -> None:
    good = tmp_path / "good.py"
    good.write_text("x: int\n")
    modules = (
        OwnModule(name=ModuleName("gone"), location=tmp_path / "gone.py"),
        OwnModule(name=ModuleName("good"), location=good),
    )

    answers = ask_engine(TypeRequest(modules=modules, python_version="3.11", platform="linux", cache_dir=engine_cache))

    assert list(answers.modules) == ["good"]
    assert [found.code for found in answers.diagnostics] == ["engine-dropped-module"]


def test_module_named_like_one_the_engine_is_built_on_is_answered_by_its_stub(ask: Callable[..., TypeAnswers]) -> None:
    answers = ask({"typing_extensions.py": "Self = 1\n", "good.py": "from typing_extensions import Self\nx: int\n"})

    assert answers.diagnostics == ()
    assert "deprecated" in answers.modules[ModuleName("typing_extensions")].symbols
    assert spell_answer(answers.modules[ModuleName("good")].symbols["x"]) == ["int", "is_declared"]


def test_stub_beside_a_source_is_the_one_that_is_read(ask: Callable[..., TypeAnswers]) -> None:
    answers = ask({"lib.py": "def f(x): ...\n", "lib.pyi": "def f(x: int) -> str: ...\n"})

    assert spell_answer(answers.modules[ModuleName("lib")].symbols["f"]) == ["(x: int) -> str"]


def test_nothing_to_answer_is_an_empty_answer(ask: Callable[..., TypeAnswers]) -> None:
    answers = ask({})

    assert (dict(answers.modules), dict(answers.externals), answers.diagnostics) == ({}, {}, ())


@pytest.mark.parametrize(
    "limits",
    [{"time_limit_seconds": 0.01}, {"time_limit_seconds": 0.0}, {"memory_limit_bytes": 30 * 1024**2}],
    ids=["time", "no time", "memory"],
)
def test_child_that_cannot_finish_leaves_one_diagnostic(limits: dict[str, float], tmp_path: Path) -> None:
    (tmp_path / "lib.py").write_text("x: int\n")
    module = OwnModule(name=ModuleName("lib"), location=tmp_path / "lib.py")
    request = TypeRequest(modules=(module,), python_version="3.11", platform="linux")

    answers = ask_engine(msgspec.structs.replace(request, **limits))

    assert dict(answers.modules) == {}
    assert [found.code for found in answers.diagnostics] == ["engine-failed"]
