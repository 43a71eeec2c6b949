"""`Library`: a descriptor by name. Modules are read when something in them is asked for."""

from collections.abc import Iterator, Mapping

import msgspec

from pybridge.model.callables import Function
from pybridge.model.classes import Class
from pybridge.model.library import Export, LibraryDescriptor, Module, TypeAlias, Variable, Visibility
from pybridge.model.names import ModuleName, PublicPath, SymbolPath, split_symbol

Definition = Class | Function | Variable | TypeAlias


class PublicName(msgspec.Struct, frozen=True, kw_only=True):
    """A path that users may rely on, and what the module says of it."""

    path: PublicPath
    module: ModuleName
    export: Export


class ClassOutline(msgspec.Struct, frozen=True, kw_only=True):
    """Of a class what lies above it."""

    path: SymbolPath
    mro: tuple[SymbolPath, ...] = ()
    nested_classes: tuple["ClassOutline", ...] = ()


class Outline(msgspec.Struct, frozen=True, kw_only=True):
    """Of a module what decides whether an edit of another one concerns it: the names of its fields are a module's own."""

    name: ModuleName
    is_public: bool = True
    exports: tuple[Export, ...] = ()
    classes: tuple[ClassOutline, ...] = ()


class Library:
    """One side of a comparison."""

    def __init__(
        self,
        header: LibraryDescriptor,
        modules: Mapping[ModuleName, Module],
        outlines: Mapping[ModuleName, Module | Outline] | None = None,
    ) -> None:
        """Take a descriptor apart: ``header`` may come without its modules, which ``modules`` has by name.

        ``outlines`` says the little that is asked of every module, where that is cheaper than the module is.
        """
        self.header = header
        self.modules = modules
        self.outlines = outlines if outlines is not None else modules
        self._definitions: dict[ModuleName, dict[SymbolPath, Definition]] = {}
        self._names: tuple[PublicName, ...] | None = None
        self._paths: dict[SymbolPath, list[PublicPath]] | None = None

    @classmethod
    def of(cls, descriptor: LibraryDescriptor) -> "Library":
        """Index a descriptor that is in memory as a whole."""
        return cls(descriptor, {module.name: module for module in descriptor.modules})

    def definition(self, path: SymbolPath) -> Definition | None:
        """Return what is defined at a path, also a nested class; None for members, modules and what is external."""
        name, _ = split_symbol(path)
        if name not in self._definitions:
            module = self.modules.get(name)
            self._definitions[name] = dict(_definitions(module)) if module is not None else {}
        return self._definitions[name].get(path)

    def class_at(self, path: SymbolPath) -> Class | None:
        """Return a class of the library; None when it is none, or another package's."""
        found = self.definition(path)
        return found if isinstance(found, Class) else None

    def public_names(self) -> tuple[PublicName, ...]:
        """Every name that somebody promised: of public modules, without what they import for their own use."""
        if self._names is None:
            self._names = tuple(
                PublicName(path=PublicPath(f"{module.name}.{export.name}"), module=module.name, export=export)
                for module in self.outlines.values()
                if module.is_public
                for export in module.exports
                if export.visibility is not Visibility.INCIDENTAL
            )
        return self._names

    def public_paths(self, symbol: SymbolPath) -> tuple[PublicPath, ...]:
        """All promised paths that lead to a symbol, shortest first; empty when none does."""
        return tuple(sorted(self._targets().get(symbol, ()), key=lambda path: (path.count("."), path)))

    def is_public(self, symbol: SymbolPath) -> bool:
        """Tell whether a promised path leads to a symbol."""
        return symbol in self._targets()

    def _targets(self) -> dict[SymbolPath, list[PublicPath]]:
        if self._paths is None:
            self._paths = {}
            for one in self.public_names():
                self._paths.setdefault(one.export.target, []).append(one.path)
        return self._paths


def _definitions(module: Module) -> Iterator[tuple[SymbolPath, Definition]]:
    flat: tuple[Definition, ...] = (*module.functions, *module.variables, *module.type_aliases)
    for one in flat:
        yield one.path, one
    waiting = list(module.classes)
    while waiting:
        found = waiting.pop()
        yield found.path, found
        waiting.extend(found.nested_classes)
