"""What the statement of a class says of what is made of it: options of data classes, slots, totality of typed dicts."""

from collections.abc import Iterator, Mapping

import msgspec

from pybridge.model.classes import ClassKind, DataOption
from pybridge.model.expressions import Call, Constant, Dict, Expr, Name, Sequence
from pybridge.model.facts import Assignment, ClassFacts, FunctionFacts
from pybridge.model.types import LiteralKind
from pybridge.resolve.describe.fields import value_behind
from pybridge.resolve.describe.makers import Maker, maker_of
from pybridge.resolve.describe.scopes import LexicalScope
from pybridge.resolve.describe.world import World

_ALWAYS = frozenset({DataOption.EQ, DataOption.INIT, DataOption.MATCH_ARGUMENTS})
_NAMES = {
    "eq": DataOption.EQ,
    "init": DataOption.INIT,
    "kw_only": DataOption.KEYWORD_ONLY,
    "match_args": DataOption.MATCH_ARGUMENTS,
    "order": DataOption.ORDER,
    "slots": DataOption.SLOTS,
    "unsafe_hash": DataOption.UNSAFE_HASH,
}


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What a class statement says of what is made of it."""

    data: tuple[DataOption, ...] | None = None
    is_frozen: bool | None = None
    """None where the statement does not say."""


def options_of(facts: ClassFacts, kind: ClassKind, scope: LexicalScope, world: World) -> Options:
    """Read the options of a data class off its decorator, or off the keywords of a model."""
    maker = maker_of(facts, scope, world)
    if maker is None:
        if kind is not ClassKind.MODEL:
            return Options()
        decorated = next((one.expr for one in facts.decorators if isinstance(one.expr, Call)), None)
        given = {each.name: each.value for each in decorated.arguments} if decorated is not None else {}
        maker = Maker(kind=kind, options=_ALWAYS, given={**given, **dict(facts.keywords)})
    settings = {name: _truth(value, scope, world) for name, value in maker.given.items() if name is not None}
    is_told = None not in maker.given and "**" not in maker.given
    is_told = is_told and all(settings[name] is not None for name in settings.keys() & _NAMES.keys())
    return Options(
        data=_holding(maker, settings) if is_told else None, is_frozen=settings.get("frozen", maker.is_frozen)
    )


def _holding(maker: Maker, settings: Mapping[str, bool | None]) -> tuple[DataOption, ...]:
    holding = set(maker.options)
    for name, option in _NAMES.items():
        if name in settings:
            (holding.add if settings[name] else holding.discard)(option)
    if settings.get("cmp", settings.get("eq")) is False and "order" not in settings:
        holding -= {DataOption.EQ, DataOption.ORDER}
    return tuple(sorted(holding, key=lambda one: one.value))


def slots_of(facts: ClassFacts) -> tuple[str, ...] | None:
    """Read the names of ``__slots__``, sorted, ``*`` for what is no literal; None where the body has none."""
    written = [one.value for one in _assigned(facts) if _is_name(one.target, "__slots__")]
    if not written:
        return None
    return tuple(sorted({name for value in written for name in _texts(value)}))


def _texts(value: Expr | None) -> Iterator[str]:
    match value:
        case Sequence(items=items):
            for one in items:
                yield from _texts(one)
        case Dict(items=pairs):
            for key, _ in pairs:
                yield from _texts(key)
        case Constant(value=constant) if constant.kind is LiteralKind.STR:
            yield constant.text
        case _:
            yield "*"


def disabled_methods(facts: ClassFacts) -> tuple[str, ...]:
    """Special methods that the body sets to None, sorted."""
    found = (
        one.target.id
        for one in _assigned(facts)
        if isinstance(one.target, Name) and isinstance(one.value, Constant) and one.value.value.kind is LiteralKind.NONE
    )
    return tuple(sorted({name for name in found if name.startswith("__") and name.endswith("__")}))


def defines(facts: ClassFacts, name: str) -> bool:
    """Tell whether the body defines a name, by ``def`` or by assignment."""
    return any(
        (isinstance(one, FunctionFacts) and one.name == name)
        or (isinstance(one, Assignment) and _is_name(one.target, name))
        for one in facts.body
    )


def keyword_truth(facts: ClassFacts, name: str) -> bool | None:
    """Read a keyword of the class statement, such as ``total=False``; None where it is not there or no constant."""
    value = dict(facts.keywords).get(name)
    return _constant_truth(value)


def _assigned(facts: ClassFacts) -> Iterator[Assignment]:
    return (one for one in facts.body if isinstance(one, Assignment))


def _is_name(target: Expr, name: str) -> bool:
    return isinstance(target, Name) and target.id == name


def _truth(value: Expr, scope: LexicalScope, world: World) -> bool | None:
    return _constant_truth(value_behind(value, scope, world))


def _constant_truth(value: Expr | None) -> bool | None:
    if isinstance(value, Constant) and value.value.kind is LiteralKind.BOOL:
        return value.value.text == "true"
    return None
