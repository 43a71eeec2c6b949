"""Overlays: what curated files say of libraries whose own text cannot tell it (``stubs/README.md`` has the format)."""

from enum import Enum

import msgspec

from pybridge.model.names import ModuleName, SourceText, SymbolPath
from pybridge.model.types import ParameterKind


class DecoratorEffect(Enum):
    """What a decorator does to the signature below it."""

    KEEPS = "keeps"
    """Callers see the signature as written."""
    ADDS = "adds"
    """Parameters join it."""
    REMOVES = "removes"
    """Parameters that the decorator supplies itself leave it."""
    REPLACES = "replaces"
    """The listed parameters are all there are."""


class OverlayParameter(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A parameter that an overlay names."""

    name: str
    kind: ParameterKind = ParameterKind.POSITIONAL_OR_KEYWORD
    type: SourceText | None = None
    """A type expression with full dotted paths; None where anything goes."""
    default: SourceText | None = None
    """None for a parameter that must be given, and for ``*args`` and ``**kwargs``."""
    description: str | None = None


class DecoratorRule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What one decorator does, whether it is used with arguments or without."""

    path: SymbolPath
    """Where the decorator is defined: ``networkx.utils.backends:_dispatchable``."""
    effect: DecoratorEffect
    parameters: tuple[OverlayParameter, ...] = ()
    """Added or put in place; for `REMOVES` the names that go. Empty for `KEEPS`."""
    makes_class_methods: bool = False
    """True when a method below it whose first parameter is called ``cls`` becomes a class method."""


class ClassRule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What a base class makes of its subclasses."""

    path: SymbolPath
    """Where the base class is defined."""
    fields_are_keyword_only: bool = False
    """How the constructor takes them; annotated fields make it, as in a dataclass."""


class ConstructorRule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A base class that shows the parameters of one of its class methods as those of its constructor."""

    path: SymbolPath
    """Where the base class is defined; it counts itself among its subclasses."""
    method: str


class PhraseRule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Words by which a library's documentation names a type."""

    phrases: tuple[str, ...]
    """Compared as a whole, without case, articles and a full stop."""
    type: SourceText
    """A type expression of builtins and of names visible in the library's root module."""


class Overlays(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that overlays say."""

    decorators: tuple[DecoratorRule, ...] = ()
    classes: tuple[ClassRule, ...] = ()
    constructors: tuple[ConstructorRule, ...] = ()
    phrases: tuple[tuple[ModuleName, PhraseRule], ...] = ()
    """Each with the root module of the library that it is for."""
