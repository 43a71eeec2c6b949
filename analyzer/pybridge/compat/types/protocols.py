"""Structure: whether a class has what a protocol asks for, and whether the keys of a typed dict fit another's."""

from collections.abc import Mapping

from pybridge.compat.types.ask import Question
from pybridge.compat.types.calls import call_fits, renamed
from pybridge.compat.types.classes.shapes import KeyShape, MemberShape, SignatureShape
from pybridge.compat.types.classes.world import filled
from pybridge.compat.types.relation import Answer
from pybridge.compat.types.substitution import SELF
from pybridge.model.types import Callable, Named, TypeExpr

_CATCH_ALL = ("__getattr__", "__getattribute__")
_CALL = "__call__"


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
    if had is None or (had[1] and not knows_all):
        is_certain = knows_all and not any(_own(world.member(left, one)) for one in _CATCH_ALL)
        return Answer.NO if is_certain else Answer.MAYBE
    if name == "__hash__" and had[1] and _own(world.member(left, "__eq__")):
        # ``__eq__`` without ``__hash__`` takes the hash away, and ``__hash__ = None`` is not described.
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
    """Whether each way to call on the right is one on the left.

    Several overloads may only together fit what none of them fits alone: that is not looked into, and `MAYBE`.
    """
    found = Answer.YES
    for wanted in right:
        opaque = renamed(wanted, "'")
        best = Answer.NO
        for one in left:
            best = max(best, call_fits(question, one, opaque, ignores_names=ignores_names))
            if best is Answer.YES:
                break
        found = min(found, best)
    if found is Answer.NO and (len(left) > 1 or len(right) > 1):
        return Answer.MAYBE
    return found


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


def _own(member: tuple[MemberShape, bool] | None) -> bool:
    """Whether there is a member, and not only because every object has it."""
    return member is not None and not member[1]


def _callable(signature: SignatureShape) -> TypeExpr:
    opaque = renamed(signature, "'")
    return Callable(parameters=opaque.parameters, returns=opaque.returns)
