"""`Found`: a type that a rule read off the code, and how sure the rule is; and what rules may be told."""

from collections.abc import Iterable, Mapping
from typing import Final, Protocol

import msgspec

from pybridge.model.evidence import Confidence, Evidence, Tier, TypeClaim
from pybridge.model.facts import FunctionFacts
from pybridge.model.names import SymbolPath
from pybridge.model.types import Named, ParameterKind, Tuple, TypeExpr, Union, Unknown
from pybridge.resolve.algebra import union_of
from pybridge.resolve.annotations import Scope, read_type

COLLECTING: Final = (ParameterKind.VAR_POSITIONAL, ParameterKind.VAR_KEYWORD, ParameterKind.KEYWORD_ONLY)
"""Parameters that are never the receiver of a method."""
MAX_ALTERNATIVES: Final = 4
"""Members of the largest union that is inferred, None included; what has more says too little."""


class Known(Protocol):
    """Types of the library that values may lead to, declared or read off the code elsewhere."""

    def returned_by(self, path: SymbolPath) -> TypeExpr | None:
        """What calling a function or method gives, as declared; None when nothing declares it, or it is a coroutine."""

    def attribute(self, owner: SymbolPath, name: str) -> TypeExpr | None:
        """Type of an attribute of a class's instances, inherited ones too; None when nothing declares it."""

    def inherited(self, owner: SymbolPath, name: str) -> TypeExpr | None:
        """What ``super().name()`` gives in a class; None when nothing tells."""

    def variable(self, path: SymbolPath) -> TypeExpr | None:
        """Type of a variable of a module; None when nothing tells."""


class NothingKnown:
    """A `Known` that declares nothing."""

    def returned_by(self, path: SymbolPath) -> TypeExpr | None:  # noqa: ARG002 - the Protocol's signature
        """Answer None."""
        return None

    def attribute(self, owner: SymbolPath, name: str) -> TypeExpr | None:  # noqa: ARG002 - the Protocol's signature
        """Answer None."""
        return None

    def inherited(self, owner: SymbolPath, name: str) -> TypeExpr | None:  # noqa: ARG002 - the Protocol's signature
        """Answer None."""
        return None

    def variable(self, path: SymbolPath) -> TypeExpr | None:  # noqa: ARG002 - the Protocol's signature
        """Answer None."""
        return None


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """The function in which a value stands; the default is no function."""

    receiver: str | None = None
    """``self`` or ``cls``, as it is called there."""
    is_class_receiver: bool = False
    parameters: Mapping[str, TypeExpr | None] = {}
    """Declared types by name; None for one that has no annotation, and for functions and classes defined inside."""


class Found(msgspec.Struct, frozen=True):
    """A type that a rule read off the code."""

    expr: TypeExpr
    confidence: Confidence


def claim(found: Found | None, tier: Tier, reason: str) -> TypeClaim | None:
    """Make a claim of what was found; the reason is told unless the confidence is high."""
    if found is None:
        return None
    told = None if found.confidence is Confidence.HIGH else reason
    return TypeClaim(expr=found.expr, evidence=Evidence(tier=tier, confidence=found.confidence, reason=told))


def least(confidences: Iterable[Confidence]) -> Confidence:
    """The least sure; HIGH for none."""
    found = Confidence.HIGH
    for one in confidences:
        if one is Confidence.LOW:
            return one
        if one is Confidence.MEDIUM:
            found = one
    return found


def joined(parts: Iterable[Found | None], limit: int = MAX_ALTERNATIVES) -> Found | None:
    """Join alternatives: None when there is none, one is not known, or there are more than ``limit`` types."""
    known = list(parts)
    found = [part for part in known if part is not None]
    if not found or len(found) != len(known):
        return None
    expr = union_of(part.expr for part in found)
    if isinstance(expr, Union) and len(expr.members) > limit:
        return None
    return Found(expr, least(part.confidence for part in found))


def place_of(function: FunctionFacts, scope: Scope) -> Place:
    """Describe a function as a place where values stand; in a class its first parameter is the receiver."""
    parameters: dict[str, TypeExpr | None] = {inner.name: None for inner in function.nested}
    for parameter in function.parameters:
        read = None if parameter.annotation is None else read_type(parameter.annotation.expr, scope)
        parameters[parameter.name] = None if isinstance(read, Unknown) else _as_seen_inside(read, parameter.kind)
    names = {_last_name(decorator.text) for decorator in function.decorators} if function.decorators else frozenset()
    first = function.parameters[0] if function.parameters else None
    if scope.current_class is None or first is None or "staticmethod" in names or first.kind in COLLECTING:
        return Place(parameters=parameters)
    is_class = "classmethod" in names or function.name in {"__new__", "__init_subclass__", "__class_getitem__"}
    return Place(receiver=first.name, is_class_receiver=is_class, parameters=parameters)


def _as_seen_inside(read: TypeExpr | None, kind: ParameterKind) -> TypeExpr | None:
    """Type of ``args`` for ``*args: int``, and of ``kwargs`` for ``**kwargs: int``."""
    if read is None:
        return None
    match kind:
        case ParameterKind.VAR_POSITIONAL:
            return Tuple(items=(read,), is_variadic=True)
        case ParameterKind.VAR_KEYWORD:
            return Named(path=SymbolPath("builtins:dict"), arguments=(Named(path=SymbolPath("builtins:str")), read))
        case _:
            return read


def _last_name(text: str) -> str:
    """``cached_property`` of ``functools.cached_property``, ``lru_cache`` of ``lru_cache(maxsize=None)``."""
    return text.partition("(")[0].strip().rpartition(".")[2]


def decorator_names(function: FunctionFacts) -> tuple[str, ...]:
    """Last names of the decorators, in order: ``setter`` of ``@size.setter``."""
    return tuple(_last_name(decorator.text) for decorator in function.decorators)
