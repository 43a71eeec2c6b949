"""Nouns: a class as far as the relation of types needs it, wherever it is defined."""

from collections.abc import Mapping

import msgspec

from pybridge.model.names import SymbolPath
from pybridge.model.types import CallableParameter, TypeExpr, TypeParameter


class SignatureShape(msgspec.Struct, frozen=True, kw_only=True):
    """One way to call a method, ``self`` and ``cls`` left out."""

    parameters: tuple[CallableParameter, ...] | None
    """None for anything at all."""
    returns: TypeExpr
    """What the call itself gives: of an ``async def`` a coroutine."""
    variables: tuple[TypeParameter, ...] = ()
    """Type variables of the method's own."""


class MemberShape(msgspec.Struct, frozen=True, kw_only=True):
    """A member of a class, as its instances have it."""

    type: TypeExpr | None = None
    """What an attribute holds; None for a method."""
    signatures: tuple[SignatureShape, ...] = ()
    """Of a method, several are overloads."""
    is_settable: bool = False
    is_class_variable: bool = False
    is_class_or_static: bool = False
    is_partial: bool = False
    """Has overloads for some instances only, which are left out here."""


class KeyShape(msgspec.Struct, frozen=True, kw_only=True):
    """A key of a typed dict."""

    type: TypeExpr
    is_required: bool
    is_readonly: bool = False


class ClassShape(msgspec.Struct, frozen=True, kw_only=True):
    """A class: its place among others, and what it defines itself."""

    path: SymbolPath
    parameters: tuple[TypeParameter, ...] = ()
    bases: tuple[TypeExpr, ...] = ()
    """With their arguments in terms of `parameters`; ``object`` left out."""
    ancestors: tuple[SymbolPath, ...] = ()
    """Further classes of its MRO that are known by name only."""
    members: Mapping[str, MemberShape] | None = None
    """None where they are not told."""
    metaclass: SymbolPath | None = None
    items: tuple[TypeExpr, ...] | None = None
    """Of a named tuple and other tuples of a known length; None for any other class."""
    keys: Mapping[str, KeyShape] | None = None
    """Of a typed dict, inherited ones included; None for any other class."""
    enum_members: tuple[str, ...] = ()
    is_protocol: bool = False
    is_final: bool = False
    is_enum: bool = False
    is_named_tuple: bool = False
    has_unknown_base: bool = False
