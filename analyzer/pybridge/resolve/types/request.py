"""`TypeRequest`: what the type engine is asked, as plain data."""

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from pybridge.model.names import ModuleName, SymbolPath
from pybridge.resolve.types.answers import TypeAnswers

TASK, ANSWERS, PROGRESS, EMPTY = "task", "answers", "progress", "empty"
"""What the folder of a run holds: the question, the reply, a byte a module that is done, and nothing."""
PAPERS = (ANSWERS, PROGRESS)
"""Files that the child writes."""


class OwnModule(msgspec.Struct, frozen=True, kw_only=True):
    """A module of the library itself."""

    name: ModuleName
    location: Path
    """Absolute; its last parts spell the module's name."""
    is_stub: bool = False
    text: bytes | None = None
    """What it holds, where ``location`` is on no disk; None to read it there."""


class TypeRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the engine may know: it reads nothing that is not named here."""

    modules: tuple[OwnModule, ...]
    """Sorted by name (the order changes results); of a module's source and stub, the stub is taken."""
    search_paths: tuple[Path, ...] = ()
    """Folders where other packages are found, as an interpreter lists its site-packages; absolute."""
    python_version: str
    """``3.11``"""
    platform: str
    """A value of ``sys.platform``."""
    follow: tuple[str, ...] = ()
    """Top-level packages whose source is read too, because they supply bases, metaclasses or decorators."""
    externals: tuple[SymbolPath, ...] = ()
    """Names outside the library to look up."""
    bases: tuple[SymbolPath, ...] = ()
    """Those of them that classes of the library derive from."""
    settled: Mapping[ModuleName, tuple[str, ...]] | None = None
    """Functions, by qualified name, that say all of their types themselves: nothing is told of plain ones, nor of anything
    that nothing is known of, nor of what the engine made up under a private name. None to be told everything."""
    cache_dir: Path | None = None
    """Where the engine may keep what speeds up its next run; None for nowhere."""
    time_limit_seconds: float = 300.0
    """For the whole question, retries included."""
    memory_limit_bytes: int = 6 * 1024**3
    """Address space of the child process; 0 for no limit."""


class ChildTask(msgspec.Struct, frozen=True, kw_only=True):
    """One run of the child process."""

    request: TypeRequest
    dropped: tuple[ModuleName, ...] = ()
    """Own modules to leave out and never to load."""
    uses_cache: bool = True
    """False also deletes what the cache holds for this kind of run."""


class ChildFault(msgspec.Struct, frozen=True, kw_only=True):
    """The engine broke down in a run."""

    module: ModuleName | None
    """The own module it was working on; None when it cannot tell."""
    reason: str


class ChildReply(msgspec.Struct, frozen=True, kw_only=True):
    """What a run ends with: one of the two."""

    answers: TypeAnswers | None = None
    fault: ChildFault | None = None


def encode_task(task: ChildTask) -> bytes:
    """Write a task for the child."""
    return msgspec.msgpack.encode(task, enc_hook=_write_path)


def decode_task(data: bytes) -> ChildTask:
    """Read what `encode_task` wrote."""
    return msgspec.msgpack.decode(data, type=ChildTask, dec_hook=_read_path)


def _write_path(value: object) -> object:
    if isinstance(value, Path):
        # Undecodable bytes of a path travel as surrogates do: escaped by the file system's own rule.
        return os.fsencode(value)
    raise NotImplementedError(type(value).__name__)


def _read_path(expected: type, value: object) -> object:
    if expected is Path and isinstance(value, bytes):
        return Path(os.fsdecode(value))
    raise NotImplementedError(expected.__name__)
