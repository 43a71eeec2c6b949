"""The sample of claimed types: drawn alike each time, from all tiers, and judged only by verdicts on the same type."""

import importlib.util
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).parents[2] / "benchmarks" / "sample_types.py"


@pytest.fixture(scope="module")
def program():
    spec = importlib.util.spec_from_file_location("sample_types", PROGRAM)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def population(program):
    return [
        program.Claimed(
            library=library,
            symbol=f"{library}:{tier.value}{number}",
            part=part,
            type="int",
            tier=tier.value,
            confidence="low",
        )
        for library, size in (("large", 100), ("small", 3))
        for number in range(size)
        for part in ("return", "parameter a")
        for tier in program.TIERS[:2]
    ]


def test_every_tier_and_every_library_gets_its_turn(program) -> None:
    drawn = program.draw(population(program), count=30, seed=1)

    assert {tier: sum(one.tier == tier for one in drawn) for tier in ("inferred", "docstring")} == {
        "inferred": 10,
        "docstring": 10,
    }
    assert sum(one.library == "small" for one in drawn) >= 8


def test_a_seed_draws_the_same_from_any_order(program) -> None:
    claims = population(program)

    assert program.draw(claims, count=30, seed=1) == program.draw(reversed(claims), count=30, seed=1)
    assert program.draw(claims, count=30, seed=1) != program.draw(claims, count=30, seed=2)


def test_a_verdict_on_another_type_does_not_count(program) -> None:
    sample = program.draw(population(program), count=3, seed=1)
    verdicts = {one.key: {"type": "str", "verdict": "right"} for one in sample}

    told = program.judged(sample, verdicts)

    assert "| inferred | 1 | 0 | 0 | 0 | 1 | - |" in told
