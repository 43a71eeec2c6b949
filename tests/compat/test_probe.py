"""58 changes that users notice, each found where it stands; and a list of changes that nobody should hear of."""

import ast
import tomllib
from datetime import date
from pathlib import Path

import pytest
from rule_cases import letters

from pybridge.model.drift import DriftReport
from pybridge.model.finding import Audience
from pybridge.pipeline.drift.compare import Terms, compare
from pybridge.pipeline.drift.settings import DriftSettings
from pybridge.pipeline.request import AnalyzeRequest, Places
from pybridge.pipeline.sides import obtain_sides
from pybridge.protocols import Silent

HERE = Path(__file__).parent
CASES = tomllib.loads((HERE / "probe" / "cases.toml").read_text())["case"]


def compared(pair: str, package: str, folder: Path) -> DriftReport:
    """Compare both sides of a pair, as the command does."""
    sides = [str(HERE / pair / side / package) for side in ("old", "new")]
    places = Places(store=folder / "store.git", cache=folder / "cache")
    old, new = obtain_sides(sides[0], sides[1], AnalyzeRequest(name=None), places, Silent())
    return compare(old, new, Terms(settings=DriftSettings(), profile=tuple(Audience), today=date(2000, 1, 1)))


def found_by(report: DriftReport) -> set[tuple[str, ...]]:
    """Tell each finding with both symbols and both places."""
    told = set()
    for one in report.findings:
        assert one.old is not None, one.finding
        assert one.new is not None, one.finding
        sides = one.finding.old_symbol, one.finding.new_symbol
        places = f"{one.old.path}:{one.old.line}", f"{one.new.path}:{one.new.line}"
        told.add((one.finding.rule, one.finding.part, *sides, *places))
    return told


def expected_of(case: dict) -> set[tuple[str, ...]]:
    """What a case must give, its places read off the text."""
    return {
        (
            one["rule"],
            one.get("part", ""),
            one["old"],
            one["new"],
            place("old", one["old"]),
            place("new", one["new"]),
        )
        for one in case["findings"]
    }


def place(side: str, symbol: str) -> str:
    """Find where a symbol is written, by nothing but the text: ``def``, ``class`` or assignment of its name."""
    module, _, qualname = symbol.partition(":")
    inside = Path(*module.split("."))
    path = inside / "__init__.py" if (HERE / "probe" / side / inside).is_dir() else inside.with_suffix(".py")
    line, body = 1, ast.parse((HERE / "probe" / side / path).read_text()).body
    for name in qualname.split(".") if qualname else ():
        statement = next(one for one in body if name in names_of(one))
        line, body = statement.lineno, getattr(statement, "body", [])
    return f"{path.as_posix()}:{line}"


def names_of(statement: ast.stmt) -> set[str]:
    """Names that a statement defines."""
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return {statement.name}
        case ast.Assign(targets=targets):
            return {one.id for one in targets if isinstance(one, ast.Name)}
        case ast.AnnAssign(target=ast.Name(id=name)):
            return {name}
        case _:
            return set()


@pytest.fixture(scope="module")
def probe(tmp_path_factory: pytest.TempPathFactory) -> DriftReport:
    return compared("probe", "probe", tmp_path_factory.mktemp("probe"))


def test_the_probe_has_58_cases_each_about_a_symbol_of_its_own():
    symbols = [{(one["old"], one["new"]) for one in case["findings"]} for case in CASES]

    assert [case["number"] for case in CASES] == list(range(1, 59))
    assert sum(map(len, symbols)) == len(set().union(*symbols))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['number']:02}-{case['change'].replace(' ', '-')}")
def test_a_change_is_found_where_it_stands_on_both_sides(case: dict, probe: DriftReport):
    found = {one for one in found_by(probe) if one[:4] in {told[:4] for told in expected_of(case)}}

    assert found == expected_of(case)


def test_nothing_else_is_found(probe: DriftReport):
    expected = set().union(*map(expected_of, CASES))

    assert found_by(probe) - expected == set()


def test_what_users_cannot_notice_is_not_told(tmp_path: Path):
    report = compared("unchanged", "calm", tmp_path)

    found = [(one.finding.rule, one.finding.symbol, letters(one.finding.verdict)) for one in report.findings]
    assert found == [("PB113", "calm.looked_up:TIMEOUT", "UU-U")]
