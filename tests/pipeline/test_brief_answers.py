"""The pipeline asks the type engine for less than there is: what it leaves out would have changed nothing."""

from pathlib import Path

import pytest

from described import TARGET, describe
from pybridge.codec import digest
from pybridge.pipeline.analyze import obtain
from pybridge.pipeline.request import AnalyzeRequest, Places
from pybridge.protocols import Silent
from pybridge.resolve.types.answers import TypeAnswers
from pybridge.resolve.types.engine import ask_engine

ODD = """
import enum, functools, sys
from collections import namedtuple
from dataclasses import dataclass
from typing import Any, NamedTuple, NewType, TypedDict, overload

try:
    from absent import Found
except ImportError:
    class Found:
        def go(self, far: int) -> str: ...

if sys.version_info >= (3, 9):
    def varied(x: int) -> int: ...
else:
    def varied(x): ...

try:
    import fast
except ImportError:
    def tried(x): return x
else:
    def tried(x: int) -> int: ...

def commented(x):
    # type: (int) -> str
    return str(x)

def plain(x, y=1): return [x]
def partly(x: int, y=1): return x
def whole(x: int, *rest: str, key: bytes = b"", **more: Any) -> "Point | None": ...

@overload
def several(x: int) -> int: ...
@overload
def several(x: str) -> str: ...
def several(x: Any) -> Any: ...

@overload
def partial(x: int) -> int: ...
@overload
def partial(x: str, y=...) -> str: ...
def partial(x, y=None): ...

@functools.lru_cache(maxsize=None)
def cached(x: int) -> str: ...

def untyped(function): return function
@untyped
def hidden(x: int) -> str: ...

Point = namedtuple("Point", ["x", "y"])
Moment = NamedTuple("Moment", [("at", int), ("what", Any)])
Movie = TypedDict("Movie", {"name": str, "rest": Any}, total=False)
Color = enum.Enum("Color", ["RED", "GREEN"])
Meters = NewType("Meters", int)
anything: Any = plain(1)
known = whole(1)
unknown = plain(1)
first = second = partly

class Twice:
    def same(self, x: int) -> int: ...
Twice = namedtuple("Twice", ["same"])

@dataclass(order=True, frozen=True)
class Data:
    x: int
    y: "list[Any]" = None
    def __lt__(self, other): return True
    def shifted(self, by: int) -> "Data": ...

class Odd(Data):
    told: Any = None
    silent = unknown
    def __new__(cls, *args: Any, **kwargs: Any) -> "Odd": ...
    def __init__(self, x: int, z):
        self.z = z
        self.made = Point(1, 2)
        self.named: "Any" = z
    @property
    def half(self): return self.x
    @half.setter
    def half(self, value: int) -> None: ...
    @classmethod
    def of(cls, x: int) -> "Odd": ...
    @staticmethod
    def alone(x: int) -> int: ...
    def grown(x: int) -> int: ...
    def __init_subclass__(cls, flag: bool): ...
    again = grown
    class Inner:
        def deep(self, x: int) -> str: ...
        def shallow(self, x): return self.deep(x)
"""
LIBRARIES = {
    "odd": {"lib/__init__.py": ODD},
    "other modules": {
        "lib/__init__.py": ODD,
        "lib/use.py": "from . import *\nfrom . import whole as own, Odd\nvalue = own(1)\nmade = Odd(1, 2)\n"
        "attribute = made.z\nbound = made.shifted\nlater = bound(2)\ndef f(): return made.grown()\n",
    },
}


@pytest.mark.parametrize("library", LIBRARIES.values(), ids=LIBRARIES)
def test_answers_left_out_would_have_changed_nothing(
    library: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[TypeAnswers] = []
    monkeypatch.setattr(
        "pybridge.pipeline.incremental.whole.ask_engine",
        lambda *args, **more: told.append(ask_engine(*args, **more)) or told[-1],
    )
    whole = describe(tmp_path / "site", library).descriptor

    request = AnalyzeRequest(name="lib", site_packages=tmp_path / "site", target=TARGET)
    brief = obtain(request, Places(store=tmp_path / "store", cache=tmp_path / "cache"), Silent()).descriptor

    assert digest(brief.modules) == digest(whole.modules)
    symbols = told[0].modules[next(iter(told[0].modules))].symbols
    assert {"cached", "hidden", "partial", "Odd"} <= symbols.keys()
    assert {"whole", "plain", "partly", "several", "unknown"}.isdisjoint(symbols)
