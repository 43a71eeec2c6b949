"""Conditions are decided for the target, and what cannot be decided keeps both branches."""

import pytest

from evaluated import evaluate, exported
from pybridge.model.facts import FunctionFacts
from pybridge.model.library import SkipReason, Target
from pybridge.model.names import ModuleName
from pybridge.resolve.symbols import DefinitionStatement

LIB = ModuleName("lib")


def parameter_counts(statements: tuple[DefinitionStatement, ...]) -> list[int]:
    return [len(one.parameters) for one in statements if isinstance(one, FunctionFacts)]


def names_of(text: str, *, version: str = "3.11", platform: str = "linux") -> set[str]:
    surface = evaluate({"lib.py": text}, target=Target(python_version=version, platform=platform))
    return set(exported(surface, "lib"))


@pytest.mark.parametrize(
    ("test", "holds"),
    [
        ("sys.version_info >= (3, 9)", True),
        ("sys.version_info < (3, 9)", False),
        ("sys.version_info[:2] >= (3, 12)", False),
        ("sys.version_info[:2] == (3, 11)", True),
        ("sys.version_info[0] == 2", False),
        ("sys.version_info.major >= 3", True),
        ("sys.version_info >= (3, 11, 4)", True),
        ("(3, 8) <= sys.version_info < (4,)", True),
        ("version_info >= (3, 12)", False),
        ("sys.hexversion >= 0x030C0000", False),
        ("sys.platform == 'win32'", False),
        ("sys.platform != 'win32'", True),
        ("sys.platform.startswith('linux')", True),
        ("sys.platform.startswith(('win', 'cygwin'))", False),
        ("sys.platform in ('linux', 'darwin')", True),
        ("os.name == 'nt'", False),
        ("platform.system() == 'Linux'", True),
        ("platform.system().lower() == 'windows'", False),
        ("platform.python_implementation() == 'PyPy'", False),
        ("sys.implementation.name == 'cpython'", True),
        ("TYPE_CHECKING", False),
        ("typing.TYPE_CHECKING", False),
        ("TC", False),
        ("not TC", True),
        ("PY2", False),
        ("not PY2 and sys.platform == 'linux'", True),
        ("PY2 or unknown() or True", True),
        ("WINDOWS", False),
        ("0", False),
        ("__name__ == '__main__'", False),
        ("sys.maxsize > 2 ** 32", True),
        ("bool(PY2)", False),
    ],
)
def test_a_condition_of_the_target_is_decided(test: str, *, holds: bool) -> None:
    head = """
import os, platform, sys, typing
from sys import version_info
from typing import TYPE_CHECKING, TYPE_CHECKING as TC
PY2 = sys.version_info[0] == 2
WINDOWS = sys.platform.startswith("win")
"""
    found = names_of(f"{head}\nif {test}:\n    def yes(): ...\nelse:\n    def no(): ...\n")

    assert found & {"yes", "no"} == ({"yes"} if holds else {"no"})


def test_an_elif_chain_takes_one_branch() -> None:
    text = """
import sys
if sys.platform == "win32":
    def windows(): ...
elif sys.platform == "darwin":
    def mac(): ...
else:
    def other(): ...
"""
    by_platform = {platform: names_of(text, platform=platform) for platform in ("win32", "darwin", "linux")}

    assert by_platform == {"win32": {"windows"}, "darwin": {"mac"}, "linux": {"other"}}


def test_a_constant_of_another_module_decides() -> None:
    surface = evaluate(
        {
            "lib/__init__.py": "from .compat import MODERN\nif MODERN:\n    def new(): ...\nelse:\n    def old(): ...\n",
            "lib/compat.py": "import sys\nMODERN = sys.version_info >= (3, 10)\n",
        }
    )

    assert "new" in exported(surface, "lib")
    assert "old" not in exported(surface, "lib")


def test_an_open_condition_keeps_both_branches_and_the_first_definition() -> None:
    surface = evaluate(
        {"lib.py": "if has_torch():\n    def f(a): ...\n    def g(): ...\nelse:\n    def f(): ...\n    def h(): ...\n"}
    )
    module = surface.modules[LIB]
    first = module.definitions["f"]

    assert set(exported(surface, "lib")) == {"f", "g", "h"}
    assert parameter_counts(first.statements) == [1]
    assert parameter_counts(first.variants) == [0]
    assert module.definitions["g"].condition == "has_torch()"
    assert module.definitions["h"].condition == "not (has_torch())"


def test_a_name_reserved_with_none_gives_way_to_a_conditional_definition() -> None:
    surface = evaluate({"lib.py": "f = None\nif available():\n    def f(): ...\n"})

    assert surface.modules[LIB].definitions["f"].kind.value == "function"


def test_a_name_of_another_platform_is_listed_with_its_condition() -> None:
    surface = evaluate({"lib.py": "import sys\nif sys.platform == 'win32':\n    def beep(): ...\n"})
    [skip] = surface.modules[LIB].skipped

    assert (skip.path, skip.reason, skip.detail) == ("lib:beep", SkipReason.CONDITION, "sys.platform == 'win32'")


def test_a_test_nested_beyond_reason_is_left_open() -> None:
    surface = evaluate({"lib.py": f"if {'not ' * 90}x:\n    def f(): ...\n"})

    assert set(exported(surface, "lib")) == {"f"}


def test_constants_that_define_each_other_are_left_open() -> None:
    surface = evaluate({"lib.py": "A = B\nB = A\nif A:\n    def f(): ...\n"})

    assert "f" in exported(surface, "lib")


class TestTry:
    def test_the_body_wins_while_its_import_may_exist(self) -> None:
        surface = evaluate({"lib.py": "try:\n    import orjson as json\nexcept ImportError:\n    import json\n"})

        assert surface.modules[LIB].names["json"].path == "orjson:"

    def test_the_handler_wins_when_the_library_has_no_such_module(self) -> None:
        surface = evaluate(
            {
                "lib/__init__.py": "try:\n    from ._fast import f\nexcept ImportError:\n    from ._slow import f\n",
                "lib/_slow.py": "def f(): ...\n",
            }
        )

        assert exported(surface, "lib") == {"f": "lib._slow:f"}

    def test_a_compiled_module_exists(self) -> None:
        surface = evaluate(
            {
                "lib/__init__.py": "try:\n    from ._fast import f\nexcept ImportError:\n    from ._slow import f\n",
                "lib/_slow.py": "def f(): ...\n",
            },
            compiled=["lib._fast"],
        )
        skips = {(one.path, one.reason) for one in surface.modules[LIB].skipped}

        assert exported(surface, "lib") == {"f": "lib._fast:f"}
        assert ("lib:f", SkipReason.COMPILED) in skips

    def test_a_definition_in_the_handler_keeps_the_name_public(self) -> None:
        surface = evaluate({"lib.py": "try:\n    from fast import f\nexcept ImportError:\n    def f(): ...\n"})

        assert exported(surface, "lib") == {"f": "fast:f"}

    def test_a_module_that_only_python_2_had_is_missing(self) -> None:
        surface = evaluate({"lib.py": "try:\n    import cPickle as pickle\nexcept ImportError:\n    import pickle\n"})

        assert surface.modules[LIB].names["pickle"].path == "pickle:"

    def test_a_handler_of_another_error_is_open(self) -> None:
        surface = evaluate({"lib.py": "try:\n    unicode\nexcept NameError:\n    unicode = str\n"})

        assert exported(surface, "lib") == {"unicode": "builtins:str"}


class TestTypeChecking:
    SOURCE = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from .home import Thing\n"

    def test_a_name_only_for_type_checkers_resolves_and_is_not_public(self) -> None:
        surface = evaluate({"lib/__init__.py": self.SOURCE, "lib/home.py": "class Thing: ...\n"})

        assert surface.modules[LIB].names["Thing"].path == "lib.home:Thing"
        assert exported(surface, "lib") == {}

    def test_the_run_time_branch_makes_it_public(self) -> None:
        files = {
            "lib/__init__.py": f"{self.SOURCE}else:\n    Thing = None\n",
            "lib/home.py": "class Thing: ...\n",
        }

        assert exported(evaluate(files), "lib") == {"Thing": "lib.home:Thing"}

    def test_a_class_at_run_time_is_described_rather_than_its_alias_for_checkers(self) -> None:
        text = """
from typing import TYPE_CHECKING, Annotated
if TYPE_CHECKING:
    Json = Annotated[str, ...]
else:
    class Json: ...
"""
        definition = evaluate({"lib.py": text}).modules[LIB].definitions["Json"]

        assert definition.kind.value == "class"
