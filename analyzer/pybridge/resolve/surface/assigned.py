"""Says what an assigned name is: a variable, another name for something, a type alias, or a class made by a call."""

from collections.abc import Callable
from enum import Enum

from pybridge.model.expressions import Attribute, Binary, Call, Constant, Expr, Name, Sequence, Subscript
from pybridge.model.facts import Assignment
from pybridge.model.library import SymbolKind
from pybridge.model.names import split_symbol
from pybridge.model.types import LiteralKind
from pybridge.resolve.surface.scan.builtin_names import BUILTIN_TYPES
from pybridge.resolve.surface.scan.sources import MAX_DEPTH, dotted_parts
from pybridge.resolve.symbols import NameTarget

_CLASS_MAKERS = frozenset(
    {"collections:namedtuple", "typing:NamedTuple", "typing:TypedDict", "typing_extensions:NamedTuple"}
    | {"typing_extensions:TypedDict", "enum:Enum", "enum:IntEnum", "enum:Flag", "enum:IntFlag", "enum:StrEnum"}
    | {"dataclasses:make_dataclass", "types:new_class", "attr:make_class", "attrs:make_class"}
)
_TYPING_HOMES = frozenset(
    {"typing", "typing_extensions", "collections.abc", "types", "re", "contextlib", "collections"}
)

Lookup = Callable[[Expr], NameTarget | None]
"""Where a name used in the value leads; builtins included."""


class Sort(Enum):
    """What an assignment makes of its name."""

    VARIABLE = "variable"
    ALIAS = "alias"
    """Another name for whatever the value's dotted name leads to."""
    TYPE_ALIAS = "type_alias"
    CLASS = "class"


def sort_of(statement: Assignment, lookup: Lookup) -> Sort:
    """Judge an assignment to a plain name by its annotation and value."""
    value = statement.value
    if statement.annotation is not None and _is_type_alias(statement.annotation.expr):
        return Sort.TYPE_ALIAS
    match value:
        case Name() | Attribute():
            return Sort.ALIAS if dotted_parts(value) is not None else Sort.VARIABLE
        case Call(function=function, arguments=arguments) if arguments and _may_make_class(function):
            return Sort.CLASS if _makes_class(function, len(arguments), lookup) else Sort.VARIABLE
        case Subscript() | Binary(operator="|") if statement.annotation is None:
            return Sort.TYPE_ALIAS if _is_type(value, lookup, 0) else Sort.VARIABLE
        case _:
            return Sort.VARIABLE


def _is_type_alias(annotation: Expr) -> bool:
    match annotation:
        case Name(id="TypeAlias") | Attribute(name="TypeAlias"):
            return True
        case _:
            return False


def _may_make_class(function: Expr) -> bool:
    parts = dotted_parts(function)
    return parts is not None and (parts == ("type",) or any(one.endswith(f":{parts[-1]}") for one in _CLASS_MAKERS))


def _makes_class(function: Expr, count: int, lookup: Lookup) -> bool:
    target = lookup(function)
    if target is None or target.kind is not SymbolKind.EXTERNAL:
        return False
    if target.path == "builtins:type":
        return count >= 3
    # ``Enum("x")`` with one argument asks for a member.
    return (target.path in _CLASS_MAKERS and count >= 2) or target.path in {"typing:NamedTuple", "typing:TypedDict"}


def _is_type(expr: Expr, lookup: Lookup, depth: int) -> bool:
    """True when every leaf of a subscript or union is a type; what stands inside brackets is not looked at."""
    if depth > MAX_DEPTH:
        return False
    match expr:
        case Binary(operator="|", left=left, right=right):
            return _is_type(left, lookup, depth + 1) and _is_type(right, lookup, depth + 1)
        case Subscript(value=value):
            target = lookup(value)
            return target is not None and (
                _is_class(target) if target.kind is not SymbolKind.EXTERNAL else _is_generic(target)
            )
        case Constant(value=literal):
            return depth > 0 and literal.kind in {LiteralKind.NONE, LiteralKind.STR}
        case Name() | Attribute():
            target = lookup(expr)
            return target is not None and _is_class(target)
        case Sequence():
            return False
        case _:
            return False


def _is_class(target: NameTarget) -> bool:
    if target.kind in {SymbolKind.CLASS, SymbolKind.TYPE_ALIAS}:
        return True
    home, name = split_symbol(target.path)
    if target.kind is not SymbolKind.EXTERNAL or not name:
        return False
    last = name.rpartition(".")[2]
    # An upper-case name is a constant: ``re.I | re.M``.
    return name in BUILTIN_TYPES if home == "builtins" else last[:1].isupper() and not last.isupper()


def _is_generic(target: NameTarget) -> bool:
    home, name = split_symbol(target.path)
    if home == "builtins":
        return name in BUILTIN_TYPES
    return _is_class(target) and (home in _TYPING_HOMES or not name.isupper())
