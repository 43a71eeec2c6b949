"""Descriptors of classes and what they hold."""

from enum import Enum

import msgspec

from pybridge.model.callables import Function, Signature
from pybridge.model.evidence import TypeClaim
from pybridge.model.names import ModuleName, PublicPath, SourceText, SymbolPath
from pybridge.model.types import LiteralValue, TypeExpr, TypeParameter


class ClassKind(Enum):
    """What kind of class it is, where the kind changes how it is used."""

    PLAIN = "plain"
    DATACLASS = "dataclass"
    ATTRS = "attrs"
    MODEL = "model"
    """Made by a ``dataclass_transform``, such as a pydantic model."""
    ENUM = "enum"
    PROTOCOL = "protocol"
    TYPED_DICT = "typed_dict"
    NAMED_TUPLE = "named_tuple"
    EXCEPTION = "exception"


class ConstructorOrigin(Enum):
    """Which rule gives the effective constructor."""

    INIT = "init"
    NEW = "new"
    METACLASS_CALL = "metaclass_call"
    SYNTHESISED = "synthesised"
    OBJECT = "object"
    """Nothing defines one: no arguments."""
    UNKNOWN = "unknown"
    """A base is not known, so its constructor is not."""


class DataOption(Enum):
    """What a dataclass or its kin does, besides taking its fields; `Class.is_frozen` has the rest."""

    EQ = "eq"
    """Instances of equal fields are equal."""
    INIT = "init"
    KEYWORD_ONLY = "keyword_only"
    """The constructor takes fields by name only, unless a field says otherwise."""
    MATCH_ARGUMENTS = "match_arguments"
    ORDER = "order"
    """Instances can be sorted."""
    SLOTS = "slots"
    UNSAFE_HASH = "unsafe_hash"
    """Instances can be hashed although they are not frozen."""


class Constructor(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How to make an instance."""

    origin: ConstructorOrigin
    defined_by: SymbolPath | None = None
    """The class whose definition it is; None for `OBJECT` and `UNKNOWN`."""
    signatures: tuple[Signature, ...] = ()
    """Empty only for `UNKNOWN`; several are overloads."""
    implementation: Signature | None = None
    """The implementation behind overloads; None when there are none."""
    is_signature_hidden: bool = False
    """As of the `Function` that makes instances; False where nothing is written."""
    decorators: tuple[SourceText, ...] = ()
    docstring: str | None = None


class Property(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An attribute computed by code."""

    path: SymbolPath
    name: str
    type: TypeClaim
    is_readonly: bool = True
    is_deletable: bool = False
    is_cached: bool = False
    is_abstract: bool = False
    deprecated: str | None = None
    docstring: str | None = None
    docstring_from: SymbolPath | None = None
    """The symbol whose documentation applies, of an ancestor in the library; None when it has its own, or nobody has."""
    condition: SourceText | None = None


class Field(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An attribute of instances or of the class."""

    path: SymbolPath
    name: str
    type: TypeClaim
    is_class_variable: bool = False
    is_readonly: bool = False
    is_required: bool = False
    """Of a dataclass-like field or typed-dict key: must be given."""
    is_in_constructor: bool = True
    """False for a dataclass-like field that the constructor does not take."""
    is_keyword_only: bool = False
    """True for a dataclass-like field that the constructor takes by name only."""
    value: SourceText | None = None
    """Text of what is assigned; None where nothing is, or it is too long to be of use."""
    docstring: str | None = None
    condition: SourceText | None = None


class EnumMember(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A member of an enumeration, in definition order."""

    name: str
    value: SourceText | None = None
    constant: LiteralValue | None = None
    docstring: str | None = None


class Class(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A class, with what it defines itself; inherited members are found through `mro`."""

    path: SymbolPath
    name: str
    kind: ClassKind
    bases: tuple[TypeExpr, ...] = ()
    """As declared, in order, with their arguments; ``object`` left out."""
    mro: tuple[SymbolPath, ...] = ()
    """Itself first, ``object`` left out; bases that cannot be resolved keep their place."""
    metaclass: SymbolPath | None = None
    type_parameters: tuple[TypeParameter, ...] = ()
    constructor: Constructor
    methods: tuple[Function, ...] = ()
    properties: tuple[Property, ...] = ()
    fields: tuple[Field, ...] = ()
    """Sorted by name, except where order means something (dataclass-like, named tuples)."""
    enum_members: tuple[EnumMember, ...] = ()
    nested_classes: tuple["Class", ...] = ()
    is_abstract: bool = False
    is_final: bool = False
    is_frozen: bool = False
    options: tuple[DataOption, ...] | None = None
    """Of a dataclass, an attrs class or a model: what holds, sorted. None of others, and where the text does not tell."""
    slots: tuple[str, ...] | None = None
    """Names in the ``__slots__`` of its body, sorted, ``*`` for what is no literal; None where it has none."""
    disabled_methods: tuple[str, ...] = ()
    """Special methods that its body sets to None, sorted: ``__hash__`` of what cannot be hashed."""
    makes_values: bool = False
    """True for an enumeration that decides itself what ``auto()`` gives."""
    is_subscriptable: bool = False
    """True where its body defines ``__class_getitem__``; a generic class needs none."""
    is_total: bool = True
    """False for a typed dict whose keys need not be there unless they say so."""
    is_closed: bool = False
    """True for a typed dict that says it has no other keys."""
    deprecated: str | None = None
    decorators: tuple[SourceText, ...] = ()
    docstring: str | None = None
    condition: SourceText | None = None
    module_name: ModuleName | None = None
    """The ``__module__`` that code gives it, for whoever sees instances; None where that is the module of `path`."""
    public_paths: tuple[PublicPath, ...] = ()
