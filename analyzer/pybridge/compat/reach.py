"""Where names of one side are on the other: in modules that both have, promised, only bound, or nobody knows."""

from pybridge.compat.library import Library, PublicName
from pybridge.compat.pairs import Exposed
from pybridge.model.library import Export, Module, SkipReason, SymbolKind, Visibility
from pybridge.model.names import ModuleName, PublicPath, SymbolPath, split_symbol, symbol_path

_NOBODY_KNOWS = frozenset(SkipReason) - {SkipReason.TESTS, SkipReason.CONDITION, SkipReason.DUPLICATE}


def public_module(library: Library, name: ModuleName) -> Module | None:
    """Return a module that users may import; None where there is none of that name, or a private one."""
    found = library.modules.get(name)
    return found if found is not None and found.is_public else None


def in_kept_modules(one: Exposed, other: Library) -> tuple[PublicName, ...]:
    """Names of a symbol whose modules the other side has too; the rest goes, or comes, with its module."""
    return tuple(name for name in one.names if public_module(other, name.module) is not None)


def enclosing_module(library: Library, name: ModuleName) -> SymbolPath:
    """Name the module that holds, or would hold, a name: itself, else the nearest package above, else the library."""
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        above = ModuleName(".".join(parts[:end]))
        if above in library.modules:
            return symbol_path(above, "")
    return symbol_path(ModuleName(library.header.name), "")


def unpromised(library: Library, name: PublicName) -> Export | None:
    """Return how a module binds a name for its own use; None where it does not bind it, or promises it."""
    module = public_module(library, name.module)
    for export in module.exports if module is not None else ():
        if export.name == name.export.name and export.visibility is Visibility.INCIDENTAL:
            return export
    return None


def promises(library: Library, path: PublicPath) -> bool:
    """Tell whether a side has a public path."""
    module, _, name = path.rpartition(".")
    found = public_module(library, ModuleName(module))
    exports = found.exports if found is not None else ()
    return any(one.name == name and one.visibility is not Visibility.INCIDENTAL for one in exports)


def place_of(name: PublicName) -> SymbolPath:
    """Name a public name as a symbol of the module that has it, wherever what it leads to is defined."""
    return symbol_path(name.module, name.export.name)


def is_public_module(library: Library, export: Export) -> bool:
    """Tell that a name leads to a module that is imported by its own name as well."""
    return export.kind is SymbolKind.MODULE and public_module(library, split_symbol(export.target)[0]) is not None


def is_undecided(library: Library, module: ModuleName, name: str = "") -> bool:
    """Tell that the text of a side does not say whether a name, or a module, is there."""
    found = library.modules.get(module)
    if found is not None and found.is_dynamic:
        return True
    missing = symbol_path(module, name)
    skipped = (*(found.skipped if found is not None else ()), *library.header.skipped)
    everything = symbol_path(module, "*")
    return any(
        one.path in {missing, everything, symbol_path(module, "")} and one.reason in _NOBODY_KNOWS for one in skipped
    )


def unlisted_from(module: Module) -> str | None:
    """Return what a module imports everything from, without anybody knowing its names; None where there is no such."""
    everything = symbol_path(module.name, "*")
    return next((one.detail.removesuffix(":*") for one in module.skipped if one.path == everything), None)


def other_condition(library: Library, symbol: SymbolPath) -> str | None:
    """Return the condition under which a symbol exists for other targets only; None when that is not why it is absent."""
    module = library.modules.get(split_symbol(symbol)[0])
    for one in module.skipped if module is not None else ():
        if one.path == symbol and one.reason is SkipReason.CONDITION:
            return one.detail
    return None
