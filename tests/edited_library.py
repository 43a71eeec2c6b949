"""A small library whose modules lean on each other in every way that there is, and edits of it."""

SOURCES = {
    "__init__.py": """
from .base import Base, helper
from .models import *
from ._hidden import made
from . import shapes

__version__ = "1"
""",
    "_hidden.py": '''
class _Mixin:
    """Private, and above public classes."""
    level: int = 1
    def inherited(self, a: int, b: str = "x") -> int:
        """Read."""
        return a
    def __len__(self) -> int:
        return 1

class _Meta(type):
    def __call__(cls, size: int) -> "object":
        return type.__call__(cls, size)

def made(x: int) -> "_Mixin":
    return _Mixin()
''',
    "base.py": '''
from ._hidden import _Meta, _Mixin
from .shapes import Key, Options, Sized

class Base(_Mixin):
    """A base."""
    size: int = 0
    def run(self, key: Key, *, quick: bool = False) -> str:
        return ""
    def take(self, one: Sized) -> None: ...
    @property
    def name(self) -> str:
        return ""

class Outer(metaclass=_Meta):
    class Inner(Base):
        def inner(self) -> int:
            return 1

def helper(options: Options, count: int = 1) -> Base:
    return Base()
''',
    "shapes.py": """
from typing import Literal, Protocol, TypedDict, Union

Key = Union[int, str]
Mode = Literal["r", "w"]

class Sized(Protocol):
    def size(self) -> int: ...

class Options(TypedDict, total=False):
    depth: int

class Color:
    RED = 1
""",
    "models.py": """
from dataclasses import dataclass
from enum import Enum
from .base import Base, Outer
from .shapes import Key, Mode

__all__ = ["Point", "Point3", "Kind", "Child", "Leaf", "use"]

@dataclass
class Point:
    x: int
    y: int = 0

class Kind(Enum):
    ONE = 1
    TWO = 2

class Child(Base):
    def run(self, key: Key, *, quick: bool = False) -> str:
        return "child"

class Leaf(Outer.Inner):
    pass

def use(child: Child, mode: Mode = "r") -> Point:
    return Point(1)
""",
    "more.py": """
from .models import Point as Spot, Child, use as using
from .base import Outer
from .extra.deep import Deep

class Point3(Spot):
    z: int = 0

class Late(Child):
    extra: str = ""

LIMIT = 10
""",
    "extra/__init__.py": """
from .deep import Deep as Deep, fetch as fetch
from ..shapes import Color as Color
""",
    "extra/deep.py": """
from ..more import Late
from ..shapes import Sized, Options

class Deep(Late):
    class Holder(Late):
        def held(self) -> int:
            return 1
    def deep(self, other: Sized) -> Options:
        return {}

def fetch(deep: Deep, timeout: float = 1.0) -> "Deep":
    return deep
""",
}

EDITS = (
    ("_hidden.py", "a: int, b: str", "a: int, c: bytes, b: str"),
    ("_hidden.py", "def inherited(self", "def inherits(self"),
    ("_hidden.py", "    def __len__(self) -> int:\n        return 1\n", ""),
    ("_hidden.py", '"""Read."""', '"""Reads."""'),
    ("_hidden.py", "level: int = 1", "level: str = ''"),
    ("_hidden.py", "class _Mixin:", "class _Mixin(dict):"),
    ("_hidden.py", "def made(x: int)", "def made(x: int, y: int)"),
    ("_hidden.py", "size: int) ->", "size: int, more: int) ->"),
    ("base.py", "class Base(_Mixin):", "class Base:"),
    ("base.py", "class Base(_Mixin):", "class Base(_Mixin, metaclass=type):\n    __slots__ = ('a',)"),
    ("base.py", "quick: bool = False) -> str", "quick: bool = True) -> int"),
    ("base.py", "    @property\n    def name", "    def name"),
    ("base.py", "class Inner(Base)", "class Inner"),
    ("base.py", "def helper(options: Options", "def helper(options: int"),
    ("base.py", "def helper(", "def helped("),
    ("shapes.py", "Union[int, str]", "Union[int, str, bytes]"),
    ("shapes.py", 'Literal["r", "w"]', 'Literal["r"]'),
    ("shapes.py", "def size(self) -> int: ...", "def size(self) -> int: ...\n    def more(self) -> int: ..."),
    ("shapes.py", "depth: int", "depth: str"),
    ("shapes.py", "    RED = 1", "    BLUE = 1"),
    ("models.py", "y: int = 0", "y: int = 0\n    w: int = 0"),
    ("models.py", "@dataclass\n", "@dataclass(frozen=True)\n"),
    ("models.py", "    TWO = 2\n", ""),
    ("models.py", '"Leaf", ', ""),
    ("models.py", "class Child(Base)", "class Child(Base, dict)"),
    ("models.py", "    pass", "    def inherited(self) -> None: ..."),
    ("more.py", "class Point3(Spot)", "class Point3"),
    ("more.py", "LIMIT = 10", "LIMIT = 20"),
    ("more.py", 'extra: str = ""', "extra: int = 0"),
    ("more.py", "class Late(Child)", "class Later(Child)"),
    ("__init__.py", "from .base import Base, helper", "from .base import Base"),
    ("__init__.py", "from .models import *", "from .models import Point, Kind"),
    ("__init__.py", "import made", "import made as fetch"),
    ("__init__.py", "import made", "import _Mixin as Published, made"),
    ("__init__.py", '"1"', '"2"'),
    ("extra/__init__.py", "Deep as Deep, ", ""),
    ("extra/__init__.py", "from ..shapes import Color as Color", "from ..base import Outer as Color"),
    ("extra/deep.py", "deep: Deep, timeout", "deep: 'Late', timeout"),
    ("extra/deep.py", "other: Sized", "other: int"),
    ("extra/deep.py", "class Holder(Late)", "class Holder"),
    ("extra/deep.py", "return {}", "return {'depth': 1}"),
)
"""A file, a text in it, and what is there afterwards."""


def edited(chosen: frozenset[int]) -> dict[str, str]:
    """Make some of the edits, each where the one before has left its text."""
    sources = dict(SOURCES)
    for number in sorted(chosen):
        file, before, after = EDITS[number]
        sources[file] = sources[file].replace(before, after)
    return sources
