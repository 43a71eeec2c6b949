from pathlib import Path

from described import describe

SOURCE = """
import functools
from contextlib import contextmanager
from typing import TypeVar

import elsewhere

T = TypeVar("T")


def passing_on(function):
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    return wrapper


def wrapping(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    return wrapper


def replacing(function):
    def wrapper(a, b):
        return function(a)

    return wrapper


def made(function):
    return elsewhere.make(function)


def typed(function: T) -> T:
    return elsewhere.make(function)


@passing_on
def hidden_by_a_wrapper(x): ...


@made
def hidden_by_a_call(x): ...


@elsewhere.decorate(1)
def hidden_by_another_package(x): ...


class Client:
    @wrapping
    @made
    def hidden_method(self, x): ...

    @staticmethod
    @functools.lru_cache
    def cached(x): ...


@wrapping
def shown(x): ...


@replacing
def replaced(x): ...


@typed
def declared(x): ...


@contextmanager
def managed(x):
    yield x


def plain(x): ...
"""


def test_only_a_decorator_whose_text_does_not_tell_what_calls_take_hides_a_signature(tmp_path: Path) -> None:
    (module,) = describe(tmp_path, {"lib/__init__.py": SOURCE}).descriptor.modules

    functions = (*module.functions, *module.classes[0].methods)
    assert {one.name for one in functions if one.is_signature_hidden} == {
        "hidden_by_a_wrapper",
        "hidden_by_a_call",
        "hidden_by_another_package",
        "hidden_method",
    }


def test_a_stub_shows_what_a_decorator_hides(tmp_path: Path) -> None:
    source = "import elsewhere\n\n@elsewhere.decorate\ndef fetch(url): ...\n"
    stub = "def fetch(url: str) -> bytes: ...\n"

    (module,) = describe(tmp_path, {"lib/__init__.py": source, "lib/__init__.pyi": stub}).descriptor.modules

    assert not module.functions[0].is_signature_hidden


def test_a_constructor_says_so_as_well(tmp_path: Path) -> None:
    source = """
import elsewhere

class Client:
    @elsewhere.decorate
    def __init__(self, url): ...

class Shown:
    def __init__(self, url): ...
"""
    (module,) = describe(tmp_path, {"lib/__init__.py": source}).descriptor.modules

    assert [(one.constructor.is_signature_hidden, one.constructor.decorators) for one in module.classes] == [
        (True, ("elsewhere.decorate",)),
        (False, ()),
    ]
