"""`resolve_library`: the whole of the room in its order: names, then types, then the descriptor."""

from collections.abc import Collection, Mapping
from pathlib import Path

import msgspec

from pybridge.model.facts import ModuleFacts
from pybridge.model.library import Target
from pybridge.model.names import ModuleName, split_symbol
from pybridge.model.overlays import Overlays
from pybridge.model.source import FileKind, SourceTree
from pybridge.protocols import Progress
from pybridge.resolve.describe import Description, describe_library
from pybridge.resolve.describe.externals import Mentions, mentions
from pybridge.resolve.describe.stubs.library import Stubbed, with_stubs
from pybridge.resolve.describe.stubs.mentions import joined_mentions
from pybridge.resolve.surface import complete, resolve_surface
from pybridge.resolve.symbols import Surface
from pybridge.resolve.types.engine import Start, ask_engine
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
    names: "Evaluated | None" = None,
    go_on: Start | None = None,
) -> Description:
    """Describe a library from the facts of its files.

    ``facts`` holds sources and ``stubs`` holds ``.pyi`` files, by module; a module may be in both. A type engine that
    fails costs inferred types and a diagnostic, never the description. ``names`` saves evaluating them again;
    for ``go_on`` see `ask_engine`.
    """
    if names is None:
        progress.stage("resolving names")
        names = evaluate(tree=tree, facts=facts, stubs=stubs, target=target)
    primary = {**stubs, **facts}
    mentioned = mentions(primary, names.surface)
    if names.beside:
        mentioned = joined_mentions(mentioned, mentions(names.beside, names.declared))
    request = type_request(
        tree=tree,
        broken={name for name, one in primary.items() if not one.is_for_engine},
        mentioned=mentioned,
        target=target,
        cache_dir=cache_dir,
    )
    answers = ask_engine(request, progress=progress, go_on=go_on)
    progress.stage("describing")
    description = describe_library(
        tree=tree,
        facts=facts,
        stubs=stubs,
        surface=names.surface,
        answers=answers,
        target=target,
        overlays=overlays or Overlays(),
    )
    stubbed = Stubbed(
        facts=facts,
        stubs=stubs,
        surface=names.surface,
        declared=names.declared,
        answers=answers,
        target=target,
        overlays=overlays or Overlays(),
    )
    return with_stubs(description, stubbed)


class Evaluated(msgspec.Struct, frozen=True, kw_only=True):
    """The names of a library."""

    surface: Surface
    declared: Surface
    """By the stubs, where both a source and a stub exist; else the same."""
    beside: Mapping[ModuleName, ModuleFacts]
    """Stubs of modules that have a source too."""


def evaluate(
    *,
    tree: SourceTree,
    facts: Mapping[ModuleName, ModuleFacts],
    stubs: Mapping[ModuleName, ModuleFacts],
    target: Target,
) -> Evaluated:
    """Find where every name leads; arguments as for `resolve_library`."""
    surface = _surface(tree, facts, stubs, target)
    beside = {name: one for name, one in stubs.items() if name in facts}
    declared = surface
    if beside:
        declared = _surface(tree, {name: one for name, one in facts.items() if name not in beside}, stubs, target)
        surface = complete(surface, declared, facts)
    return Evaluated(surface=surface, declared=declared, beside=beside)


def type_request(
    *,
    tree: SourceTree,
    broken: Collection[ModuleName],
    mentioned: Mentions,
    target: Target,
    cache_dir: Path | None,
    is_brief: bool = False,
) -> TypeRequest:
    """Ask the type engine for a library; modules whose files do not parse (``broken``) are left out.

    ``is_brief`` leaves out what describing a module by its one file does not read.
    """
    return TypeRequest(
        modules=_own_modules(tree, broken),
        search_paths=tree.search_paths,
        python_version=target.python_version,
        platform=target.platform,
        follow=mentioned.follow,
        externals=mentioned.externals,
        bases=mentioned.bases,
        settled=mentioned.settled if is_brief else None,
        cache_dir=cache_dir,
    )


def _surface(
    tree: SourceTree,
    facts: Mapping[ModuleName, ModuleFacts],
    stubs: Mapping[ModuleName, ModuleFacts],
    target: Target,
) -> Surface:
    return resolve_surface(
        roots=tree.roots,
        facts=facts,
        stubs=stubs,
        compiled={one.module for one in tree.files if one.kind is FileKind.COMPILED},
        skipped={split_symbol(one.path)[0]: one.reason for one in tree.skipped},
        target=target,
    )


def _own_modules(tree: SourceTree, broken: Collection[ModuleName]) -> tuple[OwnModule, ...]:
    """One file a module, its stub where there is one; files that do not parse are left to no engine."""
    chosen: dict[ModuleName, OwnModule] = {}
    for one in tree.files:
        if one.kind in {FileKind.COMPILED, FileKind.CYTHON} or one.module in broken:
            continue
        if one.kind is FileKind.STUB or one.module not in chosen:
            is_stub = one.kind is FileKind.STUB
            chosen[one.module] = OwnModule(name=one.module, location=one.location, is_stub=is_stub, text=one.data)
    return tuple(chosen[name] for name in sorted(chosen))
