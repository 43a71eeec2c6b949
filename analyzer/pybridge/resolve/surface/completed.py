"""Names that lead into compiled code or to nothing readable, taken from the stubs that declare them.

A source says that a name exists and a stub says what it is: ``from ._native import *`` with an ``__all__``, beside a
stub that defines every name of it. What only the stub says, about code that can be read, is not taken.
"""

from collections.abc import Iterator, Mapping

import msgspec

from pybridge.model.facts import FromImport, ModuleFacts
from pybridge.model.library import Export, How, SkipReason, SymbolKind, Visibility
from pybridge.model.names import ModuleName, SymbolPath, split_symbol, symbol_path
from pybridge.resolve.surface.public_paths import public_paths
from pybridge.resolve.surface.scan.sources import imported_module
from pybridge.resolve.symbols import Definition, ModuleSurface, NameTarget, Surface

_UNREAD = frozenset({SkipReason.COMPILED, SkipReason.DYNAMIC, SkipReason.UNRESOLVED})
_TOLD = frozenset({SymbolKind.CLASS, SymbolKind.FUNCTION, SymbolKind.VARIABLE, SymbolKind.TYPE_ALIAS})


def complete(surface: Surface, declared: Surface, facts: Mapping[ModuleName, ModuleFacts]) -> Surface:
    """Let stubs define what the sources only pass on.

    ``declared`` is the same library with stubs in place of the sources that have one, ``facts`` the sources. The
    definition of a name that a stub defines becomes one of the module whose stub it is; every name and export that led
    to the unread thing leads there. Names that the source does not bind are added to those modules for resolving what
    the stub writes; they are not exported.
    """
    return _Completion(surface, declared, facts).completed()


class _Completion:
    def __init__(self, surface: Surface, declared: Surface, facts: Mapping[ModuleName, ModuleFacts]) -> None:
        self._surface, self._declared, self._facts = surface, declared, facts
        self._heads = frozenset(name.partition(".")[0] for name in surface.modules)
        self._definitions: dict[ModuleName, dict[str, Definition]] = {}
        self._by_unread = dict(self._told_by_stubs())

    def completed(self) -> Surface:
        """Rewrite every module whose names or exports lead elsewhere now."""
        changed = {module: self._module(one) for module, one in sorted(self._surface.modules.items())}
        modules = {module: self._with_definitions(one) for module, one in changed.items()}
        return msgspec.structs.replace(self._surface, modules=modules, public_paths=public_paths(modules))

    def _told_by_stubs(self) -> Iterator[tuple[SymbolPath, NameTarget]]:
        """What each unread symbol is, by the stub of the module that imports it; the shortest module's word counts."""
        ordered = sorted(self._facts, key=lambda name: (name.count("."), name), reverse=True)
        for module in ordered:
            own, told = self._surface.modules.get(module), self._declared.modules.get(module)
            if own is None or told is None:
                continue
            for name, target in own.names.items():
                if self._is_unread(target.path, target.kind) and (found := self._told(told, name)) is not None:
                    yield target.path, found

    def _is_unread(self, path: SymbolPath, kind: SymbolKind) -> bool:
        home, name = split_symbol(path)
        return kind is SymbolKind.EXTERNAL and bool(name) and home.partition(".")[0] in self._heads

    def _told(self, stub: ModuleSurface, name: str) -> NameTarget | None:
        """What a name of a stub leads to, in the terms of the sources; None for what is not defined in the library."""
        found = stub.names.get(name)
        if found is None or found.kind not in _TOLD:
            return None
        home, qualname = split_symbol(found.path)
        own, told = self._surface.modules.get(home), self._declared.modules.get(home)
        if own is None or told is None or "." in qualname:
            return None
        bound = own.names.get(qualname)
        if bound is not None and bound.kind is not SymbolKind.EXTERNAL:
            return bound
        definition = told.definitions.get(qualname)
        if definition is None:
            return None
        self._definitions.setdefault(home, {})[qualname] = definition
        return NameTarget(path=found.path, kind=found.kind, how=found.how, condition=found.condition)

    def _resolved(self, module: ModuleName, name: str, path: SymbolPath) -> NameTarget | None:
        """What a name that led to an unread symbol leads to now; None when no stub tells."""
        stub = self._declared.modules.get(module)
        found = self._told(stub, name) if stub is not None and module in self._facts else None
        if found is not None:
            return found
        if path in self._by_unread:
            return self._by_unread[path]
        home, qualname = split_symbol(path)
        other = self._declared.modules.get(home)
        return self._told(other, qualname) if other is not None and home in self._facts else None

    def _module(self, one: ModuleSurface) -> ModuleSurface:
        names, exports = dict(one.names), {export.name: export for export in one.exports}
        for name, target in one.names.items():
            if self._is_unread(target.path, target.kind):
                found = self._resolved(one.module, name, target.path)
                if found is not None:
                    names[name] = msgspec.structs.replace(found, how=target.how, condition=target.condition)
        for name, export in list(exports.items()):
            if self._is_unread(export.target, export.kind):
                found = self._resolved(one.module, name, export.target)
                if found is not None:
                    exports[name] = msgspec.structs.replace(export, target=found.path, kind=found.kind)
        for name, path in self._missing(one):
            found = self._resolved(one.module, name, path) if name not in exports else None
            if found is not None:
                names.setdefault(name, found)
                exports[name] = _export(one, name, names[name])
        left = tuple(each for each in one.skipped if each.reason not in _UNREAD or _name(each.path) not in exports)
        return msgspec.structs.replace(
            one, names=names, exports=tuple(exports[name] for name in sorted(exports)), skipped=left
        )

    def _missing(self, one: ModuleSurface) -> Iterator[tuple[str, SymbolPath]]:
        """Public names that exist and could not be followed, and those that a star brings from compiled code."""
        for skip in one.skipped:
            if skip.reason in _UNREAD:
                yield _name(skip.path), SymbolPath(skip.detail) if ":" in skip.detail else skip.path
        facts, stub = self._facts.get(one.module), self._declared.modules.get(one.module)
        if facts is None or stub is None or one.declared_names is not None or not self._has_compiled_star(facts):
            return
        for name, definition in stub.definitions.items():
            if not name.startswith("_") and name not in one.names and definition.kind in _TOLD:
                yield name, symbol_path(one.module, name)

    def _has_compiled_star(self, facts: ModuleFacts) -> bool:
        return any(
            isinstance(one, FromImport)
            and one.name == "*"
            and imported_module(facts, one) in self._surface.unread_modules
            for one in facts.body
        )

    def _with_definitions(self, one: ModuleSurface) -> ModuleSurface:
        added = self._definitions.get(one.module)
        stub = self._declared.modules.get(one.module)
        if not added or stub is None:
            return one
        given = {
            name: NameTarget(path=symbol_path(one.module, name), kind=each.kind, how=How.DEFINITION)
            for name, each in added.items()
        }
        return msgspec.structs.replace(
            one, names={**stub.names, **one.names, **given}, definitions={**one.definitions, **added}
        )


def _export(one: ModuleSurface, name: str, target: NameTarget) -> Export:
    is_declared = one.declared_names is not None and name in one.declared_names
    visibility = Visibility.DECLARED if is_declared else Visibility.REEXPORTED
    return Export(
        name=name,
        target=target.path,
        kind=target.kind,
        visibility=visibility,
        how=target.how,
        condition=target.condition,
    )


def _name(path: SymbolPath) -> str:
    return split_symbol(path)[1]
