"""Structure: whether a class has what a protocol asks for, and whether the keys of a typed dict fit another's."""

from collections.abc import Mapping

import msgspec

from pybridge.compat.types.ask import Question
from pybridge.compat.types.calls import call_fits, renamed
from pybridge.compat.types.classes.shapes import KeyShape, MemberShape, SignatureShape
from pybridge.compat.types.classes.world import filled
from pybridge.compat.types.relation import Answer
from pybridge.compat.types.substitution import SELF, union_of
from pybridge.model.names import SymbolPath
from pybridge.model.types import Callable, Named, TypeExpr

_CATCH_ALL = ("__getattr__", "__getattribute__")
_CALL = "__call__"
_TYPE = SymbolPath("builtins:type")


def implements(
    question: Question, left: Named, right: Named, *, itself: TypeExpr, without: str | None = None
) -> Answer:
    """Whether instances of a class have the members of a protocol; ``itself`` is what their ``Self`` is.

    ``without`` is a member that is known to fit.
    """
    world = question.world
    found = Answer.MAYBE if world.is_open(right.path) else Answer.YES
    for name in sorted(world.member_names(right.path)):
        if name != without:
            found = min(found, _member_fits(question, left, right, name, itself))
        if found is Answer.NO:
            break
    return found


def _member_fits(question: Question, left: Named, right: Named, name: str, itself: TypeExpr) -> Answer:
    world = question.world
    wanted = world.member(right, name)
    had = world.member(left, name)
    if wanted is None:
        return Answer.MAYBE
    knows_all = world.knows_members(left.path)
    if had is not None and had[1] and _is_protocol(question, left):
        # Of what is only known to follow a protocol, no more is asked than that protocol says.
        return Answer.NO
    if had is None or (had[1] and not knows_all):
        is_certain = knows_all and not any(_own(world.member(left, one)) for one in _CATCH_ALL)
        return Answer.NO if is_certain else Answer.MAYBE
    if name == "__hash__" and had[1] and _own(world.member(left, "__eq__")):
        # ``__eq__`` without ``__hash__`` takes the hash away, and ``__hash__ = None`` is not described.
        return Answer.MAYBE
    if name == _CALL and world.supertype(left, _TYPE) is not None:
        # What calling a class gives is for its metaclass to say only where no constructor does.
        return Answer.MAYBE
    values: Mapping[str, TypeExpr] = {SELF: itself}
    answer = attribute_fits(question, filled(had[0], values), filled(wanted[0], values), ignores_names=name != _CALL)
    return max(answer, Answer.MAYBE) if had[0].is_partial else answer


def attribute_fits(question: Question, left: MemberShape, right: MemberShape, *, ignores_names: bool) -> Answer:
    """Whether a member can stand where another is asked for: its type, and what may be done with it."""
    if right.is_settable and not left.is_settable:
        return Answer.NO
    is_class_variable = left.is_class_variable, right.is_class_variable
    if is_class_variable == (False, True) or (right.is_settable and is_class_variable == (True, False)):
        return Answer.NO
    if right.is_class_or_static and not left.is_class_or_static:
        return Answer.NO
    if left.type is not None and right.type is not None:
        return question.is_equal(left.type, right.type) if right.is_settable else question.fits(left.type, right.type)
    if left.type is None and right.type is None:
        return overloads_fit(question, left.signatures, right.signatures, ignores_names=ignores_names)
    if left.type is not None:
        answers = [question.fits(left.type, _callable(one)) for one in right.signatures]
        return min(answers, default=Answer.MAYBE)
    assert right.type is not None
    answers = [question.fits(_callable(one), right.type) for one in left.signatures]
    found = max(answers, default=Answer.MAYBE)
    return found if len(answers) == 1 else max(found, Answer.MAYBE)


def overloads_fit(
    question: Question,
    left: tuple[SignatureShape, ...],
    right: tuple[SignatureShape, ...],
    *,
    ignores_names: bool = False,
) -> Answer:
    """Whether each way to call on the right is one on the left, or all those on the left together.

    Overloads that stand in another order may answer the same call otherwise: `MAYBE`.
    """
    found, last = Answer.YES, 0
    for wanted in right:
        opaque = renamed(wanted, "'")
        answers = [call_fits(question, one, opaque, ignores_names=ignores_names) for one in left]
        best = max(answers, default=Answer.NO)
        place = answers.index(best) if answers else 0
        together = _together(left) if best is not Answer.YES else None
        if together is not None:
            best = max(best, call_fits(question, together, opaque, ignores_names=ignores_names))
        elif best is Answer.YES and place < last:
            best = Answer.MAYBE
        last = max(last, place)
        found = min(found, best)
    return found


def _together(overloads: tuple[SignatureShape, ...]) -> SignatureShape | None:
    """Overloads of one form as one signature that takes what any of them takes; None where they differ in form."""
    first = overloads[0] if len(overloads) > 1 else None
    if first is None or any(one.parameters is None or one.variables for one in overloads):
        return None
    columns = list(zip(*(one.parameters or () for one in overloads), strict=False))
    forms = {tuple((each.kind, each.is_required) for each in one.parameters or ()) for one in overloads}
    if len(forms) > 1:
        return None
    parameters = tuple(
        msgspec.structs.replace(
            column[0],
            type=union_of(each.type for each in column),
            name=column[0].name if len({each.name for each in column}) == 1 else None,
        )
        for column in columns
    )
    return SignatureShape(parameters=parameters, returns=union_of(one.returns for one in overloads))


def keys_fit(question: Question, left: Mapping[str, KeyShape], right: Mapping[str, KeyShape]) -> Answer:
    """Whether a typed dict has the keys of another, as sure to be there, and as free to be set."""
    found = Answer.YES
    for name, wanted in right.items():
        had = left.get(name)
        if had is None or (wanted.is_required and not had.is_required) or (had.is_readonly and not wanted.is_readonly):
            return Answer.NO
        if wanted.is_readonly:
            found = min(found, question.fits(had.type, wanted.type))
        elif had.is_required and not wanted.is_required:
            return Answer.NO
        else:
            found = min(found, question.is_equal(had.type, wanted.type))
        if found is Answer.NO:
            break
    return found


def _is_protocol(question: Question, named: Named) -> bool:
    shape = question.world.shape(named.path)
    return shape is not None and shape.is_protocol


def _own(member: tuple[MemberShape, bool] | None) -> bool:
    """Whether there is a member, and not only because every object has it."""
    return member is not None and not member[1]


def _callable(signature: SignatureShape) -> TypeExpr:
    opaque = renamed(signature, "'")
    return Callable(parameters=opaque.parameters, returns=opaque.returns)
