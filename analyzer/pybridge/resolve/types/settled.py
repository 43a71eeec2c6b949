"""Functions whose own text says all of their types: of those the type engine has nothing to tell that anybody reads."""

from collections import Counter
from collections.abc import Iterator, Sequence

from pybridge.model.expressions import Attribute, Expr, Name
from pybridge.model.facts import Assignment, ClassFacts, FunctionFacts, ModuleFacts, Statement
from pybridge.model.types import ParameterKind

_POSITIONAL = frozenset({ParameterKind.POSITIONAL_ONLY, ParameterKind.POSITIONAL_OR_KEYWORD})
_GIVE_NONE = frozenset({"__init__", "__init_subclass__"})
"""Where a parameter has an annotation, and the result none, that is None to the engine."""


def settled_functions(facts: ModuleFacts) -> tuple[str, ...]:
    """Name the functions and methods of a file of which their text tells all that the engine knows, qualified, sorted.

    Those are plain, or overloads with a plain implementation, and have an annotation for everything but the receiver.
    All of one name in a scope have to be so, under whatever conditions they stand: which of them runs may be seen
    differently by the engine and by the describer. Of one that stands alone some annotation is enough: the engine
    infers nothing for the rest, but what a constructor gives. Without any, nothing is ever told.
    """
    return tuple(sorted(_settled(facts.body, "")))


def _settled(body: Sequence[Statement], owner: str) -> Iterator[str]:
    functions: dict[str, list[FunctionFacts]] = {}
    classes: list[ClassFacts] = []
    made: Counter[str] = Counter()
    for one in body:
        match one:
            case FunctionFacts():
                functions.setdefault(one.name, []).append(one)
            case ClassFacts():
                classes.append(one)
                made[one.name] += 1
            case Assignment(target=Name(id=name)):
                made[name] += 1
            case _:
                pass
    for name, defs in functions.items():
        is_alone = len(defs) == 1 and _is_begun(defs[0])
        if is_alone or (not defs[-1].decorators and all(_is_settled(one, is_member=bool(owner)) for one in defs)):
            yield f"{owner}{name}"
    for each in classes:
        # A class that a call makes as well (``X = namedtuple(...)``) is described by what the engine says.
        if made[each.name] == 1:
            yield from _settled(each.body, f"{owner}{each.name}.")


def _is_begun(one: FunctionFacts) -> bool:
    if one.decorators or one.name in _GIVE_NONE:
        return False
    return one.returns is not None or any(each.annotation is not None for each in one.parameters)


def _is_settled(one: FunctionFacts, *, is_member: bool) -> bool:
    if one.returns is None or not all(_is_overload(decorator.expr) for decorator in one.decorators):
        return False
    has_receiver = is_member and bool(one.parameters) and one.parameters[0].kind in _POSITIONAL
    return all(each.annotation is not None for each in one.parameters[has_receiver:])


def _is_overload(decorator: Expr) -> bool:
    match decorator:
        case Name(id=name) | Attribute(name=name):
            return name == "overload"
        case _:
            return False
