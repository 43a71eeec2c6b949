"""Defaults of fields: a plain value, or what ``field(default=...)`` and its kin say."""

from collections.abc import Mapping

from pybridge.model.expressions import Attribute, Call, Constant, EllipsisExpr, Expr, Name
from pybridge.model.facts import Assignment, FunctionFacts, ParameterFacts
from pybridge.model.names import SourceText, SymbolPath, split_symbol
from pybridge.model.types import LiteralKind, ParameterKind
from pybridge.resolve.annotations import text_of
from pybridge.resolve.describe.scopes import LexicalScope
from pybridge.resolve.describe.world import World

FACTORY = SourceText("<factory>")
"""Default text of a field whose default a factory makes, as Python's own signatures show it."""
_MAKERS = frozenset({"field", "Field", "attrib", "ib", "mapped_column", "column", "relationship"})
_MAX_FOLLOWED = 3


def default_of(
    value: Expr, text: SourceText | None, scope: LexicalScope, world: World
) -> tuple[Expr | None, SourceText | None]:
    """Read the default that a field's value gives; (None, None) when it must be given."""
    if isinstance(value, EllipsisExpr):
        return None, None
    if not isinstance(value, Call) or not is_field_maker(value, scope, world):
        return value, text
    named = {one.name: one.value for one in value.arguments if one.name}
    first = next((one.value for one in value.arguments if one.name is None), None)
    default = named.get("default", first if _takes_default_first(value, scope, world) else None)
    if default is not None:
        return (None, None) if isinstance(default, EllipsisExpr) else (default, text_of(default))
    return (None, FACTORY) if "default_factory" in named or "factory" in named else (None, None)


def is_field_maker(call: Call, scope: LexicalScope, world: World, depth: int = _MAX_FOLLOWED) -> bool:
    """Tell ``field(...)`` and its kin, and a function of the library that does nothing but return one."""
    if _maker_name(call, scope) in _MAKERS:
        return True
    facts, home = _own_function(call, scope, world)
    if facts is None or home is None or depth == 0 or not facts.returned or facts.can_fall_through:
        return False
    return all(
        isinstance(one, Call) and is_field_maker(one, scope.elsewhere_of(home), world, depth - 1)
        for one in facts.returned
    )


def field_setting(value: Expr | None, name: str, scope: LexicalScope, world: World) -> bool | None:
    """Read ``init=False`` and its kin off what makes a field; None where it says nothing, or no constant."""
    if not isinstance(value, Call) or not is_field_maker(value, scope, world):
        return None
    given = next((one.value for one in value.arguments if one.name == name), None)
    return given.value.text == "true" if isinstance(given, Constant) and given.value.kind is LiteralKind.BOOL else None


def is_keyword_marker(statement: object) -> bool:
    """Tell ``_: KW_ONLY``, behind which all fields are keyword-only."""
    annotation = statement.annotation if isinstance(statement, Assignment) else None
    return annotation is not None and last_name(annotation.expr) == "KW_ONLY"


def field_defaults(world: World, mro: tuple[SymbolPath, ...], scope: LexicalScope) -> Mapping[str, ParameterFacts]:
    """Default texts of the fields of a class and its ancestors, by the name of the constructor's parameter."""
    found: dict[str, ParameterFacts] = {}
    for ancestor in reversed(mro):
        module, qualname = split_symbol(ancestor)
        inner = scope.elsewhere(module).inside(qualname)
        for name, definition in world.members(ancestor).items():
            statement = definition.statements[-1]
            if isinstance(statement, Assignment) and statement.value is not None:
                default, text = default_of(statement.value, statement.value_text, inner, world)
                facts = ParameterFacts(
                    name=name,
                    kind=ParameterKind.KEYWORD_ONLY,
                    default=value_behind(default, inner, world),
                    default_text=text,
                )
                found[name] = facts
                found.setdefault(name.lstrip("_"), facts)
    return found


def value_behind(default: Expr | None, scope: LexicalScope, world: World) -> Expr | None:
    """The constant that a name of the library stands for; any other default as it is."""
    target = scope.lookup(default) if isinstance(default, Name | Attribute) else None
    assignment = world.assignment(target.path) if target is not None else None
    return assignment.value if assignment is not None and isinstance(assignment.value, Constant) else default


def _takes_default_first(call: Call, scope: LexicalScope, world: World) -> bool:
    facts, _ = _own_function(call, scope, world)
    name = _maker_name(call, scope)
    if facts is not None and name not in _MAKERS:
        return bool(facts.parameters) and facts.parameters[0].name == "default"
    return name == "Field"


def _maker_name(call: Call, scope: LexicalScope) -> str:
    """The last name of what is called, also where an import gave it another one."""
    written = last_name(call.function)
    if written in _MAKERS or not isinstance(call.function, Name | Attribute):
        return written
    target = scope.lookup(call.function)
    return split_symbol(target.path)[1].rpartition(".")[2] if target is not None else written


def _own_function(call: Call, scope: LexicalScope, world: World) -> tuple[FunctionFacts | None, SymbolPath | None]:
    target = scope.lookup(call.function) if isinstance(call.function, Name | Attribute) else None
    return (world.function(target.path), target.path) if target is not None else (None, None)


def last_name(expr: Expr | None) -> str:
    """``Field`` of ``pydantic.Field``; empty for anything that is not a name."""
    return expr.name if isinstance(expr, Attribute) else expr.id if isinstance(expr, Name) else ""
