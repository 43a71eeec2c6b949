"""What a decorator of the library leaves of a signature, read off its own body."""

from enum import Enum

import msgspec

from pybridge.model.expressions import Attribute, Call, Expr, Name
from pybridge.model.facts import Decorator, FunctionFacts
from pybridge.model.library import SymbolKind
from pybridge.model.names import SourceText, SymbolPath
from pybridge.model.overlays import DecoratorEffect, DecoratorRule
from pybridge.resolve.describe.scopes import LexicalScope
from pybridge.resolve.describe.world import World

_WRAPS = frozenset({"functools:wraps", "functools:update_wrapper"})
_CASTS = frozenset({"typing:cast", "typing_extensions:cast"})


class Outcome(Enum):
    """What stands where the function stood."""

    ITSELF = "itself"
    """The function itself."""
    COPY = "copy"
    """A wrapper that shows the function's signature as its own."""
    WRAPPER = "wrapper"
    """A wrapper with a signature of its own."""
    RULE = "rule"
    """What an overlay says."""
    UNKNOWN = "unknown"


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome of one decorator, with the wrapper or rule that makes it."""

    outcome: Outcome
    wrapper: FunctionFacts | None = None
    home: SymbolPath | None = None
    """The decorator that defines the wrapper."""
    rule: DecoratorRule | None = None


_UNKNOWN = Effect(outcome=Outcome.UNKNOWN)
_ITSELF = Effect(outcome=Outcome.ITSELF)
_COPY = Effect(outcome=Outcome.COPY)


def effect_of(decorator: Decorator, scope: LexicalScope, world: World) -> Effect:
    """Say what a decorator makes of a function: by an overlay, else by what its body returns."""
    expr = decorator.expr
    is_factory = isinstance(expr, Call)
    name = expr.function if isinstance(expr, Call) else expr
    path = _resolved(name, scope)
    if path is None:
        return _UNKNOWN
    rule = world.decorator_rule(path)
    if rule is not None:
        return _COPY if rule.effect is DecoratorEffect.KEEPS else Effect(outcome=Outcome.RULE, rule=rule)
    if path in _WRAPS:
        return _COPY
    assigned = world.assignment(path)
    if assigned is not None and isinstance(assigned.value, Call) and not is_factory:
        # ``deco = factory(...)``: what the factory's rule or body says of it.
        made = Decorator(expr=assigned.value, text=assigned.value_text or SourceText(""))
        return effect_of(made, scope.elsewhere_of(path), world)
    found = world.function(path)
    if found is None or found.is_async or found.is_generator:
        return _UNKNOWN
    inside = scope.elsewhere_of(path)
    effect = _of_factory(found, inside) if is_factory else _of_decorator(found, inside)
    return msgspec.structs.replace(effect, home=path) if effect.wrapper is not None else effect


def _of_decorator(facts: FunctionFacts, scope: LexicalScope) -> Effect:
    """The outcome of ``def decorator(function): ... return wrapper``; all returns must agree."""
    if not facts.parameters or not facts.returned or facts.can_fall_through:
        return _UNKNOWN
    given = facts.parameters[0].name
    nested = {one.name: one for one in facts.nested if isinstance(one, FunctionFacts)}
    effects = [_of_return(one, given, nested, scope) for one in facts.returned]
    known = [one for one in effects if one.outcome is not Outcome.ITSELF]
    if not known:
        return _ITSELF
    if len(known) < len(effects) and known[0].outcome is Outcome.WRAPPER:
        # ``if not DEBUG: return function``: which of the two it is only a run can tell.
        return _UNKNOWN
    return known[0] if all(one == known[0] for one in known) else _UNKNOWN


def _of_return(value: Expr, given: str, nested: dict[str, FunctionFacts], scope: LexicalScope) -> Effect:
    match value:
        case Name(id=name) if name == given:
            return _ITSELF
        case Name(id=name) if name in nested:
            return _of_wrapper(nested[name], given, scope)
        case Call(function=Name() | Attribute() as function, arguments=[_, second, *_]) if (
            _resolved(function, scope) in _CASTS
        ):
            return _of_return(second.value, given, nested, scope)
        case Call(function=Name() | Attribute() as function, arguments=[_, second, *_]) if (
            _resolved(function, scope) in _WRAPS
        ):
            return _COPY if second.value == Name(given) else _UNKNOWN
        case Call(function=Call(function=Name() | Attribute() as function), arguments=[_]) if (
            _resolved(function, scope) in _WRAPS
        ):
            return _COPY
        case _:
            return _UNKNOWN


def _of_wrapper(wrapper: FunctionFacts, given: str, scope: LexicalScope) -> Effect:
    """A nested function: a copy where ``functools.wraps`` stands above it, itself where nothing does."""
    if not wrapper.decorators:
        return Effect(outcome=Outcome.WRAPPER, wrapper=wrapper)
    for one in wrapper.decorators:
        match one.expr:
            case Call(function=Name() | Attribute() as function, arguments=[first, *_]) if _resolved(
                function, scope
            ) in _WRAPS and first.value == Name(given):
                return _COPY
            case _:
                continue
    return _UNKNOWN


def _of_factory(facts: FunctionFacts, scope: LexicalScope) -> Effect:
    """The outcome of ``@factory(...)``: facts keep the decorator inside, but not the wrapper inside that."""
    nested = {one.name: one for one in facts.nested if isinstance(one, FunctionFacts)}
    inner = [nested[one.id] for one in facts.returned if isinstance(one, Name) and one.id in nested]
    if not inner or len(inner) != len(facts.returned) or facts.can_fall_through:
        return _UNKNOWN
    for one in inner:
        given = one.parameters[0].name if one.parameters else ""
        effects = [_of_return(value, given, {}, scope) for value in one.returned]
        if not effects or one.can_fall_through or any(each.outcome is Outcome.UNKNOWN for each in effects):
            return _UNKNOWN
        if any(each.outcome is Outcome.COPY for each in effects):
            return _COPY
    return _ITSELF


def _resolved(expr: Expr, scope: LexicalScope) -> SymbolPath | None:
    target = scope.lookup_value(expr) if isinstance(expr, Name | Attribute) else None
    return target.path if target is not None and target.kind is not SymbolKind.MODULE else None
