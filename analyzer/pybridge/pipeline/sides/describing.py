"""From sources to a finished description, through the cache and past the store."""

from collections.abc import Callable
from pathlib import Path

import msgspec

import pybridge
from pybridge.codec import digest
from pybridge.model.diagnostic import Diagnostic
from pybridge.model.names import Digest
from pybridge.model.source import SourceTree
from pybridge.pipeline.analyze import PASSING, prepare
from pybridge.pipeline.incremental.task import Task
from pybridge.pipeline.request import AnalyzeRequest, Places
from pybridge.pipeline.runs import installed_state, keep_report, program_state
from pybridge.pipeline.sides.kept import Finished, finished, keep_side, recall_side
from pybridge.pipeline.target import default_target
from pybridge.pipeline.workspace import absolute
from pybridge.protocols import Progress
from pybridge.source import environment_of
from pybridge.store.facts_cache import FactsCache


class Described(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a side's sources."""

    library: Finished
    noted: tuple[Diagnostic, ...]
    """What is wrong with the cache, which changes nothing but the time it takes."""


def describe_tree(tree: SourceTree, request: AnalyzeRequest, places: Places, progress: Progress) -> Described:
    """Describe files on disk; what the last run over them came to is made use of."""
    request = _for_target(request, tree.base)
    with FactsCache.open(places.cache) as cache:
        task = _task(tree, request, cache, places, progress)
        key = digest(task.key)
        known = recall_side(cache, key) or _made(task, key, has_next=True)
        return Described(library=known, noted=cache.diagnostics)


def describe_content(
    content: Digest, read: Callable[[], SourceTree], request: AnalyzeRequest, places: Places, progress: Progress
) -> Described:
    """Describe what never changes, an archive or a revision, named by a digest: known, it is not even read."""
    request = _for_target(request, None)
    with FactsCache.open(places.cache) as cache:
        key = _key(content, request)
        known = recall_side(cache, key)
        if known is None:
            progress.stage("reading")
            known = _made(_task(read(), request, cache, places, progress), key, has_next=False)
        return Described(library=known, noted=cache.diagnostics)


def _for_target(request: AnalyzeRequest, place: Path | None) -> AnalyzeRequest:
    """Take the Python of the environment that is named, or that the sources lie in."""
    target = request.target or default_target(request.site_packages or place)
    return msgspec.structs.replace(request, target=target)


def _task(tree: SourceTree, request: AnalyzeRequest, cache: FactsCache, places: Places, progress: Progress) -> Task:
    assert request.target is not None
    return prepare(request, tree, request.target, cache, places, progress)


def _key(content: Digest, request: AnalyzeRequest) -> Digest:
    """Name a description by all that it depends on."""
    neighbours = None
    if request.site_packages is not None:
        folder = environment_of(absolute(request.site_packages))
        neighbours = (str(folder), installed_state(folder))
    program = (pybridge.__version__, program_state())
    return digest(("content", content, program, request.name, request.target, request.include_tests, neighbours))


def _made(task: Task, key: Digest, *, has_next: bool) -> Finished:
    from pybridge.pipeline.incremental.again import describe_again  # noqa: PLC0415 - loads the engine's half second
    from pybridge.pipeline.incremental.state import keep_state  # noqa: PLC0415 - as above

    outcome = describe_again(task)
    one = finished(outcome.library, outcome.report.source_map, outcome.report.diagnostics)
    if not any(found.code in PASSING for found in one.diagnostics):
        if has_next and outcome.state is not None:
            keep_report(task.cache, task.key, outcome.report)
            keep_state(task.cache, task.key.key, outcome.state)
        keep_side(task.cache, key, one)
    return one
