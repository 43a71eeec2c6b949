"""Every dotted path by which a user reaches a symbol."""

from collections.abc import Mapping

from pybridge.model.library import Export, How, SymbolKind, Visibility
from pybridge.model.names import ModuleName, PublicPath, SymbolPath, split_symbol
from pybridge.resolve.surface.exports import is_public_module, public_modules
from pybridge.resolve.symbols import ModuleSurface

MAX_PREFIXES = 4
"""Paths of one module that are followed: its own name and three others."""

_UNPROMISED = (Visibility.INCIDENTAL,)
_NOT_HERE = (SymbolKind.MODULE, SymbolKind.EXTERNAL)


def public_paths(modules: Mapping[ModuleName, ModuleSurface]) -> dict[SymbolPath, tuple[PublicPath, ...]]:
    """List the public paths of every symbol of the library that has one.

    Fewest parts first, then shortest, then alphabetical. Another package's symbols and modules are left out.
    """
    found: dict[SymbolPath, set[str]] = {}
    for module, prefixes in _prefixes(modules).items():
        for export in modules[module].exports:
            if export.visibility in _UNPROMISED or export.kind in _NOT_HERE:
                continue
            known = found.setdefault(export.target, set())
            for prefix in prefixes:
                known.add(f"{prefix}.{export.name}")
    return {
        path: tuple(PublicPath(one) for one in (sorted(names, key=_rank) if len(names) > 1 else names))
        for path, names in sorted(found.items())
    }


def _rank(path: str) -> tuple[int, int, str]:
    return path.count("."), len(path), path


def _prefixes(modules: Mapping[ModuleName, ModuleSurface]) -> dict[ModuleName, list[str]]:
    """Paths by which each module is reached: its own name, and names under which public modules offer it."""
    prefixes: dict[ModuleName, list[str]] = {module: [module] for module in public_modules(modules)}
    for holder in sorted(prefixes, key=lambda name: (name.count("."), name)):
        for export in modules[holder].exports:
            module = _offered(holder, export)
            if module is None or module not in modules:
                continue
            known = prefixes.setdefault(module, [])
            path = f"{holder}.{export.name}"
            if path not in known and len(known) < MAX_PREFIXES:
                known.append(path)
    return prefixes


def _offered(holder: ModuleName, export: Export) -> ModuleName | None:
    """Name the module that an export offers under another name than its own; None for other exports."""
    if export.kind is not SymbolKind.MODULE or export.how is How.SUBMODULE or export.visibility in _UNPROMISED:
        return None
    module, _ = split_symbol(export.target)
    # A module that offers what holds it would give paths without end.
    if module == holder or holder.startswith(f"{module}."):
        return None
    return module if is_public_module(export.name) else None
