"""`resolve_library`: the whole of the room in its order: names, then types, then the descriptor."""

from collections.abc import Mapping
from pathlib import Path

from pybridge.model.facts import ModuleFacts
from pybridge.model.library import Target
from pybridge.model.names import ModuleName, split_symbol
from pybridge.model.overlays import Overlays
from pybridge.model.source import FileKind, SourceTree
from pybridge.protocols import Progress
from pybridge.resolve.describe import Description, describe_library
from pybridge.resolve.describe.externals import mentions
from pybridge.resolve.surface import resolve_surface
from pybridge.resolve.types.engine import ask_engine
from pybridge.resolve.types.request import OwnModule, TypeRequest


def resolve_library(
    *,
    tree: SourceTree,
    facts: Mapping[ModuleName, ModuleFacts],
    stubs: Mapping[ModuleName, ModuleFacts],
    target: Target,
    cache_dir: Path | None,
    progress: Progress,
    overlays: Overlays | None = None,
) -> Description:
    """Describe a library from the facts of its files.

    ``facts`` holds sources and ``stubs`` holds ``.pyi`` files, by module; a module may be in both. A type engine that
    fails costs inferred types and a diagnostic, never the description.
    """
    progress.stage("resolving names")
    surface = resolve_surface(
        roots=tree.roots,
        facts=facts,
        stubs=stubs,
        compiled={one.module for one in tree.files if one.kind is FileKind.COMPILED},
        skipped={split_symbol(one.path)[0]: one.reason for one in tree.skipped},
        target=target,
    )
    primary = {**stubs, **facts}
    mentioned = mentions(primary, surface)
    request = TypeRequest(
        modules=_own_modules(tree, primary),
        search_paths=tree.search_paths,
        python_version=target.python_version,
        platform=target.platform,
        follow=mentioned.follow,
        externals=mentioned.externals,
        bases=mentioned.bases,
        cache_dir=cache_dir,
    )
    answers = ask_engine(request, progress=progress)
    progress.stage("describing")
    return describe_library(
        tree=tree,
        facts=facts,
        stubs=stubs,
        surface=surface,
        answers=answers,
        target=target,
        overlays=overlays or Overlays(),
    )


def _own_modules(tree: SourceTree, facts: Mapping[ModuleName, ModuleFacts]) -> tuple[OwnModule, ...]:
    """One file a module, its stub where there is one; files that do not parse are left to no engine."""
    chosen: dict[ModuleName, OwnModule] = {}
    for one in tree.files:
        if one.kind is FileKind.COMPILED or (one.module in facts and facts[one.module].is_broken):
            continue
        if one.kind is FileKind.STUB or one.module not in chosen:
            chosen[one.module] = OwnModule(name=one.module, location=one.location, is_stub=one.kind is FileKind.STUB)
    return tuple(chosen[name] for name in sorted(chosen))
