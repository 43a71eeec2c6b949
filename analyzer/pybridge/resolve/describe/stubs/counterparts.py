"""Which definition of a stub tells of which definition of a source, and what a stub's names are called there."""

from collections.abc import Iterator, Mapping

from pybridge.model.facts import ModuleFacts
from pybridge.model.library import SymbolKind
from pybridge.model.names import ModuleName, SymbolPath, split_symbol, symbol_path
from pybridge.resolve.symbols import ModuleSurface, Surface


class Counterparts:
    """Definitions of stubs and of sources, side by side.

    ``surface`` is the library by its sources, ``declared`` the same by its stubs where it has some, ``stubs`` those that
    stand beside a source.
    """

    def __init__(self, surface: Surface, declared: Surface, stubs: Mapping[ModuleName, ModuleFacts]) -> None:
        self._surface, self._declared, self._stubs = surface, declared, stubs
        self.by_source: dict[SymbolPath, SymbolPath] = {}
        """The stub's definition of each symbol of a source that has one; equal paths included."""
        self._by_stub: dict[SymbolPath, SymbolPath] = {}
        self._names: dict[SymbolPath, SymbolPath] = {}
        for source, stub in self._pairs():
            self.by_source.setdefault(source, stub)
            self._by_stub.setdefault(stub, source)

    def source_path(self, path: SymbolPath) -> SymbolPath:
        """What the sources call a symbol that stubs call so; itself where they do not know it."""
        found = self._names.get(path)
        if found is None:
            found = self._names[path] = self._source_path(path)
        return found

    def is_made_by_stub(self, path: SymbolPath) -> bool:
        """True for a symbol that only a stub defines, of code that is compiled or made at run time."""
        stub = self.by_source.get(path)
        if stub != path:
            return False
        module, name = split_symbol(path)
        own = self._surface.modules[module].definitions.get(name)
        told = self._declared.modules[module].definitions.get(name)
        return own is not None and told is not None and own.statements == told.statements

    def only_in_stub(self, module: ModuleName) -> tuple[str, ...]:
        """Public names that a stub defines and its source does not have, sorted; none of a dynamic module."""
        own, told = self._surface.modules[module], self._declared.modules[module]
        if own.is_dynamic:
            return ()
        return tuple(sorted(name for name in told.definitions if not name.startswith("_") and name not in own.names))

    def only_in_source(self, module: ModuleName) -> tuple[str, ...]:
        """Public classes and functions that a source defines and its stub does not have, sorted."""
        own, told = self._surface.modules[module], self._declared.modules[module]
        wanted = {SymbolKind.CLASS, SymbolKind.FUNCTION}
        return tuple(
            sorted(
                name
                for name, one in own.definitions.items()
                if one.kind in wanted and not name.startswith("_") and name not in told.names and not told.is_dynamic
            )
        )

    def _pairs(self) -> Iterator[tuple[SymbolPath, SymbolPath]]:
        """A module's own stub first, then the stubs of modules that pass a symbol on, shortest names first."""
        ordered = sorted(self._stubs, key=lambda name: (name.count("."), name))
        sides = [
            (own, told)
            for module in ordered
            if (own := self._surface.modules.get(module)) and (told := self._declared.modules.get(module))
        ]
        for own, told in sides:
            for name in own.definitions:
                yield from self._pair(symbol_path(own.module, name), told, name)
        for own, told in sides:
            for name, target in own.names.items():
                yield from self._pair(target.path, told, name)

    def _pair(self, source: SymbolPath, told: ModuleSurface, name: str) -> Iterator[tuple[SymbolPath, SymbolPath]]:
        stub = told.names.get(name)
        if stub is None or not self._is_defined(self._surface, source):
            return
        home, qualname = split_symbol(stub.path)
        if home in self._stubs and "." not in qualname and self._is_defined(self._declared, stub.path):
            yield source, stub.path

    def _is_defined(self, surface: Surface, path: SymbolPath) -> bool:
        module, name = split_symbol(path)
        own = surface.modules.get(module)
        return own is not None and name in own.definitions

    def _source_path(self, path: SymbolPath) -> SymbolPath:
        module, qualname = split_symbol(path)
        own = self._surface.modules.get(module)
        if own is None or not qualname:
            return path
        head, _, rest = qualname.partition(".")
        top = symbol_path(module, head)
        if head in own.definitions:
            return path
        found = own.names.get(head)
        if found is not None and found.kind not in {SymbolKind.EXTERNAL, SymbolKind.MODULE}:
            target = found.path
        else:
            target = self._by_stub.get(top, top)
        return SymbolPath(f"{target}.{rest}") if rest else target
