"""Constructors made of fields where the type engine does not make them: attrs and dataclasses it did not read, overlays."""

from collections.abc import Iterator

import msgspec

from pybridge.model.callables import Parameter, Signature
from pybridge.model.classes import ClassKind, Constructor, ConstructorOrigin
from pybridge.model.evidence import Tier, TypeClaim
from pybridge.model.expressions import Call, Constant, Expr, Name
from pybridge.model.facts import Assignment, ClassFacts
from pybridge.model.names import SymbolPath, split_symbol
from pybridge.model.types import LiteralKind, NoneType, ParameterKind
from pybridge.resolve.annotations import Qualifier, read_type
from pybridge.resolve.describe.claims import claim, unknown
from pybridge.resolve.describe.fields import default_of, is_field_maker, is_keyword_marker, last_name, value_behind
from pybridge.resolve.describe.makers import maker_of
from pybridge.resolve.describe.scopes import LexicalScope
from pybridge.resolve.describe.signatures import literal
from pybridge.resolve.describe.world import World

_ATTRIBUTES = frozenset({"ib", "attr", "attrib", "field"})


class _Rule(msgspec.Struct, frozen=True, kw_only=True):
    """How a class makes its constructor of its fields."""

    is_attrs: bool
    is_keyword_only: bool


class _Field(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    parameter: Parameter | None
    """None for a field that the constructor does not take."""


def constructor_of_fields(world: World, mro: tuple[SymbolPath, ...], scope: LexicalScope) -> Constructor | None:
    """Make the constructor of a class that a known rule gives one; None where none does, or where it writes its own."""
    path = mro[0]
    if _rule(world, mro, scope) is None or "__init__" in world.members(path):
        return None
    fields: dict[str, _Field] = {}
    for place in range(len(mro) - 1, -1, -1):
        rule = _rule(world, mro[place:], scope)
        if rule is not None:
            module, qualname = split_symbol(mro[place])
            inner = scope.elsewhere(module).inside(qualname)
            fields.update((one.name, one) for one in _fields(world, mro[place], rule, inner))
    parameters = [one.parameter for one in fields.values() if one.parameter is not None]
    ordered = sorted(parameters, key=lambda one: one.kind is ParameterKind.KEYWORD_ONLY)
    signature = Signature(parameters=tuple(ordered), returns=claim(NoneType(), Tier.SYNTHESISED))
    return Constructor(origin=ConstructorOrigin.SYNTHESISED, defined_by=path, signatures=(signature,))


def is_followed(world: World, path: SymbolPath, scope: LexicalScope) -> bool:
    """Tell whether a decorator makes the class in a way that the type engine does not see."""
    facts = world.class_facts(path)
    if facts is None or not facts.decorators:
        return False
    module, qualname = split_symbol(path)
    maker = maker_of(facts, scope.elsewhere(module).inside(qualname.rpartition(".")[0]), world)
    return maker is not None and maker.is_followed


def _rule(world: World, mro: tuple[SymbolPath, ...], scope: LexicalScope) -> _Rule | None:
    """The rule of the first class of an order: its own decorator's, or one of an overlay for a base."""
    facts = world.class_facts(mro[0])
    if facts is None:
        return None
    module, qualname = split_symbol(mro[0])
    outer = scope.elsewhere(module).inside(qualname.rpartition(".")[0])
    maker = maker_of(facts, outer, world)
    if maker is not None:
        if _is_false(maker.given.get("init")):
            return None
        is_attrs = maker.kind is ClassKind.ATTRS
        return _Rule(is_attrs=is_attrs, is_keyword_only=_is_true(maker.given.get("kw_only")))
    rules = (world.class_rule(ancestor) for ancestor in mro[1:])
    found = next((one for one in rules if one is not None), None)
    return _Rule(is_attrs=False, is_keyword_only=found.fields_are_keyword_only) if found is not None else None


def _fields(world: World, path: SymbolPath, rule: _Rule, scope: LexicalScope) -> Iterator[_Field]:
    facts = world.class_facts(path)
    is_keyword_only = rule.is_keyword_only
    for statement in _assignments(facts):
        name = statement.target.id if isinstance(statement.target, Name) else ""
        if is_keyword_marker(statement):
            is_keyword_only = True
        elif name and _is_field(statement, rule, scope, world):
            yield _field(name, statement, rule, scope, world, is_keyword_only=is_keyword_only)


def _assignments(facts: ClassFacts | None) -> Iterator[Assignment]:
    for one in facts.body if facts is not None else ():
        if isinstance(one, Assignment) and one.operator is None:
            yield one


def _is_field(statement: Assignment, rule: _Rule, scope: LexicalScope, world: World) -> bool:
    if statement.annotation is not None:
        qualifiers = scope.read(statement.annotation).qualifiers
        return Qualifier.CLASS_VARIABLE not in qualifiers
    value = statement.value
    if not rule.is_attrs or not isinstance(value, Call):
        return False
    return last_name(value.function) in _ATTRIBUTES or is_field_maker(value, scope, world)


def _field(
    name: str, statement: Assignment, rule: _Rule, scope: LexicalScope, world: World, *, is_keyword_only: bool
) -> _Field:
    call = statement.value if isinstance(statement.value, Call) else None
    is_made = call is not None and (last_name(call.function) in _ATTRIBUTES or is_field_maker(call, scope, world))
    options = {one.name: one.value for one in call.arguments} if call is not None and is_made else {}
    if _is_false(options.get("init")):
        return _Field(name=name, parameter=None)
    expr, text = default_of(statement.value, statement.value_text, scope, world) if statement.value else (None, None)
    is_last = is_keyword_only or _is_true(options.get("kw_only"))
    parameter = Parameter(
        name=_shown(name, options.get("alias"), rule),
        kind=ParameterKind.KEYWORD_ONLY if is_last else ParameterKind.POSITIONAL_OR_KEYWORD,
        type=_type(statement, options.get("type"), scope, world),
        is_required=text is None,
        default=text,
        default_value=literal(value_behind(expr, scope, world)),
    )
    return _Field(name=name, parameter=parameter)


def _shown(name: str, alias: Expr | None, rule: _Rule) -> str:
    if isinstance(alias, Constant) and alias.value.kind is LiteralKind.STR:
        return alias.value.text
    return name.lstrip("_") or name if rule.is_attrs else name


def _type(statement: Assignment, option: Expr | None, scope: LexicalScope, world: World) -> TypeClaim:
    if statement.annotation is not None:
        return scope.claimed(statement.annotation, world.tier(scope.module))
    return claim(read_type(option, scope), Tier.SYNTHESISED) if option is not None else unknown()


def _is_true(value: Expr | None) -> bool:
    return isinstance(value, Constant) and value.value.kind is LiteralKind.BOOL and value.value.text == "true"


def _is_false(value: Expr | None) -> bool:
    return isinstance(value, Constant) and value.value.kind is LiteralKind.BOOL and value.value.text == "false"
