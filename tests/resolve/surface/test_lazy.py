"""Names that modules make on first access are found by reading the literals that say so."""

from evaluated import evaluate, exported
from pybridge.model.library import How, Visibility
from pybridge.model.names import ModuleName

LIB = ModuleName("lib")
HOMES = {"lib/a.py": "class A: ...\ndef f(): ...\n", "lib/b.py": "class B: ...\n"}
HOOK = "def __getattr__(name):\n    return find(name)\n"


def lazy(text: str, **more: str) -> dict[str, str]:
    surface = evaluate({"lib/__init__.py": text, **HOMES, **more})
    return {one.name: one.target for one in surface.modules[LIB].exports if one.how is How.LAZY}


def test_a_table_from_name_to_module() -> None:
    assert lazy(f"_dynamic_imports = {{'A': 'a', 'B': '.b', 'sub': '__module__'}}\n{HOOK}", **{"lib/sub.py": ""}) == {
        "A": "lib.a:A",
        "B": "lib.b:B",
    }


def test_a_table_from_name_to_absolute_path() -> None:
    assert lazy(f"_LAZY = {{'A': 'lib.a', 'Bee': 'lib.b.B', 'f': 'lib.a:f'}}\n{HOOK}") == {
        "A": "lib.a:A",
        "Bee": "lib.b:B",
        "f": "lib.a:f",
    }


def test_a_table_from_name_to_package_and_module() -> None:
    text = "_dynamic_imports = {'A': (__spec__.parent, '.a'), 'B': (__package__, '.b'), 'E': ('other', '.')}\n"

    assert lazy(text + "__all__ = ['A', 'B', 'E']\n" + HOOK) == {"A": "lib.a:A", "B": "lib.b:B", "E": "other:E"}


def test_a_table_from_name_to_module_and_attribute() -> None:
    assert lazy(f"_LAZY = {{'X': ('.a', 'A'), 'B': ('b', 'B')}}\n{HOOK}") == {"X": "lib.a:A", "B": "lib.b:B"}


def test_a_table_from_module_to_names() -> None:
    assert lazy(f"_SUBMOD_ATTRS = {{'a': ['A', 'f'], 'b': ['B']}}\n{HOOK}") == {
        "A": "lib.a:A",
        "B": "lib.b:B",
        "f": "lib.a:f",
    }


def test_a_table_of_something_else_gives_no_names() -> None:
    surface = evaluate({"lib/__init__.py": f"_MESSAGES = {{'old': 'use new', 'older': 'gone'}}\n{HOOK}", **HOMES})

    assert exported(surface, "lib") == {}
    assert surface.modules[LIB].is_dynamic


def test_a_table_without_a_hook_is_data() -> None:
    assert lazy("TABLE = {'A': 'a'}\n") == {}


def test_a_lazy_module_with_an_import_structure() -> None:
    text = """
import sys
from typing import TYPE_CHECKING
from .utils import _LazyModule
_import_structure = {"a": ["A"], "b": []}
if has_torch():
    _import_structure["a"].append("f")
_import_structure["b"] += ["B"]
if TYPE_CHECKING:
    from .a import A
else:
    sys.modules[__name__] = _LazyModule(__name__, globals()["__file__"], _import_structure, module_spec=__spec__)
"""
    surface = evaluate({"lib/__init__.py": text, **HOMES, "lib/utils.py": "class _LazyModule: ...\n"})

    assert {name: path for name, path in exported(surface, "lib").items() if name in {"A", "f", "B"}} == {
        "A": "lib.a:A",
        "B": "lib.b:B",
        "f": "lib.a:f",
    }


def test_a_lazy_module_that_scans_its_files() -> None:
    text = """
import sys
from typing import TYPE_CHECKING
from . import utils
from .utils import _LazyModule
if TYPE_CHECKING:
    from .a import *
else:
    _file = globals()["__file__"]
    sys.modules[__name__] = _LazyModule(__name__, _file, utils.define_import_structure(_file), module_spec=__spec__)
"""
    surface = evaluate(
        {
            "lib/__init__.py": text,
            "lib/a.py": "__all__ = ['A']\nclass A: ...\nclass Helper: ...\n",
            "lib/utils.py": "class _LazyModule: ...\ndef define_import_structure(): ...\n",
        }
    )

    assert exported(surface, "lib") == {"A": "lib.a:A"}


def test_lazy_loader_attach() -> None:
    text = """
import lazy_loader as lazy
__getattr__, __dir__, __all__ = lazy.attach(__name__, submodules=["b"], submod_attrs={"a": ["A", "f"]})
"""
    surface = evaluate({"lib/__init__.py": text, **HOMES})

    assert exported(surface, "lib") == {"A": "lib.a:A", "f": "lib.a:f"}
    assert not surface.modules[LIB].is_dynamic


def test_lazy_loader_attach_stub_reads_the_stub_beside() -> None:
    text = "import lazy_loader as lazy\n__getattr__, __dir__, __all__ = lazy.attach_stub(__name__, __file__)\n"
    stub = "from .a import A as A, f as f\nfrom .b import B\n__all__ = ['A', 'f', 'B']\n"

    assert lazy(text, **{"lib/__init__.pyi": stub}) == {"A": "lib.a:A", "B": "lib.b:B", "f": "lib.a:f"}


def test_declared_names_that_only_type_checkers_import_are_lazy() -> None:
    text = f"""
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from .a import A
    from .b import B
__all__ = ["A"]
{HOOK}"""
    assert lazy(text) == {"A": "lib.a:A"}


def test_a_function_that_is_given_the_namespace_and_tables() -> None:
    text = (
        "from .tools import lazy_import\nlazy_import(globals(), aliases={'A': '.a'}, deprecated_aliases={'B': '.b'})\n"
    )

    assert lazy(text) == {"A": "lib.a:A", "B": "lib.b:B"}


def test_a_function_that_is_given_another_table_gives_no_names() -> None:
    assert lazy("register_lazy(globals(), {'A': 'one', 'B': 'two'})\nlazy_import({'A': '.a'})\n") == {}


def test_a_hook_written_out_is_read() -> None:
    text = """
import importlib
_old = 1
def __getattr__(name):
    if name == "A":
        from .a import A
        return A
    elif name in ("B", "Bee"):
        from .b import B as bee
        return bee
    if name == "old":
        return _old
    if name in {"g"}:
        return globals()[f"_old"]
    if name == "made":
        return make()
    if name in _MODULES:
        return importlib.import_module("." + name, __name__)
    raise AttributeError(name)
_MODULES = ["a", "b"]
"""
    surface = evaluate({"lib/__init__.py": text, **HOMES})

    assert exported(surface, "lib") == {
        "A": "lib.a:A",
        "B": "lib.b:B",
        "Bee": "lib.b:B",
        "made": "lib:made",
    }
    kept = [one for one in surface.modules[LIB].exports if one.visibility is Visibility.INCIDENTAL]
    assert [(one.name, one.target) for one in kept] == [("g", "lib:_old"), ("old", "lib:_old")]
    assert not surface.modules[LIB].is_dynamic


def test_a_hook_that_asks_the_other_way_round() -> None:
    text = """
def __getattr__(key):
    if key not in ("A", "f"):
        raise AttributeError(key)
    from . import a
    return getattr(a, key)
"""
    assert lazy(text) == {"A": "lib.a:A", "f": "lib.a:f"}


def test_a_hook_that_only_refuses_names_gives_none() -> None:
    text = "def __getattr__(name):\n    if name == 'gone':\n        raise AttributeError('gone')\n    raise AttributeError\n"
    surface = evaluate({"lib/__init__.py": text, **HOMES})

    assert exported(surface, "lib") == {}
    assert not surface.modules[LIB].is_dynamic


def test_a_class_may_have_such_a_method_without_meaning_anything() -> None:
    surface = evaluate({"lib/__init__.py": "class C:\n    def __getattr__(self, name): ...\n", **HOMES})

    assert not surface.modules[LIB].is_dynamic


def test_names_written_through_globals_make_a_module_dynamic() -> None:
    surface = evaluate({"lib/__init__.py": "globals()['x'] = 1\nglobals().update(find())\n", **HOMES})

    assert exported(surface, "lib") == {"x": "lib:x"}
    assert surface.modules[LIB].is_dynamic
