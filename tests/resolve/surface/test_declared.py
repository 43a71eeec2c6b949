"""``__all__`` is computed as Python would, across modules, and what cannot be read is told."""

import pytest

from evaluated import evaluate, exported
from pybridge.model.library import SkipReason, Visibility
from pybridge.model.names import ModuleName

LIB = ModuleName("lib")
PARTS = {
    "lib/a.py": "__all__ = ['one', 'two']\ndef one(): ...\ndef two(): ...\n",
    "lib/b.py": "__all__ = ['three']\nNAMES = ('one', 'four')\nTABLE = {'five': 1, 'six': 2}\ndef three(): ...\n",
}


def declared(text: str) -> tuple[str, ...] | None:
    return evaluate({"lib/__init__.py": text, **PARTS}).modules[LIB].declared_names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("__all__ = ['x', 'y']", ["x", "y"]),
        ("__all__ = ('x',) + ('y',)", ["x", "y"]),
        ("__all__: list[str] = ['x']\n__all__ += ['y']", ["x", "y"]),
        ("__all__ = ['x']\n__all__.extend(['y'])\n__all__.append('z')\n__all__.remove('x')", ["y", "z"]),
        ("from . import a, b\n__all__ = a.__all__ + b.__all__", ["one", "two", "three"]),
        ("from . import a\n__all__ = ['x']\n__all__.extend(a.__all__)", ["x", "one", "two"]),
        ("import lib.a\n__all__ = ['x', *lib.a.__all__]", ["x", "one", "two"]),
        ("from .a import *\nfrom .a import __all__ as theirs\n__all__ = [*theirs, 'x']", ["one", "two", "x"]),
        ("from .a import __all__", None),
        ("from .b import NAMES\n__all__ = list(NAMES)", ["one", "four"]),
        ("from . import b\n__all__ = sorted(b.TABLE.keys())", ["five", "six"]),
        ("from .b import TABLE\n__all__ = [name for name in TABLE]", ["five", "six"]),
        ("_own = ['x', '_y']\n__all__ = [n for n in _own if not n.startswith('_')]", ["x"]),
        ("def f(): ...\n_g = 1\n__all__ = [n for n in dir() if n[0] != '_']", ["f"]),
        ("def f(): ...\n__all__ = [f.__name__]", ["f"]),
        ("__all__ = 'x y'.split()", ["x", "y"]),
        ("__all__ = sum([['x'], ['y']], [])", ["x", "y"]),
        ("import sys\n__all__ = ['x']\nif sys.platform == 'win32':\n    __all__ += ['y']", ["x"]),
        ("__all__ = ['x']\nif has_y():\n    __all__ += ['y']", ["x", "y"]),
        ("__all__ = ['x', 'x']\n__all__ += __all__", ["x"]),
        ("__all__ = []", []),
        ("def f(): ...", None),
    ],
)
def test_all_is_computed(text: str, names: list[str] | None) -> None:
    found = declared(text)

    assert found == (None if names is None else tuple(names))


def test_what_cannot_be_read_is_told_and_the_rest_is_kept() -> None:
    surface = evaluate({"lib/__init__.py": "__all__ = ['f'] + find()\ndef f(): ...\ndef g(): ...\n"})

    assert surface.modules[LIB].declared_names == ("f",)
    assert [one.code for one in surface.diagnostics] == ["dynamic-all"]


def test_an_all_of_which_nothing_can_be_read_counts_as_none() -> None:
    surface = evaluate({"lib/__init__.py": "__all__ = find()\ndef f(): ...\n"})

    assert surface.modules[LIB].declared_names is None
    assert exported(surface, "lib") == {"f": "lib:f"}


def test_a_private_name_in_all_is_public_and_others_are_defined() -> None:
    surface = evaluate({"lib/__init__.py": "__all__ = ['_x']\n_x = 1\ndef f(): ...\n"})

    assert {one.name: one.visibility for one in surface.modules[LIB].exports} == {
        "_x": Visibility.DECLARED,
        "f": Visibility.DEFINED,
    }


def test_a_submodule_in_all_is_declared() -> None:
    surface = evaluate({"lib/__init__.py": "__all__ = ['a']\n", **PARTS})

    assert [(one.name, one.visibility) for one in surface.modules[LIB].exports] == [
        ("a", Visibility.DECLARED),
        ("b", Visibility.DEFINED),
    ]


def test_a_declared_name_that_nothing_binds_is_skipped_with_a_reason() -> None:
    surface = evaluate({"lib/__init__.py": "__all__ = ['ghost', 'a b\\n']\n"})

    assert [(one.path, one.reason) for one in surface.modules[LIB].skipped] == [
        ("lib:ghost", SkipReason.UNRESOLVED),
        ("lib:a b\n", SkipReason.UNRESOLVED),
    ]


def test_lists_that_need_each_other_settle() -> None:
    surface = evaluate(
        {
            "lib/__init__.py": "from .p import *\nfrom . import p\n__all__ = p.__all__\n",
            "lib/p.py": "from . import q\nfrom .q import *\n__all__ = ['f'] + q.__all__\ndef f(): ...\n",
            "lib/q.py": "from . import p\nfrom .p import *\n__all__ = ['g'] + p.__all__\ndef g(): ...\n",
        }
    )

    assert exported(surface, "lib") == {"f": "lib.p:f", "g": "lib.q:g"}
