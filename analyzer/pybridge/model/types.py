"""`TypeExpr`: the closed union of what a Python type can be. Match it to `typing.assert_never`."""

from enum import Enum
from typing import TypeAlias

import msgspec

from pybridge.model.names import SourceText, SymbolPath


class ParameterKind(Enum):
    """The five kinds of parameter that Python has."""

    POSITIONAL_ONLY = "positional_only"
    POSITIONAL_OR_KEYWORD = "positional_or_keyword"
    VAR_POSITIONAL = "var_positional"
    KEYWORD_ONLY = "keyword_only"
    VAR_KEYWORD = "var_keyword"


class LiteralKind(Enum):
    """What a literal value is an instance of."""

    NONE = "none"
    BOOL = "bool"
    INT = "int"
    FLOAT = "float"
    STR = "str"
    BYTES = "bytes"
    ENUM = "enum"


class LiteralValue(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A constant, written so that no reader loses it (an int may be of any size)."""

    kind: LiteralKind
    text: str = ""
    """``""`` for None, ``true``/``false``, decimal digits, ``repr`` of a float, the string itself with lone
    surrogates as ``\\udxxx``, bytes as hexadecimal digits, the symbol path of an enum member."""


class UnknownReason(Enum):
    """Why a type is not known."""

    UNANNOTATED = "unannotated"
    """Nothing declares it and no rule could infer it."""
    UNRESOLVED_NAME = "unresolved_name"
    """The annotation names something that the library's text does not define."""
    UNSUPPORTED = "unsupported"
    """The annotation is not a type expression, or one this version cannot read."""
    UNTYPED_DECORATOR = "untyped_decorator"
    """A decorator without types stands between the definition and its callers."""
    RECURSIVE = "recursive"
    """A definition that leads back to itself was cut here."""
    ENGINE = "engine"
    """The type engine failed on this module; its diagnostic says how."""


class Named(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="named"):
    """A class, with its type arguments; also a class of a package that is not installed."""

    path: SymbolPath
    arguments: tuple["TypeExpr", ...] = ()


class Alias(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="alias"):
    """A type alias by name."""

    path: SymbolPath
    arguments: tuple["TypeExpr", ...] = ()
    target: "TypeExpr | None" = None
    """What it stands for; None when the alias is one of the library's own and is described there."""


class Union(msgspec.Struct, frozen=True, kw_only=True, tag="union"):
    """One of several types: at least two, flat, without duplicates, in canonical order (None last)."""

    members: tuple["TypeExpr", ...]


class Tuple(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="tuple"):
    """A tuple of known items, or of any number of one item."""

    items: tuple["TypeExpr", ...]
    is_variadic: bool = False
    """True for ``tuple[int, ...]``, which then has exactly one item."""


class CallableParameter(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A parameter of a callable type."""

    type: "TypeExpr"
    kind: ParameterKind = ParameterKind.POSITIONAL_ONLY
    name: str | None = None
    is_required: bool = True


class Callable(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="callable"):
    """Something that can be called."""

    parameters: tuple[CallableParameter, ...] | None
    """None for ``Callable[..., T]``."""
    returns: "TypeExpr"


class Literal(msgspec.Struct, frozen=True, kw_only=True, tag="literal"):
    """One of the listed constants, in canonical order."""

    values: tuple[LiteralValue, ...]


class TypeVariableKind(Enum):
    """What a type variable stands for."""

    TYPE = "type"
    PARAMETERS = "parameters"
    TUPLE = "tuple"


class TypeVariable(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="variable"):
    """A reference to a type parameter by name; bounds are told where it is declared (`TypeParameter`)."""

    name: str
    kind: TypeVariableKind = TypeVariableKind.TYPE


class Unpack(msgspec.Struct, frozen=True, kw_only=True, tag="unpack"):
    """``*Ts`` or ``Unpack[SomeTypedDict]``."""

    packed: "TypeExpr"


class SelfType(msgspec.Struct, frozen=True, kw_only=True, tag="self"):
    """``typing.Self``."""


class NoneType(msgspec.Struct, frozen=True, kw_only=True, tag="none"):
    """``None``."""


class Never(msgspec.Struct, frozen=True, kw_only=True, tag="never"):
    """``Never`` or ``NoReturn``."""


class AnyType(msgspec.Struct, frozen=True, kw_only=True, tag="any"):
    """``Any``, as somebody wrote it."""


class Unknown(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="unknown"):
    """Not known, and why."""

    reason: UnknownReason
    text: SourceText | None = None
    """The part of the source that could not be read as a type; None where there is none."""


TypeExpr: TypeAlias = (
    Named
    | Alias
    | Union
    | Tuple
    | Callable
    | Literal
    | TypeVariable
    | Unpack
    | SelfType
    | NoneType
    | Never
    | AnyType
    | Unknown
)


class TypeParameter(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The declaration of a type variable on a class, function or alias."""

    name: str
    kind: TypeVariableKind = TypeVariableKind.TYPE
    bound: TypeExpr | None = None
    constraints: tuple[TypeExpr, ...] = ()
    default: TypeExpr | None = None
    variance: str = "invariant"
    """``invariant``, ``covariant``, ``contravariant`` or ``inferred`` (PEP 695)."""
