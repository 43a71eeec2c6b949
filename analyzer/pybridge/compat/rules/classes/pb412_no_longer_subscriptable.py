"""PB412: a class takes other type arguments than before, or none."""

from collections.abc import Iterator

from pybridge.compat.classes.inheriting import Inheritance, takes_arguments
from pybridge.compat.pairs import ClassPair
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.model.classes import Class
from pybridge.model.finding import Bump, Verdicts
from pybridge.model.types import TypeVariableKind

_WHERE_CHECKED = verdicts("SBB-")


def check(pair: ClassPair) -> Iterator[Hit]:
    """Find generic classes that are none any more, and those whose number of arguments no longer fits."""
    old, new = pair.old.type_parameters, pair.new.type_parameters
    if old and not new:
        if not _is_subscriptable(pair):
            yield _hit(pair, "it can no longer be subscripted")
        else:
            yield _hit(pair, "it takes no type arguments any more", _WHERE_CHECKED)
    elif old and new and not _is_fitting(pair):
        yield _hit(pair, "it takes another number of type arguments")
    elif pair.old.is_subscriptable and not new and not _is_subscriptable(pair):
        yield _hit(pair, "it can no longer be subscripted")


def _hit(pair: ClassPair, message: str, letters: Verdicts | None = None) -> Hit:
    return Hit(
        symbol=pair.old.path,
        new_symbol=pair.new.path,
        path=pair.path,
        part="[]",
        message=message,
        old_text=_text(pair.old),
        new_text=_text(pair.new),
        verdicts=letters,
    )


def _is_subscriptable(pair: ClassPair) -> bool:
    """Tell whether subscripting the new class works when code runs, also where a class above lets it."""
    library = pair.libraries.new
    own = [pair.new, *(one for path in pair.new.mro if (one := library.class_at(path)) is not None)]
    if any(one.is_subscriptable for one in own):
        return True
    return takes_arguments(pair.new, library) is not Inheritance.NO


def _is_fitting(pair: ClassPair) -> bool:
    """Tell whether what users write for the old class has a fitting number of arguments for the new one."""
    old, new = pair.old.type_parameters, pair.new.type_parameters
    if any(one.kind is TypeVariableKind.TUPLE for one in (*old, *new)):
        return True
    needed = sum(one.default is None for one in new)
    written = range(sum(one.default is None for one in old), len(old) + 1)
    return needed <= written.start and written.stop - 1 <= len(new)


def _text(one: Class) -> str:
    parameters = ", ".join(parameter.name for parameter in one.type_parameters)
    return f"class {one.name}[{parameters}]" if parameters else f"class {one.name}"


RULE = Rule(
    id="PB412",
    name="no-longer-subscriptable",
    title="A generic class takes another number of type arguments, or none.",
    why="Annotations that subscript the class raise TypeError where they are evaluated, and type checkers refuse them.",
    before='from typing import Generic, TypeVar\n\nT = TypeVar("T")\n\n\nclass Box(Generic[T]): ...',
    after='from typing import TypeVar\n\nT = TypeVar("T")\n\n\nclass Box: ...',
    verdicts=verdicts("BBB-"),
    requires=Bump.MAJOR,
    on=ClassPair,
    check=check,
)
