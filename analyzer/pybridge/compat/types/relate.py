"""`TypesOfBoth`: the relation of a type of the old side to one of the new side."""

from collections.abc import Iterable, Mapping
from typing import Final

from pybridge.compat.library import Library
from pybridge.compat.types.ask import Scope
from pybridge.compat.types.classes.world import World
from pybridge.compat.types.relation import Answer, Relation
from pybridge.compat.types.scoping import Declarations, scope_of
from pybridge.compat.types.substitution import parts, substituted
from pybridge.compat.types.subtyping import Memo, OutOfStepsError, Steps, Subtyping
from pybridge.compat.types.variance import Variances
from pybridge.model.names import ModuleName, SymbolPath
from pybridge.model.types import Alias, SelfType, TypeExpr, TypeParameter, TypeVariable, Unknown, UnknownReason

NOWHERE: Final = Scope()
_TOO_DEEP: Final = Unknown(reason=UnknownReason.UNSUPPORTED)


class TypesOfBoth:
    """Compares types of two libraries, and remembers what it found."""

    def __init__(self, old: Library, new: Library, same: frozenset[ModuleName] = frozenset()) -> None:
        self.world = World(old, new, same)
        self.variances = Variances(self.world)
        self._memos: tuple[Memo, Memo] = ({}, {})

    def relate(self, old: TypeExpr, new: TypeExpr, scope: Scope = NOWHERE) -> Relation:
        """Tell how the new type lies to the old one.

        ``Any`` is the widest type here: from ``int`` to ``Any`` is `WIDER`, and ``list[int]`` to ``list[Any]`` too, though
        a type checker accepts either for the other. Types that differ in ``Any`` both ways, such as ``tuple[Any, int]``
        and ``tuple[int, Any]``, are `UNKNOWN`. So is whatever an `Unknown` or a class that is not read would decide.
        """
        if is_told_alike(old, new) and scope is NOWHERE:
            return Relation.SAME
        return self.related(*self.placed(old, new, scope), scope)

    def placed(self, old: TypeExpr, new: TypeExpr, scope: Scope = NOWHERE) -> tuple[TypeExpr, TypeExpr]:
        """Both types as the world of both sides knows them; those that are nested too deep for that are not known."""
        try:
            ours, theirs = self.world.places[0].type(old), self.world.places[1].type(new)
            return substituted(ours, scope.renamed[0]), substituted(theirs, scope.renamed[1])
        except RecursionError:
            return _TOO_DEEP, _TOO_DEEP

    def scope(
        self,
        old: Iterable[TypeParameter] | Declarations,
        new: Iterable[TypeParameter] | Declarations,
        owner: SymbolPath | None = None,
        *,
        is_taken: bool = False,
    ) -> Scope:
        """Tell what variables stand for on both sides; see `scope_of`.

        Of plain parameters, ``owner`` is the new side's class, for ``Self``.
        """
        sides = [
            one if isinstance(one, Declarations) else Declarations(own=tuple(one), owner=owner) for one in (old, new)
        ]
        return scope_of(self.world, self.related, sides[0], sides[1], is_taken=is_taken)

    def related(self, old: TypeExpr, new: TypeExpr, scope: Scope = NOWHERE) -> Relation:
        """As `relate`, for types that are placed already."""
        gradual, strict = self._askers(scope, old, new)
        try:
            narrows, widens = gradual.fits(new, old), gradual.fits(old, new)
            if narrows is widens is Answer.YES:
                narrows, widens = strict.fits(new, old), strict.fits(old, new)
                if narrows is widens is Answer.NO:
                    return Relation.UNKNOWN
        except (OutOfStepsError, RecursionError):
            return Relation.UNKNOWN
        return _RELATIONS.get((narrows, widens), Relation.UNKNOWN)

    def fits(self, left: TypeExpr, right: TypeExpr, scope: Scope = NOWHERE) -> Answer:
        """Whether a type checker accepts every value of one placed type for another."""
        try:
            return self._askers(scope, left, right)[0].fits(left, right)
        except (OutOfStepsError, RecursionError):
            return Answer.MAYBE

    def _askers(self, scope: Scope, *exprs: TypeExpr) -> tuple[Subtyping, Subtyping]:
        """Who answers, gradually and strictly; answers that no variable decides are kept for later questions."""
        is_shared = not any(isinstance(part, TypeVariable | SelfType) for one in exprs for part in parts(one))
        memos = self._memos if is_shared else ({}, {})
        where = NOWHERE if is_shared else scope
        steps = Steps()
        gradual = Subtyping(self.world, self.variances, where, memos[0], steps)
        return gradual, Subtyping(self.world, self.variances, where, memos[1], steps, gradual)


_RELATIONS: Final[Mapping[tuple[Answer, Answer], Relation]] = {
    (Answer.YES, Answer.YES): Relation.SAME,
    (Answer.YES, Answer.NO): Relation.NARROWER,
    (Answer.NO, Answer.YES): Relation.WIDER,
    (Answer.NO, Answer.NO): Relation.OTHER,
}


def is_told_alike(old: TypeExpr, new: TypeExpr) -> bool:
    """Whether two types are the same by their text alone: nothing in them is an alias, which may have changed."""
    try:
        return old == new and not any(isinstance(one, Alias | Unknown) for one in parts(old))
    except RecursionError:
        return False


def relate(old: TypeExpr, new: TypeExpr, sides: tuple[Library, Library]) -> Relation:
    """Compare a type of the old side with one of the new side; see `TypesOfBoth`, which remembers more."""
    return TypesOfBoth(*sides).relate(old, new)
