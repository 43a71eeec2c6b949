"""Edits that the type engine could not tell a difference of are described without it, and others are not."""

import shutil
from pathlib import Path

import pytest

from pybridge.pipeline.analyze import Analysis, discover
from pybridge.pipeline.request import AnalyzeRequest, Places
from pybridge.protocols import Silent
from site_folders import install

pytestmark = pytest.mark.e2e

CORE = '''
"""Says `unused` and `method` in passing."""
from typing import Protocol

def unused(x): return [x]
def typed(x: int) -> str: return str(x)
def partly(x: int, y=2): return {x: y}
def renamed(x: int) -> str: return str(x)
def used(x: int) -> str: return str(x)
def by_module(x: int) -> str: return str(x)
def in_body(x: int) -> str: return str(x)
def in_inner_import(x: int) -> str: return str(x)
def mapped(x: int) -> str: return str(x)
def same_word(x: int) -> str: return str(x)
def in_text(x: int) -> str: return str(x)
value = used(1)
texts = {"typed": f"{in_text(1)}"}

class Asks(Protocol):
    def asked(self, x: int) -> str:
        return str(x)

class C:
    """Has a method."""
    def __init__(self, x: int):
        self.made = in_body(x)
        self.got = self.called(x)
    def __enter__(self) -> int: return 1
    def method(self, x: int) -> int: return x
    def called(self, x: int) -> int: return x
    def read(self, size: int = 1) -> str: return ""
    def asked(self, x: int) -> str: return str(x)
    def late(self):
        self.later = 1
        return self.made
    def plain(self):
        return 1
'''
FAR = """
from . import core
from .core import C, renamed as other, same_word as same_word, typed
taken = core.by_module(1)
word = [same.same_word for same in ()]

class D(C):
    def __init__(self, method, number=1):
        self.number = number
    def plain(self):
        return typed(2)
"""
INNER = """
class E:
    def __init__(self):
        from .core import in_inner_import
        self.inner = in_inner_import(1)
"""
LIBRARY = {
    "lib/__init__.py": "from .core import *\nfrom .far import D\n",
    "lib/core.py": CORE,
    "lib/far.py": FAR,
    "lib/inner.py": INNER,
}


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library and what a first run leaves of it."""
    folder = tmp_path_factory.mktemp("described")
    install(folder / "site", "lib", LIBRARY)
    run(folder)
    return folder


def run(folder: Path) -> Analysis:
    places = Places(store=folder / "store.git", cache=folder / "cache")
    return discover(AnalyzeRequest(name="lib", site_packages=folder / "site"), places, Silent())


def edited(described: Path, folder: Path, file: str, before: str, after: str) -> tuple[Analysis, Analysis]:
    """Runs over an edited library: the second one, and a first one."""
    shutil.copytree(described / "cache", folder / "cache")
    shutil.copytree(described / "store.git", folder / "store.git")
    # A run is known by the place of its library: the same one is edited, and put back.
    path = described / "site" / file
    text = path.read_text()
    assert text.count(before) == 1
    path.write_text(text.replace(before, after))
    try:
        warm = discover(
            AnalyzeRequest(name="lib", site_packages=described / "site"),
            Places(store=folder / "store.git", cache=folder / "cache"),
            Silent(),
        )
        shutil.copytree(described / "cache" / "engine", folder / "cold" / "engine")
        cold = discover(
            AnalyzeRequest(name="lib", site_packages=described / "site"),
            Places(store=folder / "cold.git", cache=folder / "cold"),
            Silent(),
        )
    finally:
        path.write_text(text)
    return warm, cold


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        ("lib/core.py", "return [x]", "return {x}"),
        ("lib/core.py", "return [x]", "y = x; print(y); return [y]"),
        ("lib/core.py", "def unused(x)", "def unused(x, *more)"),
        ("lib/core.py", "def unused(x)", "def unused(x: int)"),
        ("lib/core.py", "def unused(x)", "def unused(x) -> str"),
        ("lib/core.py", "def unused(x)", "async def unused(x)"),
        ("lib/core.py", "def typed(x: int) -> str", "def typed(x: str) -> int"),
        ("lib/core.py", "def typed(x: int) -> str", "def typed(x)"),
        ("lib/core.py", "def partly(x: int, y=2)", "def partly(x: str, y=2, z=3)"),
        ("lib/core.py", "def same_word(x: int) -> str", "def same_word(x: str) -> int"),
        ("lib/core.py", "def method(self, x: int) -> int: return x", "def method(self, x: int) -> str: return ''"),
        ("lib/core.py", "def plain(self):\n        return 1", "def plain(self, x=1):\n        return 's'"),
        ("lib/far.py", "return typed(2)", "return [typed(2)]"),
    ],
)
def test_it_is_not_asked(described: Path, tmp_path: Path, file: str, before: str, after: str) -> None:
    warm, cold = edited(described, tmp_path, file, before, after)

    assert not warm.work.is_engine_asked
    assert warm.summary == cold.summary
    assert warm.source_map == cold.source_map


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        ("lib/core.py", "def used(x: int) -> str", "def used(x: int) -> bytes"),
        ("lib/core.py", "def renamed(x: int) -> str", "def renamed(x: int) -> bytes"),
        ("lib/core.py", "def by_module(x: int) -> str", "def by_module(x: int) -> bytes"),
        ("lib/core.py", "def in_body(x: int) -> str", "def in_body(x: int) -> bytes"),
        ("lib/core.py", "def in_inner_import(x: int) -> str", "def in_inner_import(x: int) -> bytes"),
        ("lib/core.py", "def in_text(x: int) -> str", "def in_text(x: int) -> bytes"),
        ("lib/core.py", "def called(self, x: int) -> int", "def called(self, x: int) -> bytes"),
        ("lib/core.py", "def read(self, size: int = 1) -> str", "def read(self, size: int = 1) -> bytes"),
        ("lib/core.py", "class C:", "class C(Asks):"),
        ("lib/core.py", "    def asked(self, x: int) -> str: return", "    def asked(self, x: int) -> bytes: return"),
        ("lib/core.py", "def __enter__(self) -> int", "def __enter__(self) -> str"),
        ("lib/core.py", "def __init__(self, x: int):", "def __init__(self, x: str):"),
        ("lib/core.py", "self.later = 1", "self.later = 's'"),
        ("lib/core.py", "return self.made", "self.more = self.made"),
        ("lib/core.py", "def plain(self):\n        return 1", "def plain(self):\n        yield 1"),
        ("lib/core.py", "value = used(1)", "value = typed(1)"),
        ("lib/core.py", "def mapped(x: int) -> str", "def mapped(x: bytearray) -> str"),
        ("lib/far.py", "self.number = number", "self.number = 's'"),
    ],
)
def test_it_is_asked(described: Path, tmp_path: Path, file: str, before: str, after: str) -> None:
    warm, cold = edited(described, tmp_path, file, before, after)

    assert warm.work.is_engine_asked
    assert warm.summary == cold.summary
    assert warm.source_map == cold.source_map
