"""``lazy_import(globals(), aliases={"connect": ".client"})``: a function that gives the module names, as websockets does."""

from collections.abc import Iterator

from pybridge.model.expressions import Call, Dict, Name
from pybridge.model.facts import Expression
from pybridge.resolve.surface.lazy import tables
from pybridge.resolve.surface.lazy.names import LazyContext, LazyNames
from pybridge.resolve.surface.scan.sources import dotted_parts

_NAMESPACE = Call(Name("globals"), ())


def find(context: LazyContext) -> LazyNames | None:
    """Read the tables of every such call; None when there is none that leads anywhere."""
    found: dict[str, tables.Place] = {}
    for call in _calls(context):
        for argument in call.arguments:
            if isinstance(argument.value, Dict):
                for name, place in tables.places(context, argument.value).items():
                    found.setdefault(name, place)
    return LazyNames(names=found) if found else None


def _calls(context: LazyContext) -> Iterator[Call]:
    """Calls that are given the module's namespace by a function that says it is lazy."""
    for statement in context.facts.body:
        match statement:
            case Expression(value=Call(function=function, arguments=[first, *_]) as call) if first.value == _NAMESPACE:
                if "lazy" in (dotted_parts(function) or ("",))[-1].lower():
                    yield call
            case _:
                continue
