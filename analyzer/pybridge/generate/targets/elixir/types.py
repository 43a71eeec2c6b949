"""Types of Python become types of Elixir, as values cross the bridge: total over `TypeExpr`, never a guess.

What Elixir sends (`Direction.IN`) may be wider than what it gets (`Direction.OUT`): a literal string is an atom on the
way in and a `String.t()` on the way out. What cannot be told is `term()`.
"""

from collections.abc import Mapping
from enum import Enum
from typing import assert_never

import msgspec

from pybridge.generate.targets.elixir.escape import ATOM_LIMIT, Elixir, atom, integer
from pybridge.generate.targets.elixir.typespecs.typespec import (
    BOOLEAN,
    FALSE,
    NIL,
    TERM,
    TRUE,
    Atomic,
    Choice,
    ElixirType,
    applied,
    choice,
    list_of,
    map_of,
    tuple_of,
)
from pybridge.model.classes import ClassKind
from pybridge.model.names import SymbolPath
from pybridge.model.types import (
    Alias,
    AnyType,
    Callable,
    Literal,
    LiteralKind,
    LiteralValue,
    Named,
    Never,
    NoneType,
    SelfType,
    Tuple,
    TypeExpr,
    TypeVariable,
    Union,
    Unknown,
    Unpack,
)

DEPTH_LIMIT = 12
"""Types nested deeper than this are `term()` below."""
LITERAL_LIMIT = 40
"""A literal type of more values is the type of its values."""

STRING = Atomic(Elixir("String.t()"))
_BINARY = Atomic(Elixir("binary()"))
_INTEGER = Atomic(Elixir("integer()"))
_NUMBER = Atomic(Elixir("number()"))


class Direction(Enum):
    """Which way a value goes."""

    IN = "in"
    """From Elixir to Python."""
    OUT = "out"
    """From Python to Elixir."""


class KnownClass(msgspec.Struct, frozen=True, kw_only=True):
    """A class of the library, as types see it."""

    kind: ClassKind
    module: str | None
    """The Elixir module; None when it has none."""
    ancestor: str | None = None
    """Of a class without a module, the module of its nearest ancestor that has one."""


class TypeScope(msgspec.Struct, frozen=True, kw_only=True):
    """What names in types mean."""

    classes: Mapping[SymbolPath, KnownClass]
    aliases: Mapping[SymbolPath, TypeExpr]
    has_self: bool = False
    """True inside a class, where ``Self`` means something."""


_SCALARS: dict[str, ElixirType] = {
    "int": _INTEGER,
    "float": _NUMBER,
    "bool": BOOLEAN,
    "str": STRING,
    "LiteralString": STRING,
}
_OUTSIDE: dict[str, ElixirType] = {
    "datetime:date": Atomic(Elixir("Date.t()")),
    "datetime:time": Atomic(Elixir("Time.t()")),
    "datetime:datetime": Choice((Atomic(Elixir("DateTime.t()")), Atomic(Elixir("NaiveDateTime.t()")))),
}
"""Classes of the standard library that the runtime has a counterpart of."""
_WHOLE_TUPLE = Atomic(Elixir("tuple()"))
_BYTES = frozenset({"bytes", "bytearray", "memoryview", "Buffer", "ByteString"})
_LISTS = frozenset({"list", "List", "MutableSequence"})
_SEQUENCES = frozenset({"Sequence", "Collection", "Iterable", "Reversible", "deque"})
_SETS = frozenset({"set", "Set", "frozenset", "FrozenSet", "AbstractSet", "MutableSet"})
_MAPS = frozenset({"dict", "Dict", "Mapping", "MutableMapping", "defaultdict", "DefaultDict", "OrderedDict"})
_TRANSPARENT = frozenset(
    {"Awaitable", "Coroutine", "Annotated", "Final", "ClassVar", "Required", "NotRequired", "ReadOnly"}
)
_STANDARD = frozenset({"builtins", "typing", "typing_extensions", "collections.abc", "collections", "_typeshed"})


def elixir_type(expr: TypeExpr, direction: Direction, scope: TypeScope, *, depth: int = 0) -> ElixirType:
    """Translate a type for values going in `direction`."""
    if depth >= DEPTH_LIMIT:
        return TERM
    match expr:
        case Named():
            return _named(expr, direction, scope, depth)
        case Alias(path=path, target=target):
            target = target if target is not None else scope.aliases.get(path)
            return TERM if target is None else elixir_type(target, direction, scope, depth=depth + 1)
        case Union(members=members):
            return choice(tuple(elixir_type(member, direction, scope, depth=depth + 1) for member in members))
        case Tuple():
            return _tuple(expr, direction, scope, depth)
        case Literal(values=values):
            return _literal(values, direction, scope)
        case SelfType():
            return Atomic(Elixir("t()")) if scope.has_self else TERM
        case NoneType():
            return NIL
        case Never() | Callable() | TypeVariable() | Unpack() | AnyType() | Unknown():
            return TERM
        case _:
            assert_never(expr)


def _named(expr: Named, direction: Direction, scope: TypeScope, depth: int) -> ElixirType:
    module, _, name = expr.path.partition(":")
    known = scope.classes.get(expr.path)
    if known is not None:
        return _known_class(known, direction)
    if module not in _STANDARD:
        return _OUTSIDE.get(expr.path, TERM)
    arguments = tuple(elixir_type(one, direction, scope, depth=depth + 1) for one in expr.arguments)
    if name in _SCALARS:
        return _SCALARS[name]
    if name in _BYTES:
        return bytes_type(direction)
    if name in _LISTS:
        return list_of(arguments[0] if arguments else TERM)
    if name in _SEQUENCES:
        return _sequence(name, arguments, direction)
    if name in _SETS:
        return applied("MapSet.t", arguments[0] if arguments else TERM)
    if name in {"tuple", "Tuple"}:
        return _WHOLE_TUPLE
    if name in _MAPS:
        return _map(arguments, direction)
    if name in _TRANSPARENT and arguments:
        return arguments[-1] if name == "Coroutine" else arguments[0]
    return TERM


def bytes_type(direction: Direction) -> ElixirType:
    """``bytes``: a binary; on the way in also one that is marked, so that valid UTF-8 stays bytes."""
    if direction is Direction.OUT:
        return _BINARY
    return choice((_BINARY, tuple_of((Atomic(Elixir(":bytes")), _BINARY))))


def _known_class(known: KnownClass, direction: Direction) -> ElixirType:
    match known.kind:
        case ClassKind.TYPED_DICT:
            return map_of(STRING, TERM) if direction is Direction.OUT else map_of(choice((STRING, _ATOM)), TERM)
        case ClassKind.PROTOCOL | ClassKind.ENUM | ClassKind.NAMED_TUPLE:
            return TERM
        case _ if known.module is not None:
            return Atomic(Elixir(f"{known.module}.instance()"))
        case _ if known.ancestor is not None and direction is Direction.OUT:
            return Atomic(Elixir(f"{known.ancestor}.instance()"))
        case _:
            return TERM


_ATOM = Atomic(Elixir("atom()"))


def _map(arguments: tuple[ElixirType, ...], direction: Direction) -> ElixirType:
    if len(arguments) != 2:
        return map_of(TERM, TERM)
    key, value = arguments
    if key == STRING and direction is Direction.IN:
        key = choice((STRING, _ATOM))
    return map_of(key, value)


def _sequence(name: str, arguments: tuple[ElixirType, ...], direction: Direction) -> ElixirType:
    items = list_of(arguments[0] if arguments else TERM)
    if direction is Direction.IN:
        return items
    return choice((items, _WHOLE_TUPLE)) if name == "Sequence" else TERM


def _tuple(expr: Tuple, direction: Direction, scope: TypeScope, depth: int) -> ElixirType:
    items = tuple(elixir_type(item, direction, scope, depth=depth + 1) for item in expr.items)
    if any(isinstance(item, Unpack) for item in expr.items) or len(items) > 8:
        return TERM
    if not expr.is_variadic:
        return tuple_of(items)
    return choice((list_of(items[0]), _WHOLE_TUPLE)) if direction is Direction.IN and items else _WHOLE_TUPLE


def _literal(values: tuple[LiteralValue, ...], direction: Direction, scope: TypeScope) -> ElixirType:
    shown = tuple(_literal_value(value, direction, scope) for value in values)
    if len(values) > LITERAL_LIMIT:
        shown = tuple(_widened(value, scope) for value in values)
    return choice(shown)


def _literal_value(value: LiteralValue, direction: Direction, scope: TypeScope) -> ElixirType:
    match value.kind:
        case LiteralKind.INT if len(value.text) <= 20:
            return Atomic(integer(value.text))
        case LiteralKind.BOOL:
            return TRUE if value.text == "true" else FALSE
        case LiteralKind.STR if direction is Direction.IN and _is_atom(value.text):
            return Atomic(atom(value.text))
        case _:
            return _widened(value, scope)


def _is_atom(text: str) -> bool:
    """Tell whether the runtime, which sends atoms as strings, would send this text for an atom."""
    return 0 < len(text) <= min(ATOM_LIMIT, 40) and text not in {"nil", "true", "false"} and text.isascii()


def _widened(value: LiteralValue, scope: TypeScope) -> ElixirType:
    match value.kind:
        case LiteralKind.NONE:
            return NIL
        case LiteralKind.BOOL:
            return BOOLEAN
        case LiteralKind.INT:
            return _INTEGER
        case LiteralKind.FLOAT:
            return _NUMBER
        case LiteralKind.STR:
            return STRING
        case LiteralKind.BYTES:
            return _BINARY
        case LiteralKind.ENUM:
            owner = scope.classes.get(SymbolPath(value.text.rpartition(".")[0]))
            return TERM if owner is None else _known_class(owner, Direction.IN)
        case _:
            assert_never(value.kind)
