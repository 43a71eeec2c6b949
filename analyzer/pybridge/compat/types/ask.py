"""Nouns of one question: how types are compared, what is told of the variables in them, and who answers."""

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Protocol

import msgspec

from pybridge.compat.types.classes.world import World
from pybridge.compat.types.relation import Answer
from pybridge.model.types import Named, TypeExpr, TypeParameter


class Mode(Enum):
    """What ``Any`` is."""

    GRADUAL = "gradual"
    """Fits everything, and everything fits it: what a type checker accepts."""
    STRICT = "strict"
    """The widest type of all: everything fits it, it fits itself and ``object`` alone."""


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """What type variables in compared types stand for. Variables of one name are the same on both sides."""

    variables: Mapping[str, TypeParameter] = {}
    """Declarations by name, their types placed. Of one that is missing here only the name is known."""
    owner: Named | None = None
    """The class that ``Self`` is an instance of, placed; None outside of classes."""
    renamed: tuple[Mapping[str, TypeExpr], Mapping[str, TypeExpr]] = ({}, {})
    """What stands for variables of the old and of the new side: another name, or what callers see of them."""
    loose: frozenset[str] = frozenset()
    """Names of variables that each call decides."""


class Question(Protocol):
    """Whether types fit, as the parts of the algorithm ask each other."""

    @property
    def world(self) -> World:
        """The classes of both sides."""

    @property
    def mode(self) -> Mode:
        """What ``Any`` is."""

    def fits(self, left: TypeExpr, right: TypeExpr) -> Answer:
        """Whether every value of the left type is one of the right type."""

    def is_equal(self, left: TypeExpr, right: TypeExpr) -> Answer:
        """Whether both are one type, as arguments of an invariant parameter have to be."""


def every(question: Question, pairs: Iterable[tuple[TypeExpr, TypeExpr]]) -> Answer:
    """Whether each left type fits its right one; nothing more is asked after the first that does not."""
    found = Answer.YES
    for left, right in pairs:
        found = min(found, question.fits(left, right))
        if found is Answer.NO:
            break
    return found
