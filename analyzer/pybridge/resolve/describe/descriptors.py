"""Classes of the library that stand above a method and make a property of it, read off an untyped ``__get__``."""

from pybridge.model.expressions import Attribute, Call, Expr, Name
from pybridge.model.facts import FunctionFacts
from pybridge.model.names import SymbolPath
from pybridge.resolve.describe.scopes import LexicalScope
from pybridge.resolve.describe.world import World

_BINDERS = frozenset({"functools:partial", "functools:partialmethod", "types:MethodType"})


def makes_property(path: SymbolPath, scope: LexicalScope, world: World) -> bool:
    """Tell whether a decorator is a class whose ``__get__`` gives a value, not something that is called.

    A class with ``__call__`` is left alone: what stands in its place may be called like the function below it.
    """
    getter = world.method(path, "__get__")
    facts = world.function(getter) if getter is not None else None
    if getter is None or facts is None or facts.returns is not None or world.method(path, "__call__") is not None:
        return False
    receiver = facts.parameters[0].name if facts.parameters else ""
    inside = scope.elsewhere_of(getter)
    given = [one for one in facts.returned if one != Name(receiver)]
    return bool(given) and not any(_is_bound(one, facts, inside) for one in given)


def _is_bound(value: Expr, facts: FunctionFacts, scope: LexicalScope) -> bool:
    """A nested function, a partial, or what another descriptor gives: the method goes on being called."""
    match value:
        case Name(id=name):
            return any(one.name == name for one in facts.nested)
        case Call(function=Attribute(name="__get__")):
            return True
        case Call(function=Name() | Attribute() as function):
            target = scope.lookup_value(function)
            return target is not None and target.path in _BINDERS
        case _:
            return False
