"""``pybridge coverage``: a table for people, JSON for scripts, an exit code for gates."""

import json

import pytest

from site_folders import install

MIXED = {"mixed/__init__.py": "def f(a: int, b) -> str: ...\ndef g(c=1): return h()\n"}


@pytest.fixture
def mixed(pybridge, tmp_path):
    site = install(tmp_path / "site", "mixed", MIXED)
    return lambda *arguments: pybridge("coverage", "mixed", "--site-packages", site, *arguments)


def test_the_table_shows_shares_evidence_and_reasons(mixed):
    told = mixed()

    lines = [line.split() for line in told.out.splitlines()]
    assert told.code == 0
    assert "  60.0 % of 5 public types are known" in told.out
    assert ["types", "known", "annotation", "default"] in lines
    assert ["parameters", "3", "66.7", "%", "1", "1"] in lines
    assert ["mixed", "5", "60.0", "%", "2", "1"] in lines
    assert "       2  nothing declares it, and nothing tells it\n" in told.out


def test_json_has_the_same_figures(mixed):
    answer = json.loads(mixed("--output-format", "json").out)

    assert answer["percentage"] == 60
    assert answer["coverage"]["all"] == {
        "positions": 5,
        "known": 3,
        "less_certain": 1,
        "tiers": {"annotation": 2, "default": 1},
        "unknown": {"unannotated": 2},
    }


@pytest.mark.parametrize(("least", "code"), [("0", 0), ("60", 0), ("60.01", 1), ("100", 1)])
@pytest.mark.parametrize("form", ["text", "json"])
def test_a_gate_fails_only_below_its_mark(mixed, least, code, form):
    told = mixed("--fail-under", least, "--output-format", form)

    assert told.code == code
    assert ("of the types are known, less than" in told.err) == bool(code)


def test_a_library_that_is_typed_passes_a_gate_of_a_hundred(pybridge, tmp_path):
    site = install(tmp_path / "site", "typed", {"typed/__init__.py": "def f(a: int) -> str: ...\n"})

    assert pybridge("coverage", "typed", "--site-packages", site, "--fail-under", "100").code == 0


def test_an_empty_library_passes_any_gate(pybridge, tmp_path):
    site = install(tmp_path / "site", "empty", {"empty/__init__.py": ""})

    assert pybridge("coverage", "empty", "--site-packages", site, "--fail-under", "100").code == 0


@pytest.mark.parametrize("value", ["-1", "101", "most"])
def test_a_mark_that_is_no_percentage_is_wrong_usage(mixed, value):
    assert mixed("--fail-under", value).code == 2


def test_help_says_what_is_counted(pybridge):
    told = " ".join(pybridge("coverage", "--help").out.split())

    assert "Counted are parameters" in told
    assert "Any count as not known" in told
