"""Our subtyping and mypy's never contradict each other, and ours rarely has to say that it does not know."""

import pytest
from type_oracle import Generator, answers, described, relations

from pybridge.compat.types.relation import Answer, Relation

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


@pytest.fixture(scope="module")
def libraries():
    """The library of the oracle, and one whose classes all moved behind their public paths."""
    pairs = Generator(SEED + 1).pairs(400)
    return described(pairs), described(pairs, is_moved=True)


def test_moving_every_class_behind_its_public_path_changes_no_relation(libraries):
    stays, moves = libraries

    found = tuple(relations(stays, moves))

    assert found == tuple(relations(stays, stays))
    assert set(found) == set(Relation)


def test_the_other_way_round_a_relation_is_mirrored(libraries):
    stays, moves = libraries
    mirror = {Relation.NARROWER: Relation.WIDER, Relation.WIDER: Relation.NARROWER}

    found = tuple(relations(moves, stays, is_swapped=True))

    assert found == tuple(mirror.get(one, one) for one in relations(stays, moves))
