"""From a library's name to its descriptor: the path of the data, once."""

import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

import pybridge
from pybridge.codec import digest, digest_bytes
from pybridge.errors import SourceUnreadable
from pybridge.extract import extract_all
from pybridge.model.diagnostic import Diagnostic, Severity
from pybridge.model.facts import ModuleFacts
from pybridge.model.library import LibraryDescriptor, Skip, SkipReason, Target
from pybridge.model.names import Digest, symbol_path
from pybridge.model.snapshot import Snapshot
from pybridge.model.source import FileKind, SourceFile, SourceMap, SourceTree
from pybridge.pipeline.collecting import collector_paused
from pybridge.pipeline.request import AnalyzeRequest, Places
from pybridge.pipeline.runs import Report, RunKey, recall, remember, run_key
from pybridge.pipeline.summary import Summary, summarize
from pybridge.pipeline.target import default_target
from pybridge.pipeline.workspace import absolute
from pybridge.protocols import Progress
from pybridge.resolve.library import resolve_library
from pybridge.source import default_site_packages, find_library, read_bytes, read_tree, shipped_overlays
from pybridge.store.facts_cache import FactsCache
from pybridge.store.snapshots import SnapshotStore

FACTS_VERSION = 1
"""Of what `extract` makes of a file; raise it when that changes, and every cached fact is a miss."""


_PASSING = frozenset({"engine-failed", "parser-crashed", "parser-timeout", "unreadable-file"})
"""Problems that the same files may not have the next time: a run that met one is not taken for the last word."""


class Analysis(msgspec.Struct, frozen=True, kw_only=True):
    """A described library, as it is in the store now."""

    summary: Summary
    commit: str
    ref: str
    is_unchanged: bool
    """True when nothing had to be read again."""
    is_new_snapshot: bool
    diagnostics: tuple[Diagnostic, ...]
    source_map: SourceMap


class Obtained(msgspec.Struct, frozen=True, kw_only=True):
    """A descriptor to work with, and the run that made sure of it."""

    descriptor: LibraryDescriptor
    analysis: Analysis


def discover(request: AnalyzeRequest, places: Places, progress: Progress) -> Analysis:
    """Make sure that the store holds the library's descriptor as its files are now.

    Raises:
        DistributionNotFound: there is no such library.
        SourceUnreadable: its folder cannot be read.
        StoreError: the store cannot be used.
    """
    with collector_paused():
        analysis, _ = _discover(request, places, progress)
    return analysis


def obtain(request: AnalyzeRequest, places: Places, progress: Progress) -> Obtained:
    """Do as `discover`, and return the descriptor."""
    with collector_paused():
        analysis, descriptor = _discover(request, places, progress)
        if descriptor is None:
            target = Target(python_version=analysis.summary.python_version, platform=analysis.summary.platform)
            store = SnapshotStore.open(places.store, create=False)
            descriptor = store.load(analysis.summary.library, target=target)
    return Obtained(descriptor=descriptor, analysis=analysis)


def find_tree(request: AnalyzeRequest) -> SourceTree:
    """Find the files of what is asked about.

    Raises:
        DistributionNotFound: there is no such library.
        SourceUnreadable: its folder cannot be read.
    """
    if request.path is not None:
        return read_tree(request.path, name=request.name, include_tests=request.include_tests)
    folder = absolute(request.site_packages or default_site_packages())
    return find_library(request.name or "", site_packages=folder, include_tests=request.include_tests)


class _Run(msgspec.Struct, frozen=True, kw_only=True):
    """One run: what was asked, and everything opened for it."""

    tree: SourceTree
    target: Target
    key: RunKey
    cache: FactsCache
    store: SnapshotStore
    engine_cache: Path
    jobs: int
    progress: Progress


def _discover(request: AnalyzeRequest, places: Places, progress: Progress) -> tuple[Analysis, LibraryDescriptor | None]:
    progress.stage("finding files")
    tree = find_tree(request)
    target = request.target or default_target(request.site_packages)
    cache = FactsCache.open(places.cache)
    try:
        run = _Run(
            tree=tree,
            target=target,
            key=run_key(tree, target, include_tests=request.include_tests),
            cache=cache,
            store=SnapshotStore.open(places.store),
            engine_cache=places.cache / "engine",
            jobs=request.jobs or os.cpu_count() or 1,
            progress=progress,
        )
        analysis, descriptor = _unchanged(run) or _described(run)
        told = (*analysis.diagnostics, *cache.diagnostics)
        return msgspec.structs.replace(analysis, diagnostics=told), descriptor
    finally:
        cache.close()


def _unchanged(run: _Run) -> tuple[Analysis, None] | None:
    """The answer of the last run, when no file has changed since and the store still has what it made."""
    known = recall(run.cache, run.key)
    head = run.store.head(run.tree.name, run.target) if known else None
    if known is None or head is None or head.digest != known.summary.digest:
        return None
    return _analysis(known, head, is_unchanged=True), None


def _described(run: _Run) -> tuple[Analysis, LibraryDescriptor]:
    facts, unreadable = _read_facts(run)
    tree = msgspec.structs.replace(
        run.tree,
        skipped=(*run.tree.skipped, *(skip for skip, _ in unreadable)),
        diagnostics=(*run.tree.diagnostics, *(found for _, found in unreadable)),
    )
    description = resolve_library(
        tree=tree,
        facts={one.module: one for one in facts if not one.is_stub},
        stubs={one.module: one for one in facts if one.is_stub},
        target=run.target,
        cache_dir=run.engine_cache,
        progress=run.progress,
        overlays=shipped_overlays(),
    )
    run.progress.stage("storing")
    snapshot = run.store.save(
        description.descriptor,
        saved_at=datetime.now(UTC),
        tool=f"pybridge {pybridge.__version__}",
        source_digest=digest(description.source_map.digests),
    )
    report = Report(
        summary=summarize(description.descriptor, snapshot.digest),
        diagnostics=description.diagnostics,
        source_map=description.source_map,
    )
    if not any(one.code in _PASSING for one in report.diagnostics):
        remember(run.cache, run.key, report, commit=snapshot.commit)
    return _analysis(report, snapshot, is_unchanged=False), description.descriptor


def _analysis(report: Report, snapshot: Snapshot, *, is_unchanged: bool) -> Analysis:
    return Analysis(
        summary=report.summary,
        commit=snapshot.commit,
        ref=snapshot.ref,
        is_unchanged=is_unchanged,
        is_new_snapshot=snapshot.is_new,
        diagnostics=report.diagnostics,
        source_map=report.source_map,
    )


def _read_facts(run: _Run) -> tuple[tuple[ModuleFacts, ...], tuple[tuple[Skip, Diagnostic], ...]]:
    """Facts of every file, from the cache where its content is known; and what could not be read."""
    unreadable: list[tuple[Skip, Diagnostic]] = []
    readable = [one for one in run.tree.files if one.kind is not FileKind.COMPILED]
    contents = list(_contents(readable, unreadable))
    keys = [_facts_key(file, data, run.target) for file, data in contents]
    known = _decoded(run.cache.get_many(keys))
    missing = [(key, one) for key, one in zip(keys, contents, strict=True) if key not in known]
    run.progress.stage("reading files", len(missing))
    major, minor = run.target.python_version.split(".")
    made = extract_all(
        [one for _, one in missing],
        python_version=(int(major), int(minor)),
        jobs=run.jobs,
        progress=run.progress,
    )
    fresh: dict[str, ModuleFacts] = {key: facts for (key, _), facts in zip(missing, made, strict=True)}
    encoder = msgspec.msgpack.Encoder()
    run.cache.put_many({key: encoder.encode(facts) for key, facts in fresh.items() if not facts.is_broken})
    found: dict[str, ModuleFacts] = {**known, **fresh}
    return tuple(found[key] for key in keys), tuple(unreadable)


def _contents(
    files: Sequence[SourceFile], unreadable: list[tuple[Skip, Diagnostic]]
) -> Iterator[tuple[SourceFile, bytes]]:
    for file in files:
        try:
            yield file, read_bytes(file)
        except SourceUnreadable as error:
            skip = Skip(path=symbol_path(file.module, ""), reason=SkipReason.UNREADABLE, detail=error.reason)
            found = Diagnostic(
                code="unreadable-file", severity=Severity.WARNING, message=error.reason, path=file.path, hint=error.hint
            )
            unreadable.append((skip, found))


def _facts_key(file: SourceFile, data: bytes, target: Target) -> Digest:
    parts = (FACTS_VERSION, pybridge.__version__, target.python_version, file.module, file.path, file.kind.value)
    return digest_bytes(msgspec.json.encode(parts) + digest_bytes(data).encode())


def _decoded(found: Mapping[str, bytes]) -> dict[str, ModuleFacts]:
    """Facts that the cache holds; what it cannot give back whole is a miss."""
    decoder = msgspec.msgpack.Decoder(ModuleFacts)
    decoded: dict[str, ModuleFacts] = {}
    for key, data in found.items():
        try:
            decoded[key] = decoder.decode(data)
        except (msgspec.DecodeError, RecursionError):
            continue
    return decoded
