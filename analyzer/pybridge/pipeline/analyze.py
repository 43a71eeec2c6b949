"""From a library's name to its descriptor: the path of the data, once."""

import os
from contextlib import closing
from datetime import UTC, datetime

import msgspec

import pybridge
from pybridge.codec import digest
from pybridge.model.diagnostic import Diagnostic, Severity
from pybridge.model.library import LibraryDescriptor, Target
from pybridge.model.source import SourceMap, SourceTree
from pybridge.pipeline.collecting import collector_paused
from pybridge.pipeline.incremental.contents import read_contents
from pybridge.pipeline.incremental.task import Tally, Task, Work
from pybridge.pipeline.request import AnalyzeRequest, Places
from pybridge.pipeline.runs import Report, question_key, recall, remember, run_key
from pybridge.pipeline.summary import Summary
from pybridge.pipeline.target import default_target
from pybridge.pipeline.workspace import absolute
from pybridge.protocols import Progress
from pybridge.source import default_site_packages, find_library, read_given, shipped_overlays
from pybridge.store.facts_cache import FactsCache
from pybridge.store.glance import Standing, newest_commit

PASSING = frozenset({"engine-failed", "parser-crashed", "parser-timeout", "unreadable-file"})
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
    work: Work
    """What it took to know."""

    @property
    def is_incomplete(self) -> bool:
        """True when a part of the library could not be read although it is there."""
        return any(one.severity is Severity.ERROR for one in self.diagnostics)


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
            from pybridge.store.snapshots import SnapshotStore  # noqa: PLC0415 - loads git's library

            store = SnapshotStore.open(places.store, create=False)
            descriptor = store.load(analysis.summary.library, target=target)
    return Obtained(descriptor=descriptor, analysis=analysis)


def find_tree(request: AnalyzeRequest) -> SourceTree:
    """Find the files of what is asked about.

    Raises:
        DistributionNotFound: there is no such library.
        SourceUnreadable: its folder cannot be read.
    """
    neighbours = absolute(request.site_packages) if request.site_packages is not None else None
    if request.path is not None:
        return read_given(request.path, name=request.name, include_tests=request.include_tests, neighbours=neighbours)
    folder = neighbours or absolute(default_site_packages())
    return find_library(request.name or "", site_packages=folder, include_tests=request.include_tests)


def _discover(request: AnalyzeRequest, places: Places, progress: Progress) -> tuple[Analysis, LibraryDescriptor | None]:
    progress.stage("finding files")
    tree = find_tree(request)
    target = request.target or default_target(request.site_packages)
    cache = FactsCache.open(places.cache)
    try:
        task = prepare(request, tree, target, cache, places, progress)
        analysis, descriptor = _unchanged(task, places) or _described(task, places)
        told = (*analysis.diagnostics, *cache.diagnostics)
        return msgspec.structs.replace(analysis, diagnostics=told), descriptor
    finally:
        cache.close()


def prepare(
    request: AnalyzeRequest, tree: SourceTree, target: Target, cache: FactsCache, places: Places, progress: Progress
) -> Task:
    """Tell the content of every file of a tree, and put together what describing it takes."""
    key = question_key(tree, target, include_tests=request.include_tests)
    contents = read_contents(tree.files, cache, key)
    tree = msgspec.structs.replace(
        tree,
        skipped=(*tree.skipped, *(one.skip for one in contents.unreadable)),
        diagnostics=(*tree.diagnostics, *(one.diagnostic for one in contents.unreadable)),
    )
    return Task(
        tree=tree,
        target=target,
        overlays=shipped_overlays(),
        contents=contents,
        key=run_key(tree, key, contents.digests),
        cache=cache,
        engine_cache=str(places.cache / "engine"),
        jobs=request.jobs or os.cpu_count() or 1,
        progress=progress,
        tally=Tally(),
    )


def _unchanged(task: Task, places: Places) -> tuple[Analysis, None] | None:
    """The answer of the last run, when no file has changed since and the store still has what it made."""
    known = recall(task.cache, task.key)
    if known is None:
        return None
    run = task.cache.get_run(task.key.key)
    standing = newest_commit(places.store, task.tree.name, task.target)
    if standing is None or run is None or standing.commit != run.commit:
        from pybridge.store.snapshots import SnapshotStore  # noqa: PLC0415 - loads git's library

        head = SnapshotStore.open(places.store).head(task.tree.name, task.target)
        if head is None or head.digest != known.summary.digest:
            return None
        standing = Standing(commit=head.commit, ref=head.ref)
    work = Work(files=len(task.tree.files), files_read=len(task.contents.data), modules=known.summary.modules)
    return _analysis(known, standing, work), None


def _described(task: Task, places: Places) -> tuple[Analysis, LibraryDescriptor | None]:
    # Loaded here: a run that finds nothing changed does without the half second that all of it takes to load.
    from pybridge.pipeline.incremental.reading import begin_reading  # noqa: PLC0415 - loads what reads files

    with closing(begin_reading(task)) as spare:
        from pybridge.pipeline.incremental.again import describe_again  # noqa: PLC0415 - loads all of it
        from pybridge.pipeline.incremental.state import keep_state  # noqa: PLC0415 - as above
        from pybridge.store.snapshots import SnapshotStore  # noqa: PLC0415 - loads git's library

        store = SnapshotStore.open(places.store)
        outcome = describe_again(task, spare)
    task.progress.stage("storing")
    snapshot = store.save_encoded(
        outcome.library,
        saved_at=datetime.now(UTC),
        tool=f"pybridge {pybridge.__version__}",
        source_digest=digest(outcome.report.source_map.digests),
        source_map=outcome.report.source_map,
        edit=outcome.edit,
    )
    if not any(one.code in PASSING for one in outcome.report.diagnostics):
        if outcome.state is not None:
            keep_state(task.cache, task.key.key, outcome.state)
        remember(task.cache, task.key, outcome.report, commit=snapshot.commit)
    analysis = _analysis(outcome.report, Standing(commit=snapshot.commit, ref=snapshot.ref), outcome.work)
    return msgspec.structs.replace(analysis, is_unchanged=False, is_new_snapshot=snapshot.is_new), outcome.descriptor


def _analysis(report: Report, standing: Standing, work: Work) -> Analysis:
    """What an unchanged run comes to."""
    return Analysis(
        summary=report.summary,
        commit=standing.commit,
        ref=standing.ref,
        is_unchanged=True,
        is_new_snapshot=False,
        diagnostics=report.diagnostics,
        source_map=report.source_map,
        work=work,
    )
