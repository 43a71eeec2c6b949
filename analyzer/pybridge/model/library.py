"""The descriptor of a library: its modules, the public surface, and what could not be described."""

from enum import Enum

import msgspec

from pybridge.model.callables import Function
from pybridge.model.classes import Class
from pybridge.model.evidence import TypeClaim
from pybridge.model.names import ModuleName, PublicPath, SourceText, SymbolPath
from pybridge.model.package import Package
from pybridge.model.types import TypeExpr, TypeParameter

DESCRIPTOR_SCHEMA = "pybridge.descriptor/1"


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """What the library is described for; conditions in the source are decided by it."""

    python_version: str
    """``3.11``"""
    platform: str
    """A value of ``sys.platform``."""


class Visibility(Enum):
    """Why a name of a module counts as public, strongest first."""

    DECLARED = "declared"
    """In ``__all__``."""
    DEFINED = "defined"
    """Defined in this module, no leading underscore."""
    REEXPORTED = "reexported"
    """Imported by a package's ``__init__`` from the same library, or as ``x as x``."""
    INCIDENTAL = "incidental"
    """Imported for the module's own use: reachable, but nobody promised it."""


class How(Enum):
    """How a module binds a name."""

    DEFINITION = "definition"
    ASSIGNMENT = "assignment"
    IMPORT = "import"
    STAR = "star"
    LAZY = "lazy"
    """Made on first access: a module ``__getattr__`` or a lazy-loading idiom."""
    SUBMODULE = "submodule"


class SymbolKind(Enum):
    """What a name leads to."""

    CLASS = "class"
    FUNCTION = "function"
    VARIABLE = "variable"
    TYPE_ALIAS = "type_alias"
    MODULE = "module"
    EXTERNAL = "external"
    """Something of another package, not described here."""


class Export(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A public name of a module and the symbol it leads to."""

    name: str
    target: SymbolPath
    kind: SymbolKind
    visibility: Visibility
    how: How
    condition: SourceText | None = None


class Variable(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A module-level name that is neither class nor function."""

    path: SymbolPath
    name: str
    type: TypeClaim
    value: SourceText | None = None
    is_final: bool = False
    docstring: str | None = None
    condition: SourceText | None = None
    public_paths: tuple[PublicPath, ...] = ()


class TypeAlias(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A named type expression."""

    path: SymbolPath
    name: str
    target: TypeExpr
    type_parameters: tuple[TypeParameter, ...] = ()
    docstring: str | None = None
    public_paths: tuple[PublicPath, ...] = ()


class SkipReason(Enum):
    """Why something public is not described."""

    SYNTAX_ERROR = "syntax_error"
    UNREADABLE = "unreadable"
    TOO_LARGE = "too_large"
    PARSER_FAILED = "parser_failed"
    COMPILED = "compiled"
    """A compiled module without a stub."""
    TESTS = "tests"
    """A test module or package; ``--include-tests`` describes it."""
    DYNAMIC = "dynamic"
    """Made at run time; its names cannot be read off the text."""
    UNRESOLVED = "unresolved"
    """An import that leads nowhere in the library or its environment."""
    CONDITION = "condition"
    """Exists for another Python version or platform only."""
    DUPLICATE = "duplicate"
    """Another definition of the same name is described instead."""


class Skip(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something public that could not be described, so that nothing is dropped in silence."""

    path: SymbolPath
    reason: SkipReason
    detail: str = ""


class Module(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A module: the names it offers and the symbols it defines. One blob of the store."""

    name: ModuleName
    is_package: bool = False
    is_public: bool = True
    """False when a part of its name starts with an underscore."""
    docstring: str | None = None
    declared_names: tuple[str, ...] | None = None
    """``__all__`` in its order; None when the module has none."""
    is_dynamic: bool = False
    """True when a module ``__getattr__`` may answer names that are not listed."""
    exports: tuple[Export, ...] = ()
    """Sorted by name."""
    classes: tuple[Class, ...] = ()
    functions: tuple[Function, ...] = ()
    variables: tuple[Variable, ...] = ()
    type_aliases: tuple[TypeAlias, ...] = ()
    skipped: tuple[Skip, ...] = ()


class LibraryDescriptor(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="schema", tag=DESCRIPTOR_SCHEMA
):
    """Everything public of one version of a library, for one target."""

    name: str
    """The import name people use, ``jinja2``."""
    roots: tuple[ModuleName, ...]
    """Every top-level import name that belongs to it, sorted."""
    distribution: str | None = None
    """As its metadata spells it; None for a bare source tree."""
    version: str | None = None
    target: Target
    package: Package | None = None
    """What the distribution promises besides its modules; None where whoever described it did not ask."""
    modules: tuple[Module, ...] = ()
    """Sorted by name."""
    skipped: tuple[Skip, ...] = ()
    """Files and modules that are missing as a whole."""
