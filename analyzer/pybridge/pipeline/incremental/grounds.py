"""A library's ground as a former run left it, read piece by piece when it is asked for."""

from collections.abc import Mapping

import msgspec

from pybridge.model.facts import ModuleFacts
from pybridge.model.library import Target
from pybridge.model.names import Digest, ModuleName, SymbolPath
from pybridge.model.overlays import Overlays
from pybridge.pipeline.incremental.state import FactsByKey, Kept
from pybridge.resolve.describe.ground import Ground, Lazy
from pybridge.resolve.incremental.pieces import ModulePiece, surface_of
from pybridge.resolve.symbols import ModuleSurface
from pybridge.resolve.types.answers import ExternalAnswer, ModuleAnswer


class Keys(msgspec.Struct, frozen=True):
    """Where the facts of a module are."""

    source: Digest | None
    stub: Digest | None


def kept_ground(
    kept: Kept,
    facts: FactsByKey,
    target: Target,
    overlays: Overlays,
    *,
    changed: Mapping[ModuleName, Keys] | None = None,
    answers: Mapping[ModuleName, ModuleAnswer] | None = None,
    externals: Mapping[SymbolPath, ExternalAnswer] | None = None,
) -> Ground:
    """Stand on what a run left, with other files where modules ``changed`` and other answers where they are given.

    Reading from it may raise `Missing`.
    """
    state = kept.state
    keys = {name: Keys(one.source, one.stub) for name, one in state.modules.items()} | dict(changed or {})
    pieces: Lazy[ModuleName, ModulePiece] = Lazy(state.modules, kept.piece)

    def file_of(module: ModuleName, *, is_stub: bool) -> ModuleFacts:
        key = keys[module].stub if is_stub else keys[module].source
        if key is None:
            raise KeyError(module)
        return facts[key]

    def surface(module: ModuleName) -> ModuleSurface:
        files = Lazy((False, True), lambda is_stub: file_of(module, is_stub=is_stub))
        return surface_of(module, pieces[module], files)

    known = externals if externals is not None else kept.externals()
    return Ground(
        target=target,
        overlays=overlays,
        surfaces=Lazy(state.modules, surface),
        unread_modules=frozenset(state.unread),
        plans=Lazy(state.modules, lambda module: pieces[module].plan),
        outlines={name: one.outline for name, one in state.modules.items()},
        facts=Lazy(
            [name for name, one in keys.items() if one.source or one.stub],
            lambda module: file_of(module, is_stub=keys[module].source is None),
        ),
        stubs=Lazy([name for name, one in keys.items() if one.stub], lambda module: file_of(module, is_stub=True)),
        answers=answers
        if answers is not None
        else Lazy([name for name, one in state.modules.items() if one.answers], kept.answer),
        externals=known,
    )
