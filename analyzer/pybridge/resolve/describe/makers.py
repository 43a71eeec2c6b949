"""Decorators that make data classes: ``dataclass``, those of attrs, and a library's own that end in one of them."""

from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from pybridge.model.classes import ClassKind, DataOption
from pybridge.model.expressions import Argument, Attribute, Call, Constant, Dict, Expr, Name
from pybridge.model.facts import ClassFacts
from pybridge.model.names import SymbolPath
from pybridge.model.types import LiteralKind
from pybridge.resolve.describe.scopes import LexicalScope
from pybridge.resolve.describe.world import World

_HOMES: Final = ("attr", "attrs", "attr._make", "attr._next_gen")
_ALWAYS: Final = frozenset({DataOption.EQ, DataOption.INIT, DataOption.MATCH_ARGUMENTS})
_DATACLASS: Final = SymbolPath("dataclasses:dataclass")
_OLD_ATTRS: Final = frozenset(f"{home}:{name}" for home in _HOMES for name in ("s", "attrs", "attributes", "dataclass"))
_NEW_ATTRS: Final = frozenset(f"{home}:{name}" for home in _HOMES for name in ("define", "frozen", "mutable"))
_PARTIAL: Final = SymbolPath("functools:partial")
_MAX_FOLLOWED: Final = 3

Given = Mapping[str | None, Expr]
"""Arguments by keyword; those without are under None, a ``**`` that is not known under ``**``."""


class Maker(msgspec.Struct, frozen=True, kw_only=True):
    """A decorator that makes a data class, and what it does when not told otherwise."""

    kind: ClassKind
    options: frozenset[DataOption]
    given: Given
    is_frozen: bool | None = None
    is_followed: bool = False
    """Found behind a function or a name of the library, or told by ``**options``: the type engine does not see it."""


def maker_of(facts: ClassFacts, scope: LexicalScope, world: World) -> Maker | None:
    """Find the decorator that makes a dataclass or an attrs class; ``scope`` is the one around the class."""
    for one in facts.decorators:
        found = _maker(one.expr, scope, world, _MAX_FOLLOWED)
        if found is not None:
            return found
    return None


def _maker(expr: Expr, scope: LexicalScope, world: World, depth: int) -> Maker | None:
    function, arguments = (expr.function, expr.arguments) if isinstance(expr, Call) else (expr, ())
    target = scope.lookup(function) if isinstance(function, Name | Attribute) else None
    if target is None:
        return None
    given = _given(arguments, scope, world)
    known = _known(target.path)
    if known is not None:
        is_spread = any(one.name == "**" for one in arguments)
        return msgspec.structs.replace(known, given=given, is_followed=is_spread)
    behind = _behind(target.path, scope.elsewhere_of(target.path), world, depth - 1) if depth else None
    if behind is None:
        return None
    return msgspec.structs.replace(behind, given={**behind.given, **given}, is_followed=True)


def _known(path: SymbolPath) -> Maker | None:
    if path == _DATACLASS:
        return Maker(kind=ClassKind.DATACLASS, options=_ALWAYS, given={})
    if path in _OLD_ATTRS:
        return Maker(kind=ClassKind.ATTRS, options=_ALWAYS | {DataOption.ORDER}, given={})
    if path in _NEW_ATTRS:
        is_frozen = path.endswith(":frozen") or None
        return Maker(kind=ClassKind.ATTRS, options=_ALWAYS | {DataOption.SLOTS}, given={}, is_frozen=is_frozen)
    return None


def _behind(path: SymbolPath, scope: LexicalScope, world: World, depth: int) -> Maker | None:
    """What a name of the library stands for: ``partial(define, ...)``, ``define(...)``, or a function that gives ``define(cls)``."""
    assigned = world.assignment(path)
    if assigned is not None:
        return _maker(_without_partial(assigned.value, scope), scope, world, depth) if assigned.value else None
    facts = world.function(path)
    if facts is None or not facts.parameters or facts.can_fall_through or facts.decorators:
        return None
    made = [_maker(one, scope, world, depth) for one in facts.returned if _takes(one, facts.parameters[0].name)]
    if len(made) != 1 or len(facts.returned) != 1 or made[0] is None:
        return None
    # The class stands in the first place, and what the caller gives follows in ``**options``.
    inner = {name: value for name, value in made[0].given.items() if name not in {None, "**"}}
    return msgspec.structs.replace(made[0], given=inner)


def _takes(value: Expr, given: str) -> bool:
    """Tell ``maker(cls)``: a call of one positional argument, the parameter of this name."""
    if not isinstance(value, Call):
        return False
    return [one.value for one in value.arguments if one.name is None] == [Name(given)]


def _without_partial(value: Expr | None, scope: LexicalScope) -> Expr:
    """``maker(**options)`` of ``partial(maker, **options)``; any other expression as it is."""
    match value:
        case Call(function=Name() | Attribute() as function, arguments=[Argument(value=maker, name=None), *rest]):
            target = scope.lookup(function)
            if target is not None and target.path == _PARTIAL:
                return Call(maker, tuple(rest))
    return value if value is not None else Name("")


def _given(arguments: Iterable[Argument], scope: LexicalScope, world: World) -> dict[str | None, Expr]:
    """Arguments by name, ``**options`` taken apart where that is a dictionary written out in the library."""
    found: dict[str | None, Expr] = {}
    for one in arguments:
        spread = _dictionary(one.value, scope, world) if one.name == "**" else None
        found.update({one.name: one.value} if spread is None else spread)
    return found


def _dictionary(value: Expr, scope: LexicalScope, world: World) -> dict[str | None, Expr] | None:
    target = scope.lookup(value) if isinstance(value, Name | Attribute) else None
    assigned = world.assignment(target.path) if target is not None else None
    written = assigned.value if assigned is not None else value
    match written:
        case Dict(items=items) if all(_is_text(key) for key, _ in items):
            return {key.value.text: one for key, one in items if isinstance(key, Constant)}
        case Call(function=Name(id="dict"), arguments=named) if all(one.name not in {None, "**"} for one in named):
            return {one.name: one.value for one in named}
        case _:
            return None


def _is_text(key: Expr | None) -> bool:
    return isinstance(key, Constant) and key.value.kind is LiteralKind.STR
