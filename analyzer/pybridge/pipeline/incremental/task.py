"""What a run is asked, what it may use, and what it had to do."""

import msgspec

from pybridge.model.library import Target
from pybridge.model.overlays import Overlays
from pybridge.model.source import SourceTree
from pybridge.pipeline.incremental.contents import Contents
from pybridge.pipeline.runs import RunKey
from pybridge.protocols import Progress
from pybridge.store.facts_cache import FactsCache


class Work(msgspec.Struct, frozen=True, kw_only=True):
    """What a run had to do."""

    files: int
    """Of the library."""
    files_read: int = 0
    """Whose content was looked at, as the file system told of a change or could not have told."""
    files_parsed: int = 0
    modules: int = 0
    modules_typed: int = 0
    """About which the type engine said something that it had not said before."""
    modules_described: int = 0
    """The others were taken from the last run as they were."""
    is_engine_asked: bool = False


class Tally(msgspec.Struct):
    """Work that counts whether or not something came of it."""

    parsed: int = 0
    is_engine_asked: bool = False


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """What a run was asked, and what it may use."""

    tree: SourceTree
    """With what could not be read among its `SourceTree.skipped`."""
    target: Target
    overlays: Overlays
    contents: Contents
    key: RunKey
    cache: FactsCache
    engine_cache: str
    jobs: int
    progress: Progress
    tally: Tally
