"""What an unannotated function returns, read off its ``return``s and ``yield``s."""

from typing import Final

from pybridge.model.evidence import Confidence, Evidence, Tier, TypeClaim
from pybridge.model.expressions import Expr, Name
from pybridge.model.facts import FunctionFacts
from pybridge.model.names import SymbolPath
from pybridge.model.types import Named, NoneType
from pybridge.resolve.annotations import Scope
from pybridge.resolve.evidence.builtin_results import SPECIAL_METHODS
from pybridge.resolve.evidence.found import (
    COLLECTING,
    Found,
    Known,
    NothingKnown,
    Place,
    claim,
    decorator_names,
    joined,
    least,
    place_of,
)
from pybridge.resolve.evidence.values import MAX_DEPTH, ValueReader

MAX_RETURNS: Final = 32
"""As many as facts keep: a function with that many may have more."""
_REASON: Final = "read off what it returns"
_NOTHING: Final = Found(NoneType(), Confidence.HIGH)
_SURE: Final = Evidence(tier=Tier.INFERRED, confidence=Confidence.HIGH)
_PROCEDURE: Final = TypeClaim(expr=NoneType(), evidence=_SURE)
_HOOK: Final = TypeClaim(
    expr=NoneType(), evidence=Evidence(tier=Tier.INFERRED, confidence=Confidence.MEDIUM, reason=_REASON)
)
"""A method without a result may be there for subclasses to give one."""
_SAYS_NOTHING: Final = frozenset({"abstractmethod", "abstractproperty", "overload"})
_TRANSPARENT: Final = frozenset(
    {
        *("staticmethod", "classmethod", "property", "setter", "getter", "deleter", "cached_property", "lru_cache"),
        *("cache", "final", "override", "deprecated", "wraps", "contextmanager", "asynccontextmanager"),
    }
)
"""Decorators that leave alone what a call gives."""


def infer_return(function: FunctionFacts, scope: Scope, known: Known | None = None) -> TypeClaim | None:
    """Infer what calling an unannotated function gives, None when no rule knows; for a coroutine, what awaiting gives.

    A generator gives an ``Iterator`` of what it yields. A function that always raises, is abstract or has no body to
    speak of claims nothing. A union has at most four members.
    """
    plain = None if function.decorators or function.is_generator else _at_once(function, scope)
    if plain is not None:
        return plain
    names = decorator_names(function)
    if not _SAYS_NOTHING.isdisjoint(names):
        return None
    place = place_of(function, scope)
    found = _demanded(function, place) or _body(function, ValueReader(scope, known or NothingKnown(), place), place)
    if found is None:
        return None
    if function.is_generator:
        found = _managed(found, names, is_async=function.is_async)
    if any(name not in _TRANSPARENT for name in names):
        found = Found(found.expr, Confidence.LOW)
    return claim(found, Tier.INFERRED, _REASON)


def _at_once(function: FunctionFacts, scope: Scope) -> TypeClaim | None:
    """What the many give that are special, or only do something; None where more has to be looked at.

    It is what reading the body would come to, for a function without decorators that is no generator.
    """
    first = function.parameters[0] if function.parameters else None
    is_method = scope.current_class is not None and first is not None and first.kind not in COLLECTING
    demanded = SPECIAL_METHODS.get(function.name) if is_method and not function.is_async else None
    if demanded is not None:
        return TypeClaim(expr=demanded, evidence=_SURE)
    if function.returned or function.is_stub_body or not function.can_fall_through:
        return None
    return _HOOK if is_method else _PROCEDURE


def infer_yield(function: FunctionFacts, scope: Scope, known: Known | None = None) -> TypeClaim | None:
    """Infer the type of one item of a generator; None when it is none or no rule knows."""
    if not function.is_generator:
        return None
    reader = ValueReader(scope, known or NothingKnown(), place_of(function, scope))
    return claim(_item(function, reader), Tier.INFERRED, "read off what it yields")


def _demanded(function: FunctionFacts, place: Place) -> Found | None:
    """What Python itself demands of a special method."""
    if place.receiver is None or function.is_generator or function.is_async:
        return None
    demanded = SPECIAL_METHODS.get(function.name)
    return None if demanded is None else Found(demanded, Confidence.HIGH)


def _body(function: FunctionFacts, reader: ValueReader, place: Place) -> Found | None:
    if function.is_generator:
        item = _item(function, reader)
        path = SymbolPath("typing:AsyncIterator" if function.is_async else "typing:Iterator")
        if item is None:
            return Found(Named(path=path), Confidence.HIGH)
        return Found(Named(path=path, arguments=(item.expr,)), least((item.confidence, Confidence.MEDIUM)))
    if function.is_stub_body or len(function.returned) >= MAX_RETURNS:
        return None
    returned = [value for value in function.returned if not _is_refusal(value)]
    if not returned and not function.can_fall_through:
        return None
    found = joined(
        (*(reader.read(value, MAX_DEPTH) for value in returned), *((_NOTHING,) if function.can_fall_through else ()))
    )
    if found is not None and isinstance(found.expr, NoneType) and place.receiver is not None:
        # A hook for subclasses looks the same, the more so when it says ``return None``.
        return Found(found.expr, Confidence.LOW if returned else Confidence.MEDIUM)
    return found


def _item(function: FunctionFacts, reader: ValueReader) -> Found | None:
    if len(function.yielded) >= MAX_RETURNS:
        return None
    return joined(reader.read(value, MAX_DEPTH) for value in function.yielded)


def _managed(found: Found, names: tuple[str, ...], *, is_async: bool) -> Found:
    """A generator under ``contextmanager`` gives a context manager of what it yields."""
    wanted = "asynccontextmanager" if is_async else "contextmanager"
    if wanted not in names or not isinstance(found.expr, Named):
        return found
    path = "contextlib:AbstractAsyncContextManager" if is_async else "contextlib:AbstractContextManager"
    return Found(Named(path=SymbolPath(path), arguments=found.expr.arguments), found.confidence)


def _is_refusal(value: Expr) -> bool:
    """Tell ``return NotImplemented``, by which an operator passes the question on."""
    return isinstance(value, Name) and value.id == "NotImplemented"
