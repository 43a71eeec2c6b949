"""Defaults of fields: a plain value, or what ``field(default=...)`` and its kin say."""

from collections.abc import Mapping

from pybridge.model.expressions import Attribute, Call, EllipsisExpr, Expr, Name
from pybridge.model.facts import Assignment, ParameterFacts
from pybridge.model.names import SourceText, SymbolPath
from pybridge.model.types import ParameterKind
from pybridge.resolve.annotations import text_of
from pybridge.resolve.describe.world import World

FACTORY = SourceText("<factory>")
"""Default text of a field whose default a factory makes, as Python's own signatures show it."""
_MAKERS = frozenset({"field", "Field", "attrib", "ib", "mapped_column", "column", "relationship"})


def default_of(value: Expr, text: SourceText | None) -> tuple[Expr | None, SourceText | None]:
    """Read the default that a field's value gives; (None, None) when it must be given."""
    if isinstance(value, EllipsisExpr):
        return None, None
    if not isinstance(value, Call) or last_name(value.function) not in _MAKERS:
        return value, text
    named = {one.name: one.value for one in value.arguments if one.name}
    first = next((one.value for one in value.arguments if one.name is None), None)
    default = named.get("default", first if last_name(value.function) == "Field" else None)
    if default is not None:
        return (None, None) if isinstance(default, EllipsisExpr) else (default, text_of(default))
    return (None, FACTORY) if "default_factory" in named or "factory" in named else (None, None)


def field_defaults(world: World, mro: tuple[SymbolPath, ...]) -> Mapping[str, ParameterFacts]:
    """Default texts of the fields of a class and its ancestors, by the name of the constructor's parameter."""
    found: dict[str, ParameterFacts] = {}
    for ancestor in reversed(mro):
        for name, definition in world.members(ancestor).items():
            statement = definition.statements[-1]
            if isinstance(statement, Assignment) and statement.value is not None:
                default, text = default_of(statement.value, statement.value_text)
                facts = ParameterFacts(name=name, kind=ParameterKind.KEYWORD_ONLY, default=default, default_text=text)
                found[name] = facts
                found.setdefault(name.lstrip("_"), facts)
    return found


def last_name(expr: Expr | None) -> str:
    """``Field`` of ``pydantic.Field``; empty for anything that is not a name."""
    return expr.name if isinstance(expr, Attribute) else expr.id if isinstance(expr, Name) else ""
