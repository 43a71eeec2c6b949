"""Headers in documentation: read as text under caps, or not at all."""

import inspect
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pybridge.model.types import ParameterKind
from pybridge.resolve.annotations import read_header


def _mixed(a, /, b, *rest, c=1, **more): ...


def _defaults(a=1, b="x, (y)", *, c, d=None): ...


def _tuples(a, b=-1, c=(1, 2)): ...


@pytest.mark.parametrize("function", [lambda: None, _mixed, _defaults, _tuples])
def test_a_header_has_the_parameters_that_python_has(function: Callable[..., object]) -> None:
    judged = inspect.signature(function)

    header = read_header(f"f{judged}", "f")

    assert header is not None
    assert [(one.name, one.kind.name, one.default_text is None) for one in header.parameters] == [
        (one.name, one.kind.name, one.default is inspect.Parameter.empty) for one in judged.parameters.values()
    ]


@pytest.mark.parametrize(
    "text",
    [
        "g(a)",
        "f",
        "f(a",
        "f(a[, b])",
        "f(a) -> ",
        "f(a) and more",
        "f(a): return 1\nimport os",
        f"f({'(' * 5000}",
        f"f({', '.join(f'a{number}' for number in range(300))})",
        "f(a, a)\x00",
    ],
)
def test_what_is_no_header_is_none(text: str) -> None:
    assert read_header(text, "f") is None


def test_a_marked_receiver_is_left_out() -> None:
    header = read_header("f($self, a, /)", "f")

    assert header is not None
    assert header.hides_receiver
    assert [(one.name, one.kind) for one in header.parameters] == [("a", ParameterKind.POSITIONAL_ONLY)]


@given(st.text(max_size=200))
def test_any_text_is_a_header_or_none(text: str) -> None:
    header = read_header(f"f({text}", "f")

    assert header is None or all(one.name for one in header.parameters)
