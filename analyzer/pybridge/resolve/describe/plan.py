"""What the library as a whole decides about its modules, before any is described."""

from pybridge.model.names import ModuleName, PublicPath, SymbolPath, split_symbol
from pybridge.resolve.describe.ground import ModulePlan
from pybridge.resolve.describe.hierarchy import Hierarchy
from pybridge.resolve.describe.known_types import KnownTypes
from pybridge.resolve.describe.module_names import given_modules
from pybridge.resolve.describe.scopes import Declarations
from pybridge.resolve.describe.world import World
from pybridge.resolve.symbols import Surface


def plan_modules(world: World) -> dict[ModuleName, ModulePlan]:
    """Plan every module of a library. Whatever needs all modules at once to be decided is decided here."""
    surface = world.surface
    wanted: dict[ModuleName, list[str]] = {}
    for path in wanted_symbols(surface, Hierarchy(world, Declarations(world, KnownTypes(world)))):
        module, qualname = split_symbol(path)
        wanted.setdefault(module, []).append(qualname)
    public: dict[ModuleName, dict[str, tuple[PublicPath, ...]]] = {}
    for path, paths in surface.public_paths.items():
        module, qualname = split_symbol(path)
        public.setdefault(module, {})[qualname] = paths
    given: dict[ModuleName, dict[str, ModuleName]] = {}
    for path, name in given_modules(world.facts, surface).items():
        module, qualname = split_symbol(path)
        given.setdefault(module, {})[qualname] = name
    return {
        name: ModulePlan(
            wanted=tuple(sorted(wanted.get(name, ()))),
            public_paths=dict(sorted(public.get(name, {}).items())),
            given_modules=dict(sorted(given.get(name, {}).items())),
        )
        for name in surface.modules
    }


def wanted_symbols(surface: Surface, hierarchy: Hierarchy) -> frozenset[SymbolPath]:
    """Everything that a public module offers, promised or not, and the library's own ancestors of its classes."""
    offered = {
        export.target
        for module in surface.modules.values()
        if not any(part.startswith("_") for part in module.module.split("."))
        for export in module.exports
    }
    offered |= surface.public_paths.keys()
    ancestors = {
        ancestor for path in offered for ancestor in hierarchy.mro(path) if split_symbol(ancestor)[0] in surface.modules
    }
    return frozenset(offered | ancestors)
