"""Our subtyping and mypy's never contradict each other, and ours rarely has to say that it does not know."""

import pytest
from type_oracle import Generator, answers

from pybridge.compat.types.relation import Answer

SEED, PAIRS = 2, 1_500
MAX_SHARE_UNDECIDED = 0.02


@pytest.fixture(scope="module")
def asked():
    return tuple(answers(Generator(SEED).pairs(PAIRS)))


def test_no_answer_contradicts_mypy(asked):
    decided = [one for one in asked if one.ours is not Answer.MAYBE]

    assert [one for one in decided if (one.ours is Answer.YES) != one.theirs] == []


def test_few_known_types_are_undecided(asked):
    undecided = [one for one in asked if one.ours is Answer.MAYBE]

    assert len(undecided) < MAX_SHARE_UNDECIDED * len(asked)


def test_the_pairs_ask_for_both_answers(asked):
    assert len(asked) == 2 * PAIRS
    assert sum(one.theirs for one in asked) > len(asked) / 6
