"""What the cache remembers of a run, so that the next one over the same files has nothing to do."""

import os
import sys
from collections.abc import Iterator, Mapping
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
    """Which run it is, and the state of what it would read."""

    key: Digest
    """Of what is asked, and of the program that answers."""
    surroundings: Digest
    """Of all but the content of files: which files there are, what is not read, and the versions of other packages."""
    signature: Digest
    """Of both and of the content of every file."""


def question_key(tree: SourceTree, target: Target, *, include_tests: bool) -> Digest:
    """Identify what is asked of a tree, and the program that answers: of another version all is new."""
    question = (pybridge.__version__, program_state(), tree.name, str(tree.base), target, include_tests)
    return digest(question)


def run_key(tree: SourceTree, key: Digest, contents: Mapping[str, Digest]) -> RunKey:
    """Identify a run over a tree, by the content of its files.

    Bases, decorators and types of other packages shape a descriptor too: of those, what is installed counts.
    """
    files = [(one.path, one.module, one.kind, one.is_package) for one in tree.files]
    rest = (
        tree.distribution,
        tree.version,
        tree.package,
        tree.is_typed,
        tree.search_paths and [str(one) for one in tree.search_paths],
    )
    others = [installed_state(folder) for folder in tree.search_paths]
    surroundings = digest((files, rest, others, tree.roots, tree.skipped, tree.diagnostics))
    return RunKey(key=key, surroundings=surroundings, signature=digest((surroundings, sorted(contents.items()))))


def recall(cache: FactsCache, key: RunKey) -> Report | None:
    """Return what the last run over these very files found; None when anything changed or nothing is known."""
    run = cache.get_run(key.key)
    if run is None or run.signature != key.signature.encode():
        return None
    return read_report(cache, report_name(key))


def read_report(cache: FactsCache, name: Digest) -> Report | None:
    """Return a report by its name; None when it is no longer kept."""
    data = cache.get_many([name]).get(name)
    if data is None:
        return None
    try:
        return msgspec.msgpack.decode(data, type=Report)
    except msgspec.DecodeError:
        return None


def remember(cache: FactsCache, key: RunKey, report: Report, *, commit: str) -> None:
    """Keep what a run found."""
    keep_report(cache, key, report)
    cache.put_run(
        key.key, Run(signature=key.signature.encode(), descriptor_digest=report.summary.digest, commit=commit)
    )


def keep_report(cache: FactsCache, key: RunKey, report: Report) -> None:
    """Keep the report of a run, which the `State` of the run refers to."""
    cache.put_many({report_name(key): msgspec.msgpack.encode(report)})


def report_name(key: RunKey) -> Digest:
    """Name the report of a run."""
    return digest(("report", key))


def installed_state(folder: Path) -> list[str]:
    """Names of the metadata of what is installed in a folder, which hold the versions."""
    try:
        with os.scandir(folder) as entries:
            return sorted(one.name for one in entries if one.name.endswith((".dist-info", ".egg-info")))
    except OSError:
        return []


def program_state() -> tuple[tuple[str, int, int], ...]:
    """The state of the program's own files and of the type engine: a version number says too little of a checkout."""
    own = Path(pybridge.__file__).parent
    engines = (Path(folder, "mypy", "version.py") for folder in sys.path if folder)
    return tuple(sorted((*_states(own), *(_state(one) for one in engines if one.is_file()))))


def _states(folder: os.DirEntry[str] | Path) -> Iterator[tuple[str, int, int]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir() and entry.name != "__pycache__":
                yield from _states(entry)
            elif entry.name.endswith((".py", ".toml")):
                yield _state(entry)


def _state(file: os.DirEntry[str] | Path) -> tuple[str, int, int]:
    found = file.stat()
    return os.fspath(file), found.st_size, found.st_mtime_ns
