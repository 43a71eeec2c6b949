"""After any edit, what is taken over from the last run gives the descriptor that a first run gives."""

import random
import sqlite3
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pybridge.extract import extract_file
from pybridge.pipeline.analyze import discover
from pybridge.pipeline.incremental import edited, reading, whole
from pybridge.pipeline.request import AnalyzeRequest, Places
from pybridge.protocols import Silent
from pybridge.resolve.types.answers import TypeAnswers
from pybridge.store.snapshots import SnapshotStore
from site_folders import install

BASE = '''
"""What others build on."""
from typing import Union
from ._names import Key, hidden, wrap as _wrap

Size = Union[int, None]

class Base:
    """A base."""

    limit: int = 3
    """How much."""

    def __init__(self, size: Size, *, key: Key = "k"):
        """Make one.

        Args:
            size (float): How large.
        """
        self.size = size

    def close(self):
        """Close it."""
        return None

    def open(self):
        return self.close()

    @hidden
    def far(self, x=1):
        """Go far."""
        yield x

def make(size=1):
    """Make one.

    Returns:
        str: its name.
    """
    return Base(size)
'''
NAMES = '''
from typing import List
Key = List["_Inner"]
_Inner = str

def hidden(function):
    def inner(*args, **kwargs):
        """Inner."""
        return function(*args, **kwargs)
    return inner

def wrap(far, near=2):
    """Wrap it."""
    return far
'''
LEAF = '''
from .base import Base, make
from . import base

class Leaf(Base):
    def close(self):
        return make()

    other = base.make

class Late(Leaf):
    """Late."""
    def __init__(self):
        super().__init__(2)

made = make
value = base.Base(1)
def use(leaf: Leaf, size: base.Size = None):
    return leaf.close()
'''
LIBRARY = {
    "lib/__init__.py": 'from .base import *\nfrom .leaf import Leaf, use\n__all__ = ["Base", "Leaf", "use", "make"]\n',
    "lib/base.py": BASE,
    "lib/_names.py": NAMES,
    "lib/leaf.py": LEAF,
    "lib/apart.py": "def alone(x: int) -> int:\n    return x\n",
}
EDITS = (
    ("lib/base.py", '"""A base."""', '"""Another base."""'),
    ("lib/base.py", '"""Make one.\n\n        Args', '"""Make.\n\n\n        Args'),
    ("lib/base.py", "size (float)", "size (bytes)"),
    ("lib/base.py", "        str: its name.", "        bytes: its name."),
    ("lib/base.py", '"""Close it."""', "pass"),
    ("lib/base.py", "def open(self):\n", 'def open(self):\n        """Open it."""\n'),
    ("lib/base.py", "return None", "return 1"),
    ("lib/base.py", "return Base(size)", "return size"),
    ("lib/base.py", "def make(size=1)", "def make(size=1, *more: Size)"),
    ("lib/base.py", "size: Size, *", "size: int, *"),
    ("lib/base.py", "Size = Union[int, None]", "Size = Union[str, None]"),
    ("lib/base.py", "Size = Union[int, None]", "Size = 3"),
    ("lib/base.py", "    @hidden\n", ""),
    ("lib/base.py", "yield x", "return x"),
    ("lib/base.py", "limit: int = 3", "limit: str = ''"),
    ("lib/base.py", '"""How much."""', '"""How little."""'),
    ("lib/base.py", "class Base:", "class Root: ...\nclass Base(Root):"),
    ("lib/base.py", "class Base:", "class Base(Exception):"),
    ("lib/base.py", "from typing import Union", "# A remark.\n\nfrom typing import Union"),
    ("lib/base.py", "def make", "def before(): ...\n\ndef make"),
    ("lib/base.py", "def make", "def (:\n"),
    ("lib/base.py", "self.size = size", "self.size = str(size)"),
    ("lib/_names.py", '"_Inner"', "int"),
    ("lib/_names.py", "_Inner = str", "_Inner = bytes"),
    ("lib/_names.py", "_Inner = str", "_Inner = 1"),
    ("lib/_names.py", '"""Inner."""', '"""In."""'),
    ("lib/_names.py", "(*args, **kwargs):", "(*args, last=1):"),
    ("lib/_names.py", "def hidden(function):", "def hidden(function: int):"),
    ("lib/_names.py", "near=2", "near=3"),
    ("lib/leaf.py", "class Leaf(Base):", "class Leaf:"),
    ("lib/leaf.py", "other = base.make", "other = Base.close"),
    ("lib/leaf.py", "made = make", "made = base.Base"),
    ("lib/leaf.py", "return leaf.close()", "return leaf.open()"),
    ("lib/leaf.py", '"""Late."""', '"""Later."""'),
    ("lib/__init__.py", '"make"]', '"make", "LATER"]\n__all__ += ["Root"]'),
    ("lib/__init__.py", ', "use"', ""),
    ("lib/__init__.py", "from .base import *", "from .base import Base as Base, make"),
    ("lib/apart.py", "x: int", "x: str"),
    ("lib/apart.py", "def alone", "def other"),
)
FILES = (
    ("lib/_names.pyi", "Key = bytes\ndef wrap(far: int, near: int = 2) -> int:\n    '''Stub.'''\n"),
    ("lib/apart.pyi", "def alone(x: bytes) -> bytes: ...\n"),
    ("lib/more.py", "from .base import Base\nclass More(Base):\n    'More.'\n"),
    ("lib/typed.pyi", "from .base import Base\nclass Typed(Base): ...\n"),
    ("lib/base/__init__.py", "from ..leaf import made\n"),
)


class Sandbox:
    """A library that is edited, and described again and again with one cache."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.site = install(folder / "site", "lib", LIBRARY)
        self._clock = 0
        self._colds = 0

    def edit(self, relative: str, before: str, after: str) -> None:
        """Replace a text, or put it back where it was replaced already."""
        path = self.site / relative
        if path.exists():
            text = path.read_text()
            path.write_text(text.replace(before, after) if before in text else text.replace(after, before))

    def toggle(self, relative: str, text: str) -> None:
        """Make a file, or remove it."""
        path = self.site / relative
        if path.exists():
            path.unlink()
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)

    def warm(self):
        """Describe it with what former runs left."""
        return self._described(self.folder / "warm")

    def cold(self):
        """Describe it for the first time."""
        self._colds += 1
        return self._described(self.folder / f"cold{self._colds}")

    def _described(self, home: Path):
        places = Places(store=home / "store.git", cache=home / "cache")
        analysis = discover(AnalyzeRequest(name="lib", site_packages=self.site), places, Silent())
        return analysis, SnapshotStore.open(places.store).load("lib")


def assert_same(sandbox: Sandbox) -> None:
    warm, descriptor = sandbox.warm()
    cold, expected = sandbox.cold()

    assert descriptor == expected
    assert warm.summary == cold.summary
    assert warm.source_map == cold.source_map
    assert warm.diagnostics == cold.diagnostics


@pytest.fixture
def sandbox(tmp_path):
    return Sandbox(tmp_path)


@pytest.fixture
def quickly(monkeypatch):
    """Read files in this process and ask no type engine: what is tested is what is taken over."""

    def extracted(files, *, python_version, **_):
        return (extract_file(file, data, python_version=python_version) for file, data in files)

    def silent(request, **_):
        return TypeAnswers(engine="none", modules={}, externals={})

    monkeypatch.setattr(reading, "extract_all", extracted)
    monkeypatch.setattr(whole, "ask_engine", silent)
    monkeypatch.setattr(edited, "ask_engine", silent)


STEPS = st.lists(st.sampled_from([*EDITS, *FILES, *EDITS]), min_size=1, max_size=4)


@given(st.lists(STEPS, min_size=1, max_size=5))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_series_of_edits_gives_what_a_first_run_gives(quickly, tmp_path_factory, series):
    sandbox = Sandbox(tmp_path_factory.mktemp("series"))
    sandbox.warm()
    for steps in series:
        for step in steps:
            sandbox.edit(*step) if len(step) == 3 else sandbox.toggle(*step)

        assert_same(sandbox)


@pytest.mark.parametrize("number", range(len(EDITS)))
def test_each_edit_gives_what_a_first_run_gives_there_and_back(quickly, sandbox, number):
    sandbox.warm()
    sandbox.edit(*EDITS[number])
    assert_same(sandbox)
    sandbox.edit(*EDITS[number])
    assert_same(sandbox)


def test_with_the_type_engine_edits_give_what_a_first_run_gives(sandbox):
    chosen = random.Random(8).sample(EDITS, 5)
    sandbox.warm()
    for steps in (chosen[:2], chosen[2:]):
        for step in steps:
            sandbox.edit(*step)

        assert_same(sandbox)


def test_an_edited_docstring_costs_its_file_and_those_who_have_it(quickly, sandbox):
    sandbox.warm()
    sandbox.edit("lib/base.py", '"""A base."""', '"""Another base."""')
    own, _ = sandbox.warm()
    sandbox.edit("lib/base.py", "size (float)", "size (bytes)")
    inherited, _ = sandbox.warm()

    assert (own.work.files_read, own.work.files_parsed, own.work.is_engine_asked) == (5, 1, False)
    assert (own.work.modules, own.work.modules_described) == (5, 1)
    # `Leaf` has the constructor of `Base`, and its documentation with it.
    assert (inherited.work.files_parsed, inherited.work.modules_described) == (1, 2)


def test_an_edited_signature_costs_those_who_looked_at_it(sandbox):
    sandbox.warm()
    sandbox.edit("lib/apart.py", "x: int", "x: str")
    apart, _ = sandbox.warm()
    sandbox.edit("lib/_names.py", "near=2", "near='2'")
    names, _ = sandbox.warm()
    sandbox.edit("lib/leaf.py", "value = base.Base(1)", "value = Leaf(1)")
    value, _ = sandbox.warm()

    # Of a function that says all of its types, and that nothing uses, the type engine has nothing to tell.
    assert (apart.work.files_parsed, apart.work.is_engine_asked) == (1, False)
    assert (apart.work.modules_typed, apart.work.modules_described) == (0, 1)
    assert (value.work.modules_typed, value.work.modules_described) == (1, 1)
    # A default is no type, and nobody else looked at the function.
    assert (names.work.modules_typed, names.work.modules_described) == (0, 1)


def test_an_added_definition_costs_its_module(quickly, sandbox):
    sandbox.warm()
    sandbox.edit("lib/apart.py", "def alone", "def more(): ...\n\ndef alone")

    analysis, _ = sandbox.warm()

    assert (analysis.work.files_parsed, analysis.work.modules_described) == (1, 1)


def test_a_cache_that_forgot_things_costs_work_only(quickly, sandbox):
    sandbox.warm()
    database = sandbox.folder / "warm" / "cache"
    for number in range(6):
        _forget(database, number)
        sandbox.edit("lib/base.py", "near", str(number))
        sandbox.edit("lib/base.py", '"""A base."""', f'"""A base, {number}."""')

        assert_same(sandbox)


def _forget(folder: Path, number: int) -> None:
    """Delete every sixth thing that is kept."""
    (path,) = folder.glob("facts-*.sqlite3")
    with sqlite3.connect(path) as database:
        database.execute("DELETE FROM facts WHERE rowid % 6 = ?", (number,))
    database.close()
