"""Docstrings are cleaned as ``inspect`` cleans them."""

import inspect

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pybridge.resolve.evidence import clean_docstring


@given(st.text(alphabet="ab \t\n", max_size=80))
def test_cleaning_is_what_inspect_does(raw: str) -> None:
    assert clean_docstring(raw) == inspect.cleandoc(raw)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("", ""),
        ("\n\n", ""),
        ("One.", "One."),
        ("  One.\n\n    Two.\n      Three.\n    ", "One.\n\nTwo.\n  Three.\n"),
        ("\n    One.\n    Two.\n", "One.\nTwo."),
    ],
)
def test_cleaning(raw: str, expected: str) -> None:
    assert clean_docstring(raw).rstrip("\n") == expected.rstrip("\n")
