"""Which functions say all of their types themselves."""

from pathlib import Path

import pytest

from pybridge.extract import Parser, extract_file
from pybridge.model.names import ModuleName
from pybridge.model.source import FileKind, SourceFile
from pybridge.resolve.types.settled import settled_functions

OVERLOADS = """
from typing import overload
@overload
def f(x: int) -> int: ...
@overload
def f(x: str) -> str: ...
"""


@pytest.mark.parametrize(
    ("text", "settled"),
    [
        ("def f() -> int: ...", ["f"]),
        ("def f(x: int, *y: str, z: bytes = b'', **w: object) -> int: ...", ["f"]),
        ("def f(x: int): ...", ["f"]),
        ("def f(x) -> int: ...", ["f"]),
        ("def f(x): ...", []),
        ("class C:\n    def __init__(self, x: int, y): ...", []),
        ("class C:\n    def __init__(self, x: int, y) -> None: ...", []),
        ("class C:\n    def __init__(self, x: int) -> None: ...", ["C.__init__"]),
        ("if 1:\n    def f(x: int): ...\nelse:\n    def f(x): ...", []),
        ("if 1:\n    def f(x: int) -> int: ...\nelse:\n    def f(y: str) -> str: ...", ["f"]),
        ("@cache\ndef f() -> int: ...", []),
        ("class C:\n    def f(self, x: int) -> int: ...", ["C.f"]),
        ("class C:\n    def f(*self) -> int: ...", ["C.f"]),
        ("class C:\n    def f(*self) -> int: ...\n    def f(*self) -> int: ...", []),
        ("class C:\n    @classmethod\n    def f(cls) -> int: ...", []),
        ("class C:\n    class D:\n        def f(self) -> int: ...", ["C.D.f"]),
        ("def f() -> int: ...\nif 1:\n    def f(x): ...", []),
        ("try:\n    def f() -> int: ...\nexcept E:\n    def f() -> str: ...", ["f"]),
        ("class C:\n    def f(self) -> int: ...\nC = make()", []),
        ("class C:\n    def f(self) -> int: ...\nclass C:\n    def f(self): ...", []),
        (OVERLOADS + "def f(x: object) -> object: ...", ["f"]),
        (OVERLOADS + "def f(x): ...", []),
        (OVERLOADS, []),
    ],
)
def test_function_is_settled_when_its_text_says_everything(text: str, settled: list[str]) -> None:
    file = SourceFile(
        module=ModuleName("lib"),
        kind=FileKind.SOURCE,
        is_package=False,
        path="lib.py",
        location=Path("lib.py"),
        size_bytes=len(text),
        mtime_ns=0,
    )
    facts = extract_file(file, text.encode(), python_version=(3, 11), parser=Parser.AST)

    assert list(settled_functions(facts)) == settled
