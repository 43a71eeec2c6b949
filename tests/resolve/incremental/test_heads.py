"""Whose heads an edit changed, where nothing else did that the type engine reads."""

import ast
from pathlib import Path

import mypy
import pytest

from evaluated import facts_of
from pybridge.resolve.incremental.heads import edited_heads, is_of_protocols, is_special

FILE = """
def bare(x): return x
def told(x: int) -> str: return str(x)
def begun(x: int, y=1): return y
@decorated
def hidden(x): return x
if here:
    def twice(x): return x
else:
    def twice(x): return [x]
class C:
    def __init__(self, x): self.x = x
    def __len__(self): return 1
    def method(self, x): return x
    @property
    def half(self): return self.x
class C2(C):
    def method(self, x): return x
class D:
    def f(self, x): return x
D = make()
"""


@pytest.mark.parametrize(
    ("before", "after", "heads"),
    [
        ("def bare(x): return x", "def bare(x): return [x]", []),
        ("def bare(x)", "def bare(x, y=1)", [("bare", False)]),
        ("def bare(x)", "def bare(x: int) -> int", [("bare", False)]),
        ("def bare(x)", "async def bare(x)", [("bare", False)]),
        ("def told(x: int) -> str", "def told(x)", [("told", False)]),
        ("def begun(x: int, y=1)", "def begun(x: str, y=2)", [("begun", False)]),
        (
            "class C:\n    def __init__(self, x): self.x = x\n",
            "class C:\n    def __init__(self, x): self.x = 1\n",
            None,
        ),
        ("    def __len__(self): return 1", "    def __len__(self): return 2", []),
        ("    def __len__(self)", "    def __len__(self) -> int", None),
        ("    def method(self, x): return x\n    @", "    def method(self): return x\n    @", [("method", True)]),
        ("    def half(self): return self.x", "    def half(self): return 1", []),
        ("    def half(self)", "    def half(self) -> int", None),
        ("@decorated\ndef hidden(x)", "@decorated\ndef hidden(y)", None),
        ("@decorated", "@other", None),
        ("    def twice(x): return [x]", "    def twice(y): return [y]", None),
        ("class D:\n    def f(self, x)", "class D:\n    def f(self, y)", [("f", True)]),
        ("D = make()", "D = made()", None),
    ],
)
def test_heads_are_told(before: str, after: str, heads: list[tuple[str, bool]] | None) -> None:
    assert FILE.count(before) == 1
    found = edited_heads(facts_of("lib.py", FILE), facts_of("lib.py", FILE.replace(before, after)))

    assert (None if found is None else [(one.name, one.is_member) for one in found]) == heads


def test_file_that_does_not_parse_tells_nothing() -> None:
    broken = facts_of("lib.py", "def (:")

    assert edited_heads(broken, broken) is None


@pytest.mark.parametrize("name", ["__init__", "__enter__", "_missing_"])
def test_names_with_a_meaning_of_their_own_are_special(name: str) -> None:
    assert is_special(name)


def test_every_method_that_a_protocol_of_the_standard_library_asks_for_is_known() -> None:
    stubs = Path(mypy.__file__).parent / "typeshed" / "stdlib"
    asked = {
        function.name
        for path in stubs.rglob("*.pyi")
        for one in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(one, ast.ClassDef) and any("Protocol" in ast.unparse(base) for base in one.bases)
        for function in ast.walk(one)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
    }

    assert [name for name in sorted(asked) if not is_of_protocols(name) and not is_special(name)] == []
