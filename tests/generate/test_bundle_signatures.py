"""What the bundle tells a worker of parameters: names always, types only where the library itself declares them."""

import pytest

from described import describe
from pybridge.generate.bundle import bundle_library
from pybridge.model.names import Digest

SOURCE = '''
import enum, functools
from typing import Any, Callable, Literal, Optional, Sequence, TypeVar, Union, overload
from dataclasses import dataclass
import elsewhere
import pandas

T = TypeVar("T")
Names = list[str]

class Colour(enum.Enum):
    RED = 1

class Level(enum.IntEnum):
    LOW = 1

class Thing: ...

def plain(a: int, /, b: str, *rest: float, c: bool = True, d: Optional[bytes] = None, **others: Any): ...
def containers(a: list[str], b: dict[str, int], c: tuple[int, ...], d: tuple[int, str], e: set[int], f: list, g: Names): ...
def choices(a: Literal["x", 1, None, True], b: Literal[Colour.RED], c: Colour, d: Level, e: Union[int, Colour]): ...
def anything(a, b: Any, c: object, d: T, e: Callable[[], int], f: Sequence[int], g: Thing, h: int | Thing, i=5): ...
def old(a: int = None): ...
def tables(a: pandas.DataFrame, b: pandas.DataFrame | None, c: list[pandas.DataFrame]): ...
def big(a: Literal[99999999999999999999]): ...

def documented(a):
    """Do it.

    Args:
        a (int): A number.
    """

@elsewhere.decorated
def hidden(a: int): ...

@overload
def many(a: int) -> int: ...
@overload
def many(a: str, b: bool) -> str: ...
def many(a, b=False): ...

@overload
def later(a: int) -> int: ...
@overload
def later(a: str) -> str: ...
def later(a=None): ...

class Counter:
    def __init__(self, start: int = 0): ...
    def add(self, by: float): ...
    @classmethod
    def named(cls, text: str): ...

@dataclass
class Point:
    x: int
    y: float = 0.0
'''


@pytest.fixture(scope="module")
def signatures(tmp_path_factory):
    descriptor = describe(tmp_path_factory.mktemp("lib"), {"lib/__init__.py": SOURCE}).descriptor
    found = bundle_library(descriptor, Digest("0" * 64)).signatures
    return {
        name.removeprefix("lib:"): {one.name: (one.kind, one.is_required, one.type) for one in parameters}
        for name, parameters in found.items()
    }


def types(signature):
    return [checked for _, _, checked in signature.values()]


def test_kinds_and_what_is_required_are_told(signatures):
    assert signatures["plain"] == {
        "a": ("/", True, "int"),
        "b": ("", True, "str"),
        "rest": ("*", False, "float"),
        "c": ("=", False, "bool"),
        "d": ("=", False, ["|", "bytes", "None"]),
        "others": ("**", False, None),
    }


def test_containers_have_their_parts(signatures):
    assert types(signatures["containers"]) == [
        ["list", "str"],
        ["dict", "str", "int"],
        ["tuple*", "int"],
        ["tuple", "int", "str"],
        ["set", "int"],
        ["list"],
        None,  # an alias of the library's own
    ]


def test_a_choice_is_told_where_its_values_are_plain(signatures):
    assert types(signatures["choices"]) == [
        ["|", ["literal", True, 1, "x"], "None"],
        None,
        ["enum", "lib.Colour"],
        None,
        ["|", "int", ["enum", "lib.Colour"]],
    ]


def test_a_type_that_a_plain_value_cannot_contradict_is_anything(signatures):
    assert set(types(signatures["anything"])) == {None}


def test_a_default_of_none_makes_none_good(signatures):
    assert types(signatures["old"]) == [["|", "int", "None"]]


def test_a_number_that_messages_cannot_hold_is_anything(signatures):
    assert types(signatures["big"]) == [None]


def test_what_only_documentation_says_is_not_enforced(signatures):
    assert signatures["documented"] == {"a": ("", True, None)}


def test_what_a_decorator_hides_is_left_out(signatures):
    assert "hidden" not in signatures


def test_overloads_have_the_parameters_of_what_runs_and_the_types_of_all(signatures):
    assert signatures["many"] == {"a": ("", True, ["|", "int", "str"]), "b": ("", False, None)}


def test_the_default_of_what_runs_is_good_for_its_overloads(signatures):
    assert signatures["later"] == {"a": ("", False, ["|", "int", "str", "None"])}


def test_methods_and_constructors_are_told_without_self(signatures):
    assert signatures["Counter"] == {"start": ("", False, "int")}
    assert signatures["Counter.add"] == {"by": ("", True, "float")}
    assert signatures["Counter.named"] == {"text": ("", True, "str")}


def test_a_dataclass_enforces_names_and_no_types(signatures):
    assert signatures["Point"] == {"x": ("", True, None), "y": ("", False, None)}


def test_a_declared_table_is_named(signatures):
    table = "pandas.DataFrame"

    assert types(signatures["tables"]) == [table, ["|", table, "None"], ["list", table]]
