"""Stubs are Python that a type checker accepts, and say what the descriptor says."""

import ast
import subprocess
import sys

import pytest

from described import describe
from pybridge.annotate.stubs import stub_files
from pybridge.model.callables import Binding, Function, Parameter, Signature
from pybridge.model.evidence import Confidence, Evidence, Tier, TypeClaim
from pybridge.model.library import LibraryDescriptor, Module, Target
from pybridge.model.types import Named, ParameterKind

SHOP = {
    "shop/__init__.py": (
        "from shop.goods import Box as Box, Colour, Point, load as get\nfrom shop import goods\nimport os\n"
        "from os.path import join as join\n__all__ = ['Box', 'Colour', 'Point', 'get', 'LIMIT', 'goods', 'Names']\n"
        "LIMIT: int = 3\nNames = dict[str, 'Box[int]']\nunknown = make()\n"
        "def __getattr__(name): return load(name)\n"
    ),
    "shop/goods.py": (
        "import abc, dataclasses, enum, functools\nfrom contextlib import contextmanager\n"
        "from typing import (Any, AsyncIterator, Callable, Generic, Iterator, Literal, NamedTuple, NoReturn, ParamSpec,\n"
        "    Protocol, Required, Self, Type, TypedDict, TypeVar, overload)\n"
        "T = TypeVar('T', bound='Box[Any]')\nK = TypeVar('K')\nP = ParamSpec('P')\n"
        "class Colour(enum.Enum):\n    RED = 1\n    BLUE = object()\n    def shade(self) -> 'Colour': ...\n"
        "class Point(NamedTuple):\n    x: int\n    y: int = 0\n    def norm(self) -> float: ...\n"
        "class Options(TypedDict, total=False):\n    deep: bool\n    name: Required[str]\n"
        "@dataclasses.dataclass\nclass Row:\n    a: int\n    b: str = ''\n"
        "class Named(Protocol):\n    name: str\n    def call(self, x: int) -> str: ...\n"
        "class Meta(type):\n    def __new__(cls, name, bases, d): return super().__new__(cls, name, bases, d)\n"
        "class _Hidden: ...\n"
        "class Base(_Hidden, metaclass=abc.ABCMeta):\n    @abc.abstractmethod\n    def go(self, *a: int, k: str = 'x', **b: Any): ...\n"
        "    @property\n    @abc.abstractmethod\n    def size(self) -> int: ...\n"
        "class Box(Generic[K]):\n    class Lid:\n        def open(self) -> bool: ...\n"
        "    def __init__(self, k: K, *, lid: 'Box.Lid | None' = None) -> None: ...\n"
        "    def list(self) -> 'list[K]': ...\n    def tuple(self, a: int = 1, /, b=2) -> 'tuple[K, ...]': ...\n"
        "    @classmethod\n    def make(cls, k: K) -> Self: ...\n    @staticmethod\n    def plain(int: int) -> None: ...\n"
        "    @functools.cached_property\n    def cached(self) -> bytes: ...\n"
        "    @property\n    def name(self) -> str: ...\n    @name.setter\n    def name(self, value: str) -> None: ...\n"
        "    @overload\n    def at(self, i: int) -> K: ...\n    @overload\n    def at(self, i: slice) -> Iterator[K]: ...\n"
        "    def at(self, i): ...\n"
        "class Sub(Box[int]):\n    async def wait(self) -> int: ...\n    async def each(self) -> AsyncIterator[int]:\n        yield 1\n"
        "def load(name: str, default=None) -> Box[str]: ...\n"
        "def call(f: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T: ...\n"
        "def odd(a: Literal['x', b'y', None, 1], b: Callable[[int, str], None], c: Type[T]) -> NoReturn: ...\n"
        "@contextmanager\ndef opened(path: str) -> Iterator[int]:\n    yield 1\n"
        "def lost() -> T: ...\ndef half(f: 'nowhere', *args: P.args, **kwargs: P.kwargs) -> int: ...\n"
        "def counted(a=[]):\n    for x in a: yield 1\n"
    ),
}


def checked(folder, files, *options):
    """What mypy says of stubs written to a folder; nothing when it accepts them."""
    for one in files:
        path = folder / one.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(one.text)
    roots = sorted({one.path.partition("/")[0] for one in files})
    command = [sys.executable, "-m", "mypy", "--config-file=", f"--cache-dir={folder / '.cache'}", *options, *roots]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    return stub_files(describe(tmp_path_factory.mktemp("shop"), SHOP).descriptor)


@pytest.fixture(scope="module")
def goods(shop):
    return shop[1].text


def test_every_module_has_a_stub_in_its_place(shop):
    assert [(one.module, one.path) for one in shop] == [
        ("shop", "shop/__init__.pyi"),
        ("shop.goods", "shop/goods.pyi"),
    ]


@pytest.mark.e2e
def test_a_type_checker_accepts_stubs_of_every_construct(shop, tmp_path):
    assert checked(tmp_path, shop) == ""


@pytest.mark.parametrize(
    "line",
    [
        "class Colour(Enum):\n    RED = 1\n    BLUE = ...\n    def shade(self) -> Colour: ...\n",
        "class Point(NamedTuple):\n    x: int\n    y: int = ...\n    def norm(self) -> float: ...\n",
        "class Options(TypedDict):\n    deep: NotRequired[bool]\n    name: str\n",
        "class Row:\n    a: int\n    b: str\n    def __init__(self, a: int, b: str = '') -> None: ...\n",
        "class Named(Protocol):\n",
        "class Base(_Hidden, metaclass=ABCMeta):\n    @property\n    @abstractmethod\n    def size(self) -> int: ...\n",
        "    def list(self) -> _builtins.list[K]: ...\n",
        "    def tuple(self, a: int = 1, /, b: int = 2) -> _builtins.tuple[K, ...]: ...\n",
        "    @classmethod\n    def make(cls, k: K) -> Self: ...\n    @staticmethod\n    def plain(int: int) -> None: ...\n",
        "    @cached_property\n    def cached(self) -> bytes: ...\n",
        "    @name.setter\n    def name(self, value: str) -> None: ...\n",
        "    @overload\n    def at(self, i: int) -> K: ...\n    @overload\n    def at(self, i: slice) -> Iterator[K]: ...\n",
        "    async def wait(self) -> int: ...\n",
        "    def each(self) -> AsyncIterator[int]: ...\n",
        "def call(f: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T: ...\n",
        "def lost() -> Incomplete: ...\n",
        "def half(f: Incomplete, *args: Incomplete, **kwargs: Incomplete) -> int: ...\n",
        'K = TypeVar("K")\n',
        'T = TypeVar("T", bound=Box[Any])\n',
        'P = ParamSpec("P")\n',
    ],
)
def test_a_construct_is_written_as_people_write_it(goods, line):
    assert line in goods.replace("slice[Any, Any, Any]", "slice")


def test_names_from_elsewhere_are_offered_and_what_a_module_uses_itself_is_not(shop):
    text = shop[0].text

    assert "from shop.goods import load as get\n" in text
    assert "from shop import goods as goods\n" in text
    assert "__all__ = ['Box', 'Colour', 'Point', 'get', 'LIMIT', 'goods', 'Names']\n" in text
    assert "import os" not in text
    assert "def __getattr__(name: str) -> Incomplete: ...\n" in text


@pytest.mark.parametrize("name", ["a b", "class", "a\nimport os", "1", "é\u202e", ""])
def test_no_name_can_write_anything_but_itself(name):
    known = TypeClaim(
        expr=Named(path=f"lib:{name}"), evidence=Evidence(tier=Tier.ANNOTATION, confidence=Confidence.HIGH)
    )
    parameter = Parameter(
        name=name, kind=ParameterKind.POSITIONAL_OR_KEYWORD, type=known, is_required=True, default="x\n"
    )
    functions = tuple(
        Function(path=f"lib:{one}", name=one, binding=Binding.FUNCTION, signatures=(Signature(parameters=(parameter,), returns=known),))
        for one in ("f", name)
    )  # fmt: skip
    module = Module(name="lib", functions=functions, declared_names=("f", name))
    target = Target(python_version="3.11", platform="linux")

    (stub,) = stub_files(LibraryDescriptor(name="lib", roots=("lib",), target=target, modules=(module,)))

    tree = ast.parse(stub.text)
    assert [one.name for one in tree.body if isinstance(one, ast.FunctionDef)] == ["f"]
    assert "__all__ = ['f']\n" in stub.text
    assert "def f(_0: Incomplete) -> Incomplete: ...\n" in stub.text


def test_stubs_are_the_same_every_time(tmp_path, shop):
    assert stub_files(describe(tmp_path, SHOP).descriptor) == shop
