"""What the surface evaluator finds: where every name of every module leads, and who defines it."""

from collections.abc import Mapping

import msgspec

from pybridge.model.diagnostic import Diagnostic
from pybridge.model.facts import Assignment, ClassFacts, FunctionFacts, TypeAliasFacts
from pybridge.model.library import Export, How, Skip, SymbolKind
from pybridge.model.names import ModuleName, PublicPath, SourceText, SymbolPath

DefinitionStatement = FunctionFacts | ClassFacts | Assignment | TypeAliasFacts


class Definition(msgspec.Struct, frozen=True, kw_only=True):
    """The statements that together define one name of a module or class for the target."""

    name: str
    kind: SymbolKind
    statements: tuple[DefinitionStatement, ...]
    """In source order: one, or overloads and their implementation, or a property and its setter and deleter, or a bare
    annotation (``x: int``) and the assignment after it. A `SymbolKind.CLASS` may be an assignment: a call that makes a
    class, such as ``Point = namedtuple("Point", "x y")``."""
    condition: SourceText | None = None
    """The tests that could not be decided for the target (``try`` included); None when it always exists."""
    variants: tuple[DefinitionStatement, ...] = ()
    """Definitions of the same name in branches that were not chosen."""


class NameTarget(msgspec.Struct, frozen=True, kw_only=True):
    """Where a name leads."""

    path: SymbolPath
    """The canonical symbol: where it is defined, after following every import and alias."""
    kind: SymbolKind
    how: How
    condition: SourceText | None = None


class ModuleSurface(msgspec.Struct, frozen=True, kw_only=True):
    """One module, evaluated."""

    module: ModuleName
    names: Mapping[str, NameTarget]
    """Every name of its namespace, private ones too, for resolving annotations and bases."""
    definitions: Mapping[str, Definition]
    """What it defines itself."""
    exports: tuple[Export, ...]
    """The public part, sorted by name."""
    declared_names: tuple[str, ...] | None
    """``__all__``, evaluated; None when it has none."""
    is_dynamic: bool = False
    skipped: tuple[Skip, ...] = ()


class Surface(msgspec.Struct, frozen=True, kw_only=True):
    """All modules of a library, evaluated."""

    modules: Mapping[ModuleName, ModuleSurface]
    unread_modules: frozenset[ModuleName] = frozenset()
    """Modules that exist and have no entry in `modules`: compiled ones, skipped ones, packages without a file."""
    public_paths: Mapping[SymbolPath, tuple[PublicPath, ...]]
    """Of every symbol that a public path reaches: shortest first, ties alphabetical."""
    diagnostics: tuple[Diagnostic, ...] = ()
