"""Every rule fires on its own pair, keeps silent on its near miss, and is judged over the pairs of all others."""

import re
import tempfile
from pathlib import Path

import pytest
from rule_cases import RuleCase, finding_line, is_updating, libraries, only, read_cases, rewrite

from described import describe
from pybridge.compat import judge, rules
from pybridge.compat.rules import RULES

CASES = read_cases()
TOLD_ELSEWHERE = {"PB803": "`pybridge stubs check` tells it: tests/cli/test_stubs.py"}
"""Rules that no comparison of two versions asks, each with where it is tested."""
RULE_FILES = {path.stem: path for path in Path(rules.__file__).parent.rglob("pb[0-9]*.py")}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.package)
def test_a_pair_gives_exactly_these_findings(case: RuleCase):
    found = judge(*libraries(case))

    text = "".join(f"{finding_line(one, case.package)}\n" for one in found)
    if is_updating():
        rewrite(case, text)
    else:
        assert text == case.expected


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.package)
def test_what_is_left_out_as_the_same_has_nothing_to_tell(case: RuleCase):
    old, new = libraries(case)

    assert judge(old, new, has_quiet=True) == judge(old, new)


def test_every_rule_has_a_case_file_on_which_it_fires_and_a_near_miss():
    by_file: dict[str, list[RuleCase]] = {}
    for case in CASES:
        by_file.setdefault(case.file, []).append(case)

    for rule in RULES:
        if rule.id in TOLD_ELSEWHERE:
            continue
        stem = f"{rule.id.lower()}_{rule.name.replace('-', '_')}"
        cases = by_file.get(stem, [])
        assert any(f"{rule.id} " in one.expected for one in cases if not one.is_near_miss), stem
        assert any(one.is_near_miss for one in cases), stem
        assert not any(f"{rule.id} " in one.expected for one in cases if one.is_near_miss), stem


def test_a_rule_is_in_the_file_of_its_name_and_in_the_list():
    assert sorted(f"{one.id.lower()}_{one.name.replace('-', '_')}" for one in RULES) == sorted(RULE_FILES)
    assert [one.id for one in RULES] == sorted({one.id for one in RULES})


@pytest.fixture(scope="module")
def examples():
    sides = []
    for side in ("before", "after"):
        sources = {f"{one.id.lower()}.py": getattr(one, side) + "\n" for one in RULES if one.before or one.after}
        with tempfile.TemporaryDirectory() as folder:
            sides.append(describe(Path(folder), sources).descriptor)
    return sides


@pytest.mark.parametrize("rule", [one for one in RULES if one.before or one.after], ids=lambda rule: rule.id)
def test_the_example_of_a_rule_shows_it(rule, examples):
    old, new = (only(one, rule.id.lower()) for one in examples)

    assert rule.id in {one.rule for one in judge(old, new)}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.package)
def test_a_library_has_no_findings_against_itself(case: RuleCase):
    old, new = libraries(case)

    assert judge(old, old) == ()
    assert judge(new, new) == ()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_says_why_in_whole_sentences(rule):
    assert re.fullmatch(r"PB[1-8]\d\d", rule.id)
    assert rule.title.endswith(".")
    assert len(rule.why) > 40
