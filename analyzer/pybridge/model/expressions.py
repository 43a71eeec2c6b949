"""`Expr`: the little of Python's expression grammar that facts need, without positions and never evaluated."""

from enum import Enum
from typing import TypeAlias

import msgspec

from pybridge.model.names import SourceText
from pybridge.model.types import LiteralValue


class Name(msgspec.Struct, frozen=True, tag="name"):
    """``x``."""

    id: str


class Attribute(msgspec.Struct, frozen=True, tag="attribute"):
    """``value.name``."""

    value: "Expr"
    name: str


class Constant(msgspec.Struct, frozen=True, tag="constant"):
    """A number, text, bytes, bool or None."""

    value: LiteralValue


class EllipsisExpr(msgspec.Struct, frozen=True, tag="ellipsis"):
    """``...``."""


class SequenceKind(Enum):
    """Which display it is."""

    LIST = "list"
    TUPLE = "tuple"
    SET = "set"


class Sequence(msgspec.Struct, frozen=True, tag="sequence"):
    """A list, tuple or set display; items may be `Starred`."""

    kind: SequenceKind
    items: tuple["Expr", ...]


class Dict(msgspec.Struct, frozen=True, tag="dict"):
    """A dict display; a key of None marks ``**value``."""

    items: tuple[tuple["Expr | None", "Expr"], ...]


class Argument(msgspec.Struct, frozen=True, omit_defaults=True):
    """An argument of a call; ``*x`` is a `Starred` value, ``**x`` has the name ``**``."""

    value: "Expr"
    name: str | None = None


class Call(msgspec.Struct, frozen=True, tag="call"):
    """``function(arguments)``."""

    function: "Expr"
    arguments: tuple[Argument, ...]


class Subscript(msgspec.Struct, frozen=True, tag="subscript"):
    """``value[index]``; several indices are a tuple `Sequence`."""

    value: "Expr"
    index: "Expr"


class Starred(msgspec.Struct, frozen=True, tag="starred"):
    """``*value``."""

    value: "Expr"


class Unary(msgspec.Struct, frozen=True, tag="unary"):
    """``not x``, ``-x``, ``+x``, ``~x``, ``await x``."""

    operator: str
    operand: "Expr"


class Binary(msgspec.Struct, frozen=True, tag="binary"):
    """``left operator right`` with an arithmetic or bit operator."""

    operator: str
    left: "Expr"
    right: "Expr"


class Boolean(msgspec.Struct, frozen=True, tag="boolean"):
    """``a and b``, ``a or b``."""

    operator: str
    operands: tuple["Expr", ...]


class Comparison(msgspec.Struct, frozen=True, tag="comparison"):
    """``a < b <= c``: one operator fewer than operands."""

    operators: tuple[str, ...]
    operands: tuple["Expr", ...]


class Conditional(msgspec.Struct, frozen=True, tag="conditional"):
    """``body if test else otherwise``."""

    test: "Expr"
    body: "Expr"
    otherwise: "Expr"


class ComprehensionKind(Enum):
    """What a comprehension makes."""

    LIST = "list"
    SET = "set"
    GENERATOR = "generator"


class Comprehension(msgspec.Struct, frozen=True, tag="comprehension"):
    """A list, set or generator comprehension with one ``for``; anything richer is `Opaque`."""

    element: "Expr"
    target: "Expr"
    iterable: "Expr"
    conditions: tuple["Expr", ...] = ()
    kind: ComprehensionKind | None = None
    """None where the reader of the file did not tell."""


class Lambda(msgspec.Struct, frozen=True, tag="lambda"):
    """``lambda parameters: body``; parameter names only."""

    parameters: tuple[str, ...]
    body: "Expr"


class Opaque(msgspec.Struct, frozen=True, omit_defaults=True, tag="opaque"):
    """Anything else: what kind of expression, and its text, cut when long."""

    what: str
    text: SourceText | None = None


Expr: TypeAlias = (
    Name
    | Attribute
    | Constant
    | EllipsisExpr
    | Sequence
    | Dict
    | Call
    | Subscript
    | Starred
    | Unary
    | Binary
    | Boolean
    | Comparison
    | Conditional
    | Comprehension
    | Lambda
    | Opaque
)
