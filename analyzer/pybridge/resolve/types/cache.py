"""Child side: where mypy keeps what speeds up its next run: one database an environment, written as a whole or not at all.

What is kept of the standard library's stubs is the same for every environment, so a new one begins with a copy of that.
"""

import contextlib
import hashlib
import os
import shutil
import sqlite3
import sqlite3.dbapi2
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
from mypy import build
from mypy.version import __version__ as mypy_version

from pybridge.resolve.types.files import base_of
from pybridge.resolve.types.lock import locked
from pybridge.resolve.types.request import ChildTask, TypeRequest

OPTIONS_REVISION = 2
"""Raise when the options of a build change meaning: part of the names of the folders."""
SHARDS = 1
_DATABASE = "cache.db"
_LOCK_SECONDS = 60.0
_SHARED_LOCK_SECONDS = 1.0


class EngineCache:
    """The cache of one run, locked until the run is over."""

    def __init__(self, folder: Path, shared: Path, python_version: str) -> None:
        self.folder = folder
        self._shared = shared
        self._database = folder / python_version / _DATABASE
        self._is_copy = False

    def begin_with_shared(self) -> None:
        """Take over what is kept of the standard library, where nothing is kept yet."""
        if self._database.exists() or not self._shared.exists():
            return
        self._database.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(OSError):
            shutil.copyfile(self._shared, self._database)
            self._is_copy = True

    def clear(self) -> None:
        """Forget everything, and what it began with."""
        shutil.rmtree(self.folder, ignore_errors=True)
        if self._is_copy:
            self._shared.unlink(missing_ok=True)

    def share(self, names: Iterable[str]) -> None:
        """Keep these files of the cache for other environments, too; best effort."""
        lock = self._shared.with_suffix(".lock")
        with (
            contextlib.suppress(OSError, sqlite3.Error),
            locked(lock, timeout_seconds=_SHARED_LOCK_SECONDS) as is_ours,
        ):
            if is_ours:
                self._share(sorted(names))

    def _share(self, names: list[str]) -> None:
        draft = self._shared.with_suffix(".draft")
        draft.unlink(missing_ok=True)  # of a run that ended here
        try:
            if self._shared.exists():
                shutil.copyfile(self._shared, draft)
            with contextlib.closing(sqlite3.connect(draft, isolation_level=None)) as database:
                database.execute("PRAGMA synchronous=OFF")
                database.execute("ATTACH ? AS own", (str(self._database),))
                (table,) = database.execute("SELECT sql FROM own.sqlite_master WHERE name = 'files2'").fetchone()
                if not database.execute("SELECT 1 FROM main.sqlite_master WHERE name = 'files2'").fetchone():
                    database.execute(table)
                database.execute("BEGIN")
                database.executemany(
                    "INSERT OR REPLACE INTO main.files2 SELECT * FROM own.files2 WHERE path = ?",
                    [(name,) for name in names],
                )
                database.execute("COMMIT")
            draft.replace(self._shared)
        finally:
            draft.unlink(missing_ok=True)


@contextlib.contextmanager
def engine_cache(task: ChildTask) -> Iterator[EngineCache | None]:
    """The cache for this kind of run; None when there is none to use."""
    request = task.request
    if request.cache_dir is None:
        yield None
        return
    engine = request.cache_dir / f"mypy-{mypy_version}"
    name = _name(request)
    cache = EngineCache(
        engine / name,
        engine / f"stdlib-{OPTIONS_REVISION}-{request.python_version}-{hash_of(request.platform)}.db",
        request.python_version,
    )
    with contextlib.ExitStack() as held:
        try:
            engine.mkdir(parents=True, exist_ok=True)
            is_ours = held.enter_context(locked(engine / f"{name}.lock", timeout_seconds=_LOCK_SECONDS))
            cache.folder.mkdir(exist_ok=True)
        except OSError:
            is_ours = False
        if is_ours and not task.uses_cache:
            cache.clear()
        elif is_ours:
            cache.begin_with_shared()
        yield cache if is_ours and task.uses_cache else None


def _name(request: TypeRequest) -> str:
    """Name the folder of an environment.

    The base of texts in memory is none of it: what is cached of the standard library serves every archive.
    """
    unreal = {base_of(one) for one in request.modules if one.text is not None}
    paths = [os.fsencode(path) for path in request.search_paths if path not in unreal]
    is_brief = request.settled is not None
    return hash_of((OPTIONS_REVISION, paths, request.python_version, request.platform, is_brief))


def hash_of(value: object) -> str:
    """Digest plain data, short enough for a file's name."""
    return hashlib.sha256(msgspec.msgpack.encode(value)).hexdigest()[:20]


class _Held(sqlite3.Connection):
    """A connection whose work is kept when the run says so: mypy would commit three times a module."""

    def commit(self) -> None:
        """Wait."""


class Databases:
    """The databases that mypy opened in a run."""

    def __init__(self) -> None:
        self._open: list[_Held] = []

    def add(self, one: _Held) -> None:
        """Take part in what becomes of the run."""
        self._open.append(one)

    def keep(self) -> None:
        """Keep what was written.

        Raises:
            sqlite3.Error: the disk refuses; what was kept before is intact.
        """
        for one in self._open:
            sqlite3.Connection.commit(one)

    def drop(self) -> None:
        """Give up what was written, and all connections."""
        while self._open:
            one = self._open.pop()
            with contextlib.suppress(sqlite3.Error):
                one.rollback()
            with contextlib.suppress(sqlite3.Error):
                one.close()


@contextlib.contextmanager
def held_databases() -> Iterator[Databases]:
    """Hold back what mypy writes to its databases until it is to be kept."""
    held = Databases()
    original = sqlite3.dbapi2.connect

    def connect(path: str, *, check_same_thread: bool = True) -> sqlite3.Connection:
        made = original(path, check_same_thread=check_same_thread, factory=_Held)
        held.add(made)
        return made

    sqlite3.dbapi2.connect = connect  # type: ignore[assignment] # as mypy calls it
    try:
        yield held
    finally:
        sqlite3.dbapi2.connect = original


def is_of_typeshed(path: str | None) -> bool:
    """Tell a stub of the standard library."""
    return path is not None and Path(path).is_relative_to(Path(build.default_data_dir(), "typeshed", "stdlib"))
