"""How the new type lies to the old one: for types that are written otherwise, and for types that changed."""

import tempfile
from pathlib import Path

import pytest

from described import describe
from pybridge.compat.library import Library
from pybridge.compat.types.relate import TypesOfBoth
from pybridge.compat.types.relation import Relation

IMPORTS = """\
import collections.abc, typing
from collections.abc import Awaitable, Callable, Generator, Iterable, Iterator, Mapping, Sequence, Sized
from typing import (Annotated, Any, Dict, FrozenSet, Generic, List, Literal, NoReturn, Optional, Protocol, Text, Tuple,
    Type, TypeVar, Union)
import numpy as np
T = TypeVar("T")
N = TypeVar("N", bound=int)
class Base: ...
class Derived(Base): ...
class FromElsewhere(np.ndarray): ...
class _Private: ...
class OfPrivate(_Private): ...
class Readable(Protocol):
    def read(self, size: int = -1) -> bytes: ...
Json = Union[Dict[str, "Json"], List["Json"], str, None]
Pairs = List[Tuple[T, T]]
"""

SAME = [
    ("Optional[int]", "int | None"),
    ("Union[int, None]", "Optional[int]"),
    ("Union[int, str]", "str | int"),
    ("Union[int, str, int]", "int | str"),
    ("List[int]", "list[int]"),
    ("Dict[str, List[int]]", "dict[str, list[int]]"),
    ("Tuple[int, ...]", "tuple[int, ...]"),
    ("Type[int]", "type[int]"),
    ("Text", "str"),
    ("typing.Sequence[int]", "collections.abc.Sequence[int]"),
    ("typing.Callable[[int], str]", "collections.abc.Callable[[int], str]"),
    ("'int'", "int"),
    ("'Optional[Base]'", "Base | None"),
    ("Annotated[int, 'positive']", "int"),
    ("Literal[2, 1]", "Literal[1, 2]"),
    ("Literal[True, False]", "bool"),
    ("Literal[1, None]", "Optional[Literal[1]]"),
    ("list", "List[Any]"),
    ("tuple", "Tuple[Any, ...]"),
    ("Json", "Union[str, Dict[str, Json], List[Json], None]"),
    ("Pairs[int]", "list[tuple[int, int]]"),
    ("Callable", "Callable[..., Any]"),
    ("int | bool", "int"),
    ("N", "int"),
    ("T", "object"),
    ("Iterable[T]", "Iterable[Any]"),
    ("Undefined", "Undefined"),
]
CHANGED = [
    ("int", "float", Relation.WIDER),
    ("float", "int", Relation.NARROWER),
    ("int", "str", Relation.OTHER),
    ("bool", "int", Relation.WIDER),
    ("int", "int | None", Relation.WIDER),
    ("Optional[int]", "int", Relation.NARROWER),
    ("list[int]", "Sequence[int]", Relation.WIDER),
    ("list[int]", "list[bool]", Relation.OTHER),
    ("Iterable[bool]", "Iterable[int]", Relation.WIDER),
    ("dict[str, int]", "Mapping[str, float]", Relation.WIDER),
    ("Base", "Derived", Relation.NARROWER),
    ("type[Base]", "type[Derived]", Relation.NARROWER),
    ("OfPrivate", "_Private", Relation.WIDER),
    ("_Private", "int", Relation.OTHER),
    ("Literal[1]", "int", Relation.WIDER),
    ("Literal['a', 'b']", "Literal['a']", Relation.NARROWER),
    ("tuple[int, str]", "tuple[int, ...]", Relation.OTHER),
    ("tuple[int, int]", "tuple[int, ...]", Relation.WIDER),
    ("Callable[[int], int]", "Callable[[bool], int]", Relation.WIDER),
    ("Callable[[int], int]", "Callable[[int], bool]", Relation.NARROWER),
    ("Callable[[int], int]", "Callable[[int, int], int]", Relation.OTHER),
    ("NoReturn", "int", Relation.WIDER),
    ("int", "Any", Relation.WIDER),
    ("Any", "int", Relation.NARROWER),
    ("object", "Any", Relation.SAME),
    ("list[int]", "list[Any]", Relation.WIDER),
    ("list", "list[int]", Relation.NARROWER),
    ("Callable[..., int]", "Callable[[str], int]", Relation.NARROWER),
    ("tuple[Any, int]", "tuple[int, Any]", Relation.UNKNOWN),
    ("T", "int", Relation.NARROWER),
    ("int", "T", Relation.WIDER),
    ("N", "bool", Relation.NARROWER),
    ("list[T]", "list[N]", Relation.NARROWER),
    ("Json", "Union[int, Json]", Relation.WIDER),
]
UNKNOWN = [
    ("Undefined", "int"),
    ("list[int]", "list[Undefined]"),
    ("np.ndarray", "int"),
    ("np.ndarray", "np.generic"),
    ("FromElsewhere", "int"),
    ("np.ndarray[int]", "np.ndarray[float]"),
]
NOT_DECIDED_BY_WHAT_IS_UNKNOWN = [
    ("np.ndarray", "np.ndarray | None", Relation.WIDER),
    ("Undefined", "object", Relation.UNKNOWN),
    ("FromElsewhere", "np.ndarray", Relation.WIDER),
    ("int", "list[Undefined]", Relation.OTHER),
    ("int", "str | list[Undefined]", Relation.OTHER),
    ("np.ndarray", "np.ndarray[int]", Relation.NARROWER),
]
EVERY = [*CHANGED, *((old, new, Relation.SAME) for old, new in SAME), *NOT_DECIDED_BY_WHAT_IS_UNKNOWN]


@pytest.fixture(scope="module")
def related():
    """The relation of a pair of expressions, each on its side."""
    pairs = [*((old, new) for old, new, _ in EVERY), *UNKNOWN]
    numbers = {pair: number for number, pair in enumerate(pairs)}
    libraries = []
    for side in (0, 1):
        functions = (f"def f{number}(a: {pair[side]}) -> None: ...\n" for pair, number in numbers.items())
        libraries.append(library(IMPORTS + "".join(functions)))
    types = TypesOfBoth(*libraries)

    def relation(old, new):
        name = f"f{numbers[old, new]}"
        claims = [
            next(one for one in side.modules["lib"].functions if one.name == name).signatures[0] for side in libraries
        ]
        scope = types.scope(*(one.type_parameters for one in claims), is_taken=True)
        exprs = [one.parameters[0].type.expr for one in claims]
        return types.relate(*exprs, scope)

    return relation


def library(text):
    with tempfile.TemporaryDirectory() as folder:
        return Library.of(describe(Path(folder), {"lib/__init__.py": text}).descriptor)


@pytest.mark.parametrize(("old", "new"), SAME)
def test_another_spelling_is_the_same_type(related, old, new):
    assert related(old, new) is Relation.SAME


@pytest.mark.parametrize(("old", "new", "expected"), CHANGED)
def test_a_changed_type_is_seen_from_the_old_one(related, old, new, expected):
    assert related(old, new) is expected


@pytest.mark.parametrize(("old", "new"), UNKNOWN)
def test_what_the_text_does_not_tell_is_unknown(related, old, new):
    assert related(old, new) is Relation.UNKNOWN


@pytest.mark.parametrize(("old", "new", "expected"), NOT_DECIDED_BY_WHAT_IS_UNKNOWN)
def test_what_is_unknown_matters_only_where_it_decides(related, old, new, expected):
    assert related(old, new) is expected


def result(text):
    side = library(text)
    function = side.modules["lib"].functions[0]
    return side, function.signatures[0]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("def f[T](a: T) -> T: ...", "def f[T](a: T) -> int: ...", Relation.OTHER),
        ("def f[T](a: T) -> T: ...", "def f[Item](a: Item) -> Item: ...", Relation.SAME),
        ("def f[T](a: T) -> list[T]: ...", "def f[T](a: T) -> T: ...", Relation.OTHER),
        ("def f(a: int) -> int: ...", "def f[T](a: T) -> T: ...", Relation.UNKNOWN),
        ("def f(a: object) -> object: ...", "def f[T](a: T) -> T: ...", Relation.UNKNOWN),
    ],
)
def test_a_variable_in_a_result_is_one_of_the_call(old, new, expected):
    (before, ours), (after, theirs) = result(old), result(new)
    types = TypesOfBoth(before, after)
    scope = types.scope(ours.type_parameters, theirs.type_parameters)

    assert types.relate(ours.returns.expr, theirs.returns.expr, scope) is expected
