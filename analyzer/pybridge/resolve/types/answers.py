"""What the type engine answers: plain data that crosses the process border.

A part the engine does not know is `Unknown` with the reason, never `Any` (`AnyType` means that somebody wrote it).
A class of a package that was not read is `Named` by its import: ``from far import Thing`` gives ``far:Thing``, while
``import far`` and ``far.Thing`` give the module, ``far:``, because the engine forgets the rest; the annotation has it.
Tables are sorted by name: the order of definition is in the source facts.
"""

from collections.abc import Mapping

import msgspec

from pybridge.model.diagnostic import Diagnostic
from pybridge.model.names import ModuleName, SourceText, SymbolPath
from pybridge.model.types import ParameterKind, TypeExpr, TypeParameter


class ParameterAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A parameter as the engine sees it, ``self`` left out."""

    name: str | None
    """None for a positional-only one (its name is in the source facts)."""
    kind: ParameterKind
    type: TypeExpr
    is_required: bool = True
    default: SourceText | None = None
    """Text of the default, given only for constructors that a class inherits from another package."""


class SignatureAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One signature, ``self`` and ``cls`` bound; a coroutine's result is what awaiting it gives."""

    parameters: tuple[ParameterAnswer, ...]
    returns: TypeExpr
    type_parameters: tuple[TypeParameter, ...] = ()


class CallableAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="answer", tag="callable"):
    """A function or method after its decorators."""

    signatures: tuple[SignatureAnswer, ...]
    """Several are overloads. Empty when a decorator hides the signature (`is_opaque`)."""
    is_declared: bool = True
    """False when the definition has no annotation at all."""
    is_decorated: bool = False
    is_opaque: bool = False
    """A decorator without types stands in between: callers see Any."""
    changes_signature: bool = False
    """Decorators left something other than the definition's own signature."""
    definition: tuple[SignatureAnswer, ...] = ()
    """What the definition itself declares, given where decorators hide it or change it."""
    is_synthesised: bool = False
    """No ``def`` in the source: a dataclass, named tuple or the like made it."""
    deprecated: str | None = None
    """The notice of PEP 702, possibly empty; None when it is not deprecated."""


class PropertyAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="answer", tag="property"):
    """A property or a cached property."""

    type: TypeExpr
    is_settable: bool = False
    is_declared: bool = True
    deprecated: str | None = None


class VariableAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="answer", tag="variable"):
    """A variable, attribute or constant."""

    type: TypeExpr
    is_declared: bool = False
    """True when an annotation gave the type, False when the engine inferred it."""
    is_final: bool = False
    is_class_variable: bool = False
    is_synthesised: bool = False
    """No statement of the source defines it."""


class AliasAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="answer", tag="alias"):
    """A type alias."""

    target: TypeExpr
    type_parameters: tuple[TypeParameter, ...] = ()


class TypeVariableAnswer(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="answer", tag="type_variable"
):
    """A ``TypeVar``, ``ParamSpec`` or ``TypeVarTuple`` object."""

    parameter: TypeParameter


class ClassAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="answer", tag="class"):
    """A class."""

    path: SymbolPath
    """Where it is defined; differs from the key in `ModuleAnswer.symbols` for an imported one."""
    bases: tuple[TypeExpr, ...] = ()
    mro: tuple[SymbolPath, ...] = ()
    """Itself first, ``object`` left out."""
    has_unknown_base: bool = False
    metaclass: SymbolPath | None = None
    type_parameters: tuple[TypeParameter, ...] = ()
    is_dataclass: bool = False
    is_frozen: bool = False
    is_attrs: bool = False
    is_model: bool = False
    """A ``dataclass_transform`` made it."""
    is_enum: bool = False
    is_protocol: bool = False
    is_named_tuple: bool = False
    is_typed_dict: bool = False
    is_abstract: bool = False
    is_final: bool = False
    deprecated: str | None = None
    constructor: tuple[SignatureAnswer, ...] = ()
    """The effective one; empty when a base is unknown."""
    constructor_owner: SymbolPath | None = None
    """The class whose ``__init__``, ``__new__`` or metaclass ``__call__`` it is."""
    constructor_method: str = ""
    """``__init__``, ``__new__``, ``__call__``; empty when none was found."""
    is_constructor_synthesised: bool = False
    is_constructor_opaque: bool = False
    """A decorator without types hides it: `constructor` is what the definition below the decorator says."""
    members: Mapping[str, "Answer"] = {}
    """Own members only, synthesised ones included."""
    required_keys: tuple[str, ...] = ()
    """Of a typed dict; its items are `members`."""


Answer = CallableAnswer | PropertyAnswer | VariableAnswer | AliasAnswer | TypeVariableAnswer | ClassAnswer


class ModuleAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A module: what it defines itself, by name."""

    module: ModuleName
    symbols: Mapping[str, Answer]


class ExternalAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A name of another package or of the standard library, as asked."""

    asked: SymbolPath
    path: SymbolPath | None
    """Where it is defined; None when the engine cannot find it."""
    is_alias: bool = False
    target: TypeExpr | None = None
    """What an alias stands for."""
    type_variable: TypeParameter | None = None
    class_answer: ClassAnswer | None = None
    """For a class: bases, MRO and constructor, without members."""
    returns: TypeExpr | None = None
    """For a function that is no coroutine: what every call gives; None where its overloads differ."""


class TypeAnswers(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the engine answered for a library."""

    engine: str
    """``mypy 2.4.1``"""
    modules: Mapping[ModuleName, ModuleAnswer]
    externals: Mapping[SymbolPath, ExternalAnswer]
    diagnostics: tuple[Diagnostic, ...] = ()
    """Modules the engine had to drop, and why."""
