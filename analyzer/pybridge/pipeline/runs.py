"""What the cache remembers of a run, so that the next one over the same files has nothing to do."""

import os
from pathlib import Path

import msgspec

import pybridge
from pybridge.codec import digest
from pybridge.model.diagnostic import Diagnostic
from pybridge.model.library import Target
from pybridge.model.names import Digest
from pybridge.model.source import SourceMap, SourceTree
from pybridge.pipeline.summary import Summary
from pybridge.store.facts_cache import FactsCache, Run


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What a run found, besides the descriptor itself."""

    summary: Summary
    diagnostics: tuple[Diagnostic, ...]
    source_map: SourceMap


class RunKey(msgspec.Struct, frozen=True, kw_only=True):
    """Which run it is, and the state of the files it would read."""

    key: Digest
    signature: Digest
    """Of every file's path, size and time of change, of what is not read, and of the versions of other packages."""


def run_key(tree: SourceTree, target: Target, *, include_tests: bool) -> RunKey:
    """Identify a run over a tree, without reading a file.

    Bases, decorators and types of other packages shape a descriptor too: of those, what is installed counts.
    """
    question = (pybridge.__version__, tree.name, str(tree.base), target, include_tests)
    state = [(one.path, one.size_bytes, one.mtime_ns) for one in tree.files]
    rest = (tree.distribution, tree.version, tree.search_paths and [str(one) for one in tree.search_paths])
    others = [_installed(folder) for folder in tree.search_paths]
    return RunKey(key=digest(question), signature=digest((state, rest, others, tree.skipped, tree.diagnostics)))


def recall(cache: FactsCache, key: RunKey) -> Report | None:
    """Return what the last run over these very files found; None when anything changed or nothing is known."""
    run = cache.get_run(key.key)
    if run is None or run.signature != key.signature.encode():
        return None
    name = _report_name(key)
    data = cache.get_many([name]).get(name)
    if data is None:
        return None
    try:
        return msgspec.msgpack.decode(data, type=Report)
    except msgspec.DecodeError:
        return None


def remember(cache: FactsCache, key: RunKey, report: Report, *, commit: str) -> None:
    """Keep what a run found."""
    cache.put_many({_report_name(key): msgspec.msgpack.encode(report)})
    cache.put_run(
        key.key, Run(signature=key.signature.encode(), descriptor_digest=report.summary.digest, commit=commit)
    )


def _installed(folder: Path) -> list[str]:
    """Names of the metadata of what is installed in a folder, which hold the versions."""
    try:
        with os.scandir(folder) as entries:
            return sorted(one.name for one in entries if one.name.endswith((".dist-info", ".egg-info")))
    except OSError:
        return []


def _report_name(key: RunKey) -> Digest:
    return digest(("report", key))
