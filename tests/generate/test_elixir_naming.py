"""Elixir names are always valid, and no two Python names share one."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import strategies
from pybridge.generate.targets.elixir.naming import (
    RESERVED,
    Allotment,
    file_stem,
    function_name,
    is_module_name,
    module_segment,
    root_segment,
    type_name,
    variable_name,
)

names = (
    strategies.texts
    | st.from_regex(r"[A-Za-z_]{1,3}[A-Za-z0-9_]{0,80}", fullmatch=True)
    | st.sampled_from(sorted(RESERVED))
)


@given(names)
def test_every_name_is_a_valid_one(python: str) -> None:
    assert re.fullmatch(r"[a-z_][A-Za-z0-9_]*", function_name(python))
    assert function_name(python) not in RESERVED
    assert re.fullmatch(r"[a-z][A-Za-z0-9_]*", variable_name(python))
    assert is_module_name(module_segment(python))
    assert is_module_name(root_segment(python))
    assert re.fullmatch(r"[a-z0-9_]+", file_stem(module_segment(python)))
    assert re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", type_name(python, "opt"))


@given(st.lists(names, unique=True))
def test_no_two_names_share_one(pythons: list[str]) -> None:
    functions, modules = Allotment(), Allotment(is_folding=True)

    given_functions = [functions.allot(function_name(python)) for python in pythons]
    given_modules = [modules.allot_module(module_segment(python)).lower() for python in pythons]

    assert len(set(given_functions)) == len(pythons)
    assert len(set(given_modules)) == len(pythons)


@pytest.mark.parametrize(
    ("python", "expected"),
    [
        ("render", "render"),
        ("end", "end_"),
        ("unquote", "unquote_"),
        ("length", "length"),
        ("URLFor", "url_for"),
        ("X", "x"),
        ("_", "underscore1"),
        ("größe", "gru00F6u00DFe"),
    ],
)
def test_functions_keep_their_name_where_they_can(python: str, expected: str) -> None:
    assert function_name(python) == expected


@pytest.mark.parametrize(
    ("python", "expected"),
    [
        ("jinja2", "Jinja2"),
        ("http_server", "HttpServer"),
        ("HTTPAdapter", "HTTPAdapter"),
        ("string", "PyString"),
        ("_vendor", "Vendor"),
        ("2to3", "N2to3"),
    ],
)
def test_root_modules_avoid_those_of_elixir(python: str, expected: str) -> None:
    assert root_segment(python) == expected
