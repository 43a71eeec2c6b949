"""Stubs beside sources: types from the stub, everything else from the source, disagreements told."""

from collections.abc import Mapping
from pathlib import Path

import msgspec
import pytest
from tests.described import describe, module_api

from pybridge.model.callables import Binding, Function, StreamKind
from pybridge.model.classes import Class
from pybridge.model.diagnostic import Diagnostic, Severity
from pybridge.model.evidence import Tier
from pybridge.model.library import SymbolKind
from pybridge.resolve.describe import Description


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def _merged(folder: Path, source: str, stub: str) -> Description:
    return describe(folder, {"lib.py": source, "lib.pyi": stub})


def _api(folder: Path, source: str, stub: str) -> str:
    return module_api(_merged(folder, source, stub).descriptor, "lib")


def _function(found: Description, name: str) -> Function:
    return next(one for module in found.descriptor.modules for one in module.functions if one.name == name)


def _class(found: Description, name: str) -> Class:
    return next(one for module in found.descriptor.modules for one in module.classes if one.name == name)


def _told(found: Description) -> tuple[Diagnostic, ...]:
    return tuple(one for one in found.diagnostics if one.code == "stub-disagrees")


def test_types_come_from_the_stub_and_defaults_and_documentation_from_the_source(folder: Path) -> None:
    found = _merged(
        folder,
        'def f(x, y=3, *rest):\n    """Does."""\n    return g(x)\n',
        "from collections.abc import Sequence as S\ndef f(x: S[int], y: int = ..., *rest: bytes) -> list[str]: ...\n",
    )
    assert module_api(found.descriptor, "lib") == "def f(x: Sequence[int], y: int = 3, *rest: bytes) -> list[str]\n"
    function = _function(found, "f")
    assert function.docstring == "Does."
    assert {one.type.evidence.tier for one in function.signatures[0].parameters} == {Tier.STUB}
    assert _told(found) == ()


def test_the_stub_is_believed_where_the_source_has_another_annotation(folder: Path) -> None:
    assert _api(folder, "def f(x: list) -> object: ...\n", "def f(x: list[int]) -> str: ...\n") == (
        "def f(x: list[int]) -> str\n"
    )


def test_what_a_stub_leaves_open_is_taken_from_the_source(folder: Path) -> None:
    source = "def f(x: int, y=1.5) -> str: ...\n"
    assert _api(folder, source, "from typing import Any\ndef f(x, y: Any = ...): ...\n") == (
        "def f(x: int, y: float = 1.5) -> str\n"
    )


def test_overloads_of_a_stub_have_the_defaults_of_the_source_and_type_its_signature(folder: Path) -> None:
    found = _merged(
        folder,
        "def f(x, strict=False):\n    return x\n",
        "from typing import overload\n"
        "@overload\ndef f(x: int, strict: bool = ...) -> int: ...\n"
        "@overload\ndef f(x: str) -> str: ...\n",
    )
    assert module_api(found.descriptor, "lib") == ("def f(x: int, strict: bool = False) -> int\ndef f(x: str) -> str\n")
    running = _function(found, "f").implementation
    assert running is not None
    assert [(one.name, one.default) for one in running.parameters] == [("x", None), ("strict", "False")]
    assert running.parameters[1].type.expr == _function(found, "f").signatures[0].parameters[1].type.expr
    assert running.returns.evidence.reason == "what 2 overloads say, together"


def test_keywords_that_a_stub_names_show_what_the_source_takes_as_anything(folder: Path) -> None:
    found = _merged(folder, "def f(a, **options): ...\n", "def f(a: int, *, deep: bool = ...) -> None: ...\n")
    assert module_api(found.descriptor, "lib") == "def f(a: int, *, deep: bool = ...) -> None\n"
    running = _function(found, "f").implementation
    assert running is not None
    assert [one.name for one in running.parameters] == ["a", "options"]
    assert _told(found) == ()


@pytest.mark.parametrize(
    ("source", "stub", "text", "severity"),
    [
        ("def f(a): ...", "def f(a, b): ...", "the source takes no `b`", Severity.WARNING),
        ("def f(a, b): ...", "def f(a): ...", "the stub has no `b`", Severity.WARNING),
        ("def f(a, b=1): ...", "def f(a): ...", "the stub has no `b`", Severity.NOTE),
        (
            "def f(a): ...",
            "def f(a=...): ...",
            "`a` is optional in the stub and required in the source",
            Severity.WARNING,
        ),
        ("def f(a=1): ...", "def f(a): ...", "`a` is required in the stub and optional in the source", Severity.NOTE),
        ("def f(*, a): ...", "def f(a): ...", "keyword only in the source", Severity.WARNING),
        ("def f(a): ...", "def f(b): ...", "`a` is called `b` in the stub", Severity.WARNING),
        ("def f(a=1): ...", "def f(a=2): ...", "`a` is 2 by default in the stub and 1 in the source", Severity.NOTE),
        ("class f: ...", "f: int", "it is a variable in the stub and a class in the source", Severity.WARNING),
        ("def f(): ...", "class f: ...", "it is a class in the stub and a function in the source", Severity.WARNING),
        ("def f(): ...\ndef g(): ...", "def f(): ...", "only the source has `g`", Severity.NOTE),
        ("def f(): ...", "def f(): ...\ndef g(): ...", "only the stub has `g`", Severity.NOTE),
        ("class C:\n  def m(s): ...", "class C:\n  def n(s): ...", "only the stub has `n`", Severity.NOTE),
        ("class C:\n  def m(s): ...", "class C:\n  @property\n  def m(s): ...", "it is a property", Severity.WARNING),
        (
            "class C:\n  def m(s): ...",
            "class C:\n  @classmethod\n  def m(s): ...",
            "it is a class method in the stub and a instance method",
            Severity.WARNING,
        ),
    ],
)
def test_a_disagreement_is_told_with_both_places(
    folder: Path, source: str, stub: str, text: str, severity: Severity
) -> None:
    (told,) = _told(_merged(folder, source + "\n", stub + "\n"))
    assert text in told.message
    assert "lib.py" in told.message
    assert told.path == "lib.pyi"
    assert told.severity is severity


@pytest.mark.parametrize(
    ("source", "stub"),
    [
        ("def f(a, b=1): ...", "def f(a: int, b: int = ...) -> int: ..."),
        ("def f(a): ...", "def f(__a: int) -> int: ..."),
        ("def f(*args, **kwargs): ...", "def f(a: int, *, b: int) -> int: ..."),
        ("class C:\n  def __eq__(self, other): ...", "class C:\n  def __eq__(self, value: object, /) -> bool: ..."),
        ("class B:\n  def m(s): ...\nclass C(B): ...", "class B:\n  def m(s): ...\nclass C(B):\n  def m(s): ..."),
        ("def __getattr__(name): ...", "def f() -> int: ..."),
    ],
)
def test_what_says_the_same_is_not_told(folder: Path, source: str, stub: str) -> None:
    assert _told(_merged(folder, source + "\n", stub + "\n")) == ()


def test_members_of_a_class_are_typed_and_the_source_says_which_there_are(folder: Path) -> None:
    source = """
class C:
    __slots__ = ("slot",)

    def __init__(self, size=1):
        self.size = size

    @property
    def area(self):
        return self.size

    def grow(self, by):
        self.size += by
"""
    stub = """
class C:
    slot: bytes
    size: int
    area: float
    ghost: int
    def __init__(self, size: int = ...) -> None: ...
    def grow(self, by: int) -> None: ...
"""
    assert _api(folder, source, stub) == (
        "class C\n"
        "    def __init__(size: int = 1)\n"
        "    size: int\n"
        "    slot: bytes\n"
        "    @property area: float\n"
        "    def grow(by: int) -> None\n"
    )
    one = _class(_merged(folder, source, stub), "C")
    assert {field.name for field in one.fields} == {"size", "slot"}
    assert [prop.type.evidence.tier for prop in one.properties] == [Tier.STUB]


def test_a_class_with_a_hook_for_attributes_has_what_its_stub_says(folder: Path) -> None:
    one = _class(
        _merged(
            folder,
            "class C:\n    def __getattr__(self, name): ...\n",
            "class C:\n    def made(self) -> int: ...\n    def __getattr__(self, name: str) -> object: ...\n",
        ),
        "C",
    )
    assert "made" in {method.name for method in one.methods}


def test_type_arguments_of_bases_come_from_the_stub_and_bases_from_the_source(folder: Path) -> None:
    assert (
        _api(
            folder,
            "class A(dict): ...\nclass B(list): ...\n",
            "class A(dict[str, int]): ...\nclass B: ...\n",
        )
        .replace("\n    def __init__(...)", "")
        .startswith("class A(dict[str, int])")
    )


def test_flags_are_those_of_the_source(folder: Path) -> None:
    found = _merged(
        folder,
        "def gen():\n    yield 1\nasync def go(): ...\ndef later(): return go()\nclass C:\n"
        "    @staticmethod\n    def s(x): ...\n",
        "from collections.abc import Awaitable, Coroutine, Iterator\ndef gen() -> Iterator[int]: ...\n"
        "def go() -> Coroutine[None, None, str]: ...\nasync def later() -> int: ...\n"
        "class C:\n    @staticmethod\n    def s(x: int) -> None: ...\n",
    )
    gen, go, later = (_function(found, name) for name in ("gen", "go", "later"))
    assert (gen.stream, gen.is_generator) == (StreamKind.GENERATOR, True)
    assert gen.yields is not None
    assert gen.yields.evidence.tier is Tier.STUB
    assert module_api(found.descriptor, "lib").count("async def go() -> str") == 1
    assert (go.is_async, later.is_async) == (True, False)
    assert "Coroutine[Any, Any, int]" in module_api(found.descriptor, "lib")
    assert _class(found, "C").methods[0].binding is Binding.STATIC


def test_a_stub_of_the_package_types_what_a_private_module_defines(folder: Path) -> None:
    sources = {
        "lib/__init__.py": "from lib._impl import C, make\n__all__ = ['C', 'make']\n",
        "lib/_impl.py": "class C: ...\ndef make(size=1): return C()\n",
        "lib/__init__.pyi": "_Size = int | str\nclass C: ...\ndef make(size: _Size = ...) -> list[C]: ...\n",
    }
    found = describe(folder, sources)
    assert module_api(found.descriptor, "lib._impl") == (
        "class C\n    def __init__()\ndef make(size: lib._Size = 1) -> list[lib._impl.C]\n"
    )
    assert "lib:_Size" in {alias.path for module in found.descriptor.modules for alias in module.type_aliases}


_NATIVE: Mapping[str, str] = {
    "lib/__init__.py": "from lib._native import *\nfrom lib._native import Shape\n__all__ = ['area', 'Shape']\n",
    "lib/__init__.pyi": "class Shape:\n    def grow(self, by: int = ...) -> None: ...\ndef area(of: Shape) -> float: ...\n",
}


def test_names_of_compiled_code_are_what_the_stub_says(folder: Path) -> None:
    found = describe(folder, _NATIVE)
    module = next(one for one in found.descriptor.modules if one.name == "lib")
    assert {one.name: (one.kind, one.target) for one in module.exports} == {
        "area": (SymbolKind.FUNCTION, "lib:area"),
        "Shape": (SymbolKind.CLASS, "lib:Shape"),
    }
    assert module.skipped == ()
    assert "def area(of: lib.Shape) -> float" in module_api(found.descriptor, "lib")
    assert found.source_map.places["lib:area"].path == "lib/__init__.pyi"  # type: ignore[index]
    assert _told(found) == ()


def test_another_module_that_imports_from_compiled_code_is_led_to_the_stub(folder: Path) -> None:
    found = describe(folder, {**_NATIVE, "lib/extra.py": "from lib._native import Shape\nclass Round(Shape): ...\n"})
    one = _class(found, "Round")
    assert one.mro == ("lib.extra:Round", "lib:Shape")
    assert "def grow" not in module_api(found.descriptor, "lib.extra")


def test_a_name_that_only_the_stub_has_is_not_described_of_readable_code(folder: Path) -> None:
    found = _merged(folder, "def f(): ...\n", "def f() -> int: ...\ndef ghost() -> int: ...\n")
    assert {one.name for one in found.descriptor.modules[0].functions} == {"f"}


def test_variables_have_the_types_and_kinds_that_stubs_give_them(folder: Path) -> None:
    assert _api(
        folder,
        "x = load()\ny = make()\ndef add(a, b=1): ...\n",
        "from typing import Protocol\n"
        "class _Binary(Protocol):\n    def __call__(self, a: int, b: int = ...) -> int: ...\n"
        "x: int\ndef y(a: int) -> str: ...\nadd: _Binary\n",
    ) == ("def add(a: int, b: int = 1) -> int\ndef y(a: int) -> str\nx: int\n")


def test_a_broken_stub_costs_its_types_only(folder: Path) -> None:
    found = _merged(folder, "def f(x=1): ...\n", "def f(x: int -> ...\n")
    assert [one.name for one in found.descriptor.modules[0].functions] == ["f"]


def test_merging_gives_the_same_twice(folder: Path) -> None:
    sources = {**_NATIVE, "lib/a.py": "def f(x): ...\n", "lib/a.pyi": "def f(y: int): ...\n"}
    first, second = describe(folder, sources), describe(folder, sources)
    assert msgspec.json.encode(first.descriptor) == msgspec.json.encode(second.descriptor)
    assert first.diagnostics == second.diagnostics
