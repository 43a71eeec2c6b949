"""Descriptors of what can be called: parameters, signatures, functions and methods."""

from enum import Enum

import msgspec

from pybridge.model.evidence import TypeClaim
from pybridge.model.names import PublicPath, SourceText, SymbolPath
from pybridge.model.types import LiteralValue, ParameterKind, TypeParameter


class Parameter(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One parameter of a signature, ``self`` and ``cls`` left out."""

    name: str
    kind: ParameterKind
    type: TypeClaim
    is_required: bool
    """False for ``*args`` and ``**kwargs``, and where a default exists."""
    default: SourceText | None = None
    """Text of the default expression, unevaluated; None where the source gives none."""
    default_value: LiteralValue | None = None
    """The default as a constant; None where it is not one."""
    description: str | None = None
    """What the documentation says of it; None when it says nothing."""


class Signature(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One way to call something."""

    parameters: tuple[Parameter, ...] = ()
    returns: TypeClaim
    """What a call gives; for an ``async def`` what awaiting it gives; for a generator the iterator."""
    type_parameters: tuple[TypeParameter, ...] = ()
    return_description: str | None = None


class Binding(Enum):
    """How a callable is attached to where it lives."""

    FUNCTION = "function"
    INSTANCE = "instance"
    CLASS = "class"
    STATIC = "static"


class StreamKind(Enum):
    """What iterating over a call's result means."""

    NONE = "none"
    GENERATOR = "generator"
    ASYNC_GENERATOR = "async_generator"
    ITERATOR = "iterator"
    """Not a generator by its body, but declared to return an iterator."""
    ASYNC_ITERATOR = "async_iterator"


class Function(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A function or method."""

    path: SymbolPath
    name: str
    binding: Binding
    signatures: tuple[Signature, ...]
    """At least one; several are overloads, in source order."""
    implementation: Signature | None = None
    """The implementation behind overloads; None when there are none, or a stub has none."""
    is_signature_hidden: bool = False
    """True where a decorator takes the calls and its text does not tell which: `signatures` are those of the ``def``."""
    is_async: bool = False
    stream: StreamKind = StreamKind.NONE
    is_generator: bool = False
    """True where the body itself yields and no decorator changes what a call gives."""
    yields: TypeClaim | None = None
    """Type of one item of the stream; None when it is not a stream."""
    is_context_manager: bool = False
    is_abstract: bool = False
    is_final: bool = False
    deprecated: str | None = None
    """The notice, possibly empty; None when it is not deprecated."""
    decorators: tuple[SourceText, ...] = ()
    docstring: str | None = None
    docstring_from: SymbolPath | None = None
    """The symbol whose documentation applies, of an ancestor in the library; None when it has its own, or nobody has."""
    raises: tuple[str, ...] = ()
    """Exceptions that the documentation names, in its order."""
    condition: SourceText | None = None
    """The test that must hold for it to exist; None when it always does."""
    public_paths: tuple[PublicPath, ...] = ()
    """Shortest first; empty for a member of a class and for what only a private path reaches."""
