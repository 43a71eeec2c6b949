"""What a difference of two types is, so that one rule tells it: the most specific one."""

from enum import Enum
from typing import Final

from pybridge.compat.pairs import LibraryPair, Position, TypedPair
from pybridge.compat.types.relation import Answer, Relation
from pybridge.compat.types.substitution import mapped, parts, union_of
from pybridge.compat.types.subtyping import CONSTANTS
from pybridge.model.evidence import Confidence, Tier, TypeClaim
from pybridge.model.types import (
    Alias,
    Callable,
    Literal,
    Named,
    Never,
    NoneType,
    Tuple,
    TypeExpr,
    Unknown,
    UnknownReason,
)

_DECLARED: Final = frozenset({Tier.ANNOTATION, Tier.STUB, Tier.SYNTHESISED})
_GUARDS: Final = frozenset({"typing:TypeGuard", "typing:TypeIs"})
_CHANGED: Final = frozenset({Relation.NARROWER, Relation.WIDER, Relation.OTHER})


class Difference(Enum):
    """Which rule tells it."""

    NOTHING = "nothing"
    ANNOTATION_REMOVED = "PB308"
    ANNOTATION_ADDED = "PB309"
    NONE = "PB307"
    """None alone was added to what users get, or taken from what they may give."""
    LITERALS = "PB313"
    CALLABLE = "PB314"
    SPECIAL = "PB315"
    """``NoReturn``, ``TypeGuard`` or ``TypeIs`` came, went or changed."""
    UNKNOWN = "PB316"
    TYPE = "PB301 to PB306, PB310"


def difference(pair: TypedPair) -> Difference:
    """Say what became of a type, as far as it concerns anybody.

    Where nobody declares the type on either side it was read off code, documentation or a default, and differs from one
    release to the next for reasons of ours as well. Only what code surely gives on both sides is compared then, and only
    a type that users may not expect is told.
    """
    if is_told_at_alias(pair.old.expr, pair.new.expr, pair.libraries):
        return Difference.NOTHING
    was_declared, is_declared = (_is_declared(one) for one in (pair.old, pair.new))
    if was_declared and is_declared:
        return _declared_difference(pair)
    if was_declared or is_declared:
        return _annotation(pair, is_declared=is_declared)
    is_told = is_certain(pair.old) and is_certain(pair.new) and pair.relation in _CHANGED
    return Difference.TYPE if is_told and not _is_as_expected(pair) else Difference.NOTHING


def is_weak(pair: TypedPair) -> bool:
    """Whether nobody declares the type, so that a type checker of users knows nothing of it."""
    return not _is_declared(pair.old) and not _is_declared(pair.new)


def is_certain(claim: TypeClaim) -> bool:
    """Whether a type that nobody declares was read off code that allows no other."""
    return claim.evidence.tier is Tier.INFERRED and claim.evidence.confidence is Confidence.HIGH


def is_kept(pair: TypedPair) -> bool:
    """Whether users may go on as before: they may give what they gave, or get nothing that they did not get."""
    if pair.position is Position.ATTRIBUTE:
        return pair.relation is Relation.SAME
    allowed = Relation.WIDER if pair.position is Position.PARAMETER else Relation.NARROWER
    return pair.relation in {Relation.SAME, allowed}


def is_gradual(pair: TypedPair) -> bool:
    """Whether only ``Any`` makes the difference, so that a type checker accepts one type for the other both ways."""
    types = pair.libraries.types
    old, new = types.placed(pair.old.expr, pair.new.expr, pair.scope)
    return types.fits(old, new, pair.scope) is types.fits(new, old, pair.scope) is Answer.YES


def is_told_at_alias(old: TypeExpr, new: TypeExpr, libraries: LibraryPair) -> bool:
    """Whether both types are the same but for what public aliases in them stand for, which PB312 tells."""
    aliases = [one for one in parts(old) if isinstance(one, Alias) and one.target is None]
    return (
        bool(aliases)
        and old == new
        and all(
            side.definition(one.path) is not None and side.public_paths(one.path)
            for one in aliases
            for side in libraries.sides
        )
    )


def alternatives(pair: TypedPair) -> tuple[tuple[TypeExpr, ...], tuple[TypeExpr, ...]]:
    """Members of both types, if they are unions, also behind aliases."""
    world = pair.libraries.types.world
    old, new = pair.libraries.types.placed(pair.old.expr, pair.new.expr, pair.scope)
    return tuple(world.alternatives(old)), tuple(world.alternatives(new))


def one_sided(pair: TypedPair) -> tuple[tuple[TypeExpr, ...], tuple[TypeExpr, ...]]:
    """Members of one side that the other does not have."""
    old, new = alternatives(pair)
    types = pair.libraries.types

    def is_among(one: TypeExpr, others: tuple[TypeExpr, ...]) -> bool:
        return one in others or any(types.related(one, other, pair.scope) is Relation.SAME for other in others)

    return tuple(one for one in old if not is_among(one, new)), tuple(one for one in new if not is_among(one, old))


def _is_declared(claim: TypeClaim) -> bool:
    is_bare = isinstance(claim.expr, Unknown) and claim.expr.reason is UnknownReason.UNANNOTATED
    return claim.evidence.tier in _DECLARED and not is_bare


def _annotation(pair: TypedPair, *, is_declared: bool) -> Difference:
    if Tier.OVERLAY in {pair.old.evidence.tier, pair.new.evidence.tier}:
        # What we curate ourselves is no promise of the library.
        return Difference.NOTHING
    is_attribute = pair.position in {Position.ATTRIBUTE, Position.READONLY}
    if is_attribute and is_kept(pair) and is_certain(pair.old if is_declared else pair.new):
        # A type checker reads the type of what is assigned off the value, as we do.
        return Difference.NOTHING
    return Difference.ANNOTATION_ADDED if is_declared else Difference.ANNOTATION_REMOVED


def _declared_difference(pair: TypedPair) -> Difference:
    if pair.relation is Relation.SAME:
        return Difference.NOTHING
    if _is_special(pair):
        return Difference.SPECIAL
    if pair.relation is Relation.UNKNOWN:
        is_untouched = pair.old.expr == pair.new.expr or _is_surely_kept(pair)
        return Difference.NOTHING if is_untouched else Difference.UNKNOWN
    if _is_about_none(pair):
        return Difference.NONE
    old, new = one_sided(pair)
    if all(isinstance(one, Literal) for one in (*old, *new)) and _has_literal(pair):
        return Difference.LITERALS
    if pair.position is Position.PARAMETER and _is_called(pair):
        return Difference.CALLABLE
    return Difference.TYPE


def _is_as_expected(pair: TypedPair) -> bool:
    """Whether a type that nobody promised is still what users got, constants and lengths of tuples aside (see PB113)."""
    types = pair.libraries.types
    old, new = (_general(union_of(side)) for side in alternatives(pair))
    if types.fits(old, new, pair.scope) is types.fits(new, old, pair.scope) is Answer.YES:
        return True
    allowed = Relation.WIDER if pair.position is Position.PARAMETER else Relation.NARROWER
    return types.related(old, new, pair.scope) not in _CHANGED - {allowed}


def _general(expr: TypeExpr) -> TypeExpr:
    """A type without what only one value has: the class of a constant, a tuple of any length."""
    match expr:
        case Literal(values=(value, *_)) if value.kind in CONSTANTS:
            return Named(path=CONSTANTS[value.kind])
        case Tuple(items=items) if items:
            return Tuple(items=(union_of(map(_general, items)),), is_variadic=True)
        case _:
            return mapped(expr, _general)


def _is_surely_kept(pair: TypedPair) -> bool:
    """Whether users may go on, though what else changed is not known."""
    types = pair.libraries.types
    old, new = types.placed(pair.old.expr, pair.new.expr, pair.scope)
    gives = types.fits(old, new, pair.scope) is Answer.YES
    gets = types.fits(new, old, pair.scope) is Answer.YES
    match pair.position:
        case Position.PARAMETER:
            return gives
        case Position.ATTRIBUTE:
            return gives and gets
        case _:
            return gets


def _is_special(pair: TypedPair) -> bool:
    if pair.position is not Position.RETURN:
        return False
    sides = [isinstance(one.expr, Never) for one in (pair.old, pair.new)]
    guards = [one.expr.path if isinstance(one.expr, Named) else None for one in (pair.old, pair.new)]
    return sides[0] is not sides[1] or any(one in _GUARDS for one in guards)


def _is_about_none(pair: TypedPair) -> bool:
    """Whether a result may be None now, or a parameter may not, and nothing else changed."""
    loser, gainer = (0, 1) if pair.position is Position.RETURN else (1, 0)
    sides = alternatives(pair)
    if pair.position not in {Position.RETURN, Position.PARAMETER}:
        return False
    if NoneType() in sides[loser] or NoneType() not in sides[gainer]:
        return False
    without = [union_of(one for one in side if not isinstance(one, NoneType)) for side in sides]
    return pair.libraries.types.related(without[0], without[1], pair.scope) is Relation.SAME


def _has_literal(pair: TypedPair) -> bool:
    return all(any(isinstance(one, Literal) for one in side) for side in alternatives(pair))


def _is_called(pair: TypedPair) -> bool:
    """Whether both types are one callable or protocol each, None left aside, and None is on both sides or on none."""
    sides = alternatives(pair)
    if (NoneType() in sides[0]) is not (NoneType() in sides[1]):
        return False
    rests = [[one for one in side if not isinstance(one, NoneType)] for side in sides]
    return all(len(rest) == 1 and _can_be_called(rest[0], pair) for rest in rests)


def _can_be_called(expr: TypeExpr, pair: TypedPair) -> bool:
    if not isinstance(expr, Named) or expr.path.startswith("typing:"):
        return isinstance(expr, Callable)
    shape = pair.libraries.types.world.shape(expr.path)
    return shape is not None and shape.is_protocol
