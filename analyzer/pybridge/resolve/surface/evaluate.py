"""Evaluates the names of a whole library."""

from collections.abc import Collection, Mapping, Sequence

from pybridge.model.facts import ModuleFacts
from pybridge.model.library import SkipReason, Target
from pybridge.model.names import ModuleName
from pybridge.resolve.surface.exports import module_surface
from pybridge.resolve.surface.follow import Follower
from pybridge.resolve.surface.namespace import Namespaces
from pybridge.resolve.surface.public_paths import public_paths
from pybridge.resolve.surface.scan.conditions import Conditions
from pybridge.resolve.surface.scan.constants import Constants
from pybridge.resolve.surface.scan.sources import Sources
from pybridge.resolve.symbols import Surface


def resolve_surface(
    *,
    roots: Sequence[ModuleName],
    facts: Mapping[ModuleName, ModuleFacts],
    target: Target,
    stubs: Mapping[ModuleName, ModuleFacts] | None = None,
    compiled: Collection[ModuleName] = (),
    skipped: Mapping[ModuleName, SkipReason] | None = None,
) -> Surface:
    """Find where every name of every module leads, for one target.

    ``facts`` are the ``.py`` of each module and ``stubs`` its ``.pyi``. Where both exist the source is evaluated, and
    the stub only adds names that a dynamic module makes; where only the stub exists it is the module. ``compiled``
    names the modules that have native code, ``skipped`` those that exist and were not read, with the reason: what is
    imported from either leads to a name that is known and not described.

    The answer does not depend on the order of the mappings. Nothing raises for bad input: what cannot be told is in
    `Surface.diagnostics` and in `ModuleSurface.skipped`.
    """
    sources = Sources(roots=roots, facts=facts, stubs=stubs or {}, compiled=compiled, skipped=skipped or {})
    constants = Constants(sources)
    conditions = Conditions(target, constants.origin_of_path)
    spaces = Namespaces(sources, constants, conditions)
    follower = Follower(spaces)
    modules = {
        module: module_surface(space, sources=sources, follower=follower) for module, space in spaces.modules.items()
    }
    return Surface(
        modules=modules,
        unread_modules=frozenset(sources.unread) | (sources.packages - modules.keys()),
        public_paths=public_paths(modules),
        diagnostics=tuple(spaces.diagnostics),
    )
