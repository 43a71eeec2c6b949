"""`FactsCache`: what was computed before, by digest, in one sqlite file that may be deleted at any time.

It only saves time: whatever is wrong with it is a miss and a note, never an error, and nothing lives here alone.
"""

import sqlite3
import zlib
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar
from urllib.parse import quote

import msgspec

from pybridge.model.diagnostic import Diagnostic, Severity
from pybridge.model.names import Digest

T = TypeVar("T")

FORMAT = 1
"""Part of the file's name: another format is another file, so an upgrade is a miss."""
FILE_NAME = f"facts-{FORMAT}.sqlite3"
DEFAULT_MAX_BYTES = 1 << 30
MAX_RUNS = 10_000

_BATCH = 500
_PRUNED_SHARE = 0.8
_MIN_COMPRESSED_BYTES = 256
_PLAIN, _ZLIB = b"\x00", b"\x01"
_TABLES = """
CREATE TABLE IF NOT EXISTS facts (key TEXT PRIMARY KEY, used INTEGER NOT NULL, value BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS facts_by_use ON facts (used);
CREATE TABLE IF NOT EXISTS runs (
    key TEXT PRIMARY KEY, used INTEGER NOT NULL, signature BLOB NOT NULL, digest TEXT NOT NULL, snapshot TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS session (id INTEGER PRIMARY KEY CHECK (id = 0), number INTEGER NOT NULL);
INSERT OR IGNORE INTO session VALUES (0, 0);
"""


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """What a run over a tree ended with, to see at a glance that another run would end the same."""

    signature: bytes
    """Of the tree's files as the file system tells them: equal bytes, unchanged tree."""
    descriptor_digest: Digest
    commit: str
    """The snapshot's commit in the store; check that it is still there."""


class FactsCache:
    """Values by key. Not for several threads at once; for any number of processes."""

    def __init__(self, path: Path, *, max_bytes: int) -> None:
        self.path = path
        self._max_bytes = max_bytes
        self._database: sqlite3.Connection | None = None
        self._is_writable = True
        self._session = 0
        self._touched: set[str] = set()
        self._diagnostics: dict[str, Diagnostic] = {}

    @classmethod
    def open(cls, folder: Path, *, max_bytes: int = DEFAULT_MAX_BYTES) -> Self:
        """Open the cache of a folder, making both when missing. Never fails: without a cache everything is a miss."""
        cache = cls(folder / FILE_NAME, max_bytes=max_bytes)
        cache._connect()
        return cache

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What is wrong with the cache, so that a slow run can be explained; empty when all is well."""
        return tuple(self._diagnostics.values())

    def get_many(self, keys: Iterable[str]) -> dict[str, bytes]:
        """Return what is known of the keys; those that are missing are left out."""
        found: dict[str, bytes] = {}
        for batch in _batches(keys):
            nothing: list[tuple[str, int, bytes]] = []
            for key, used, stored in self._attempt(partial(_select, keys=batch), nothing):
                value = _unpack(stored)
                if value is not None:
                    found[key] = value
                    if used != self._session:
                        self._touched.add(key)
        return found

    def has_many(self, keys: Iterable[str]) -> set[str]:
        """Tell which of the keys something is known of, without reading it."""
        found: set[str] = set()
        for batch in _batches(keys):
            nothing: list[str] = []
            found.update(self._attempt(partial(_names, keys=batch), nothing))
        return found

    def put_many(self, items: Mapping[str, bytes]) -> None:
        """Keep values; a key that exists gets the new value. All are kept or, when the disk refuses, none."""
        rows = [(key, self._session, _pack(value)) for key, value in items.items()]
        if rows and self._is_writable:
            self._attempt(lambda database: _insert(database, rows), None)
            self._attempt(self._prune, None)

    def get_run(self, key: str) -> Run | None:
        """Return how the last run over a tree ended; None when there was none."""
        query = "SELECT signature, digest, snapshot FROM runs WHERE key = ?"
        row = self._attempt(lambda database: database.execute(query, (key,)).fetchone(), None)
        return None if row is None else Run(signature=row[0], descriptor_digest=Digest(row[1]), commit=row[2])

    def put_run(self, key: str, run: Run) -> None:
        """Keep how a run over a tree ended, instead of what was kept for the same key."""
        row = (key, self._session, run.signature, run.descriptor_digest, run.commit)
        if self._is_writable:
            self._attempt(lambda database: _insert_run(database, row), None)

    def close(self) -> None:
        """Note what was used, for pruning, and close; closing twice is harmless."""
        touched = [(self._session, key) for key in sorted(self._touched)]
        self._touched.clear()
        if touched and self._is_writable:
            self._attempt(lambda database: _touch(database, touched), None)
        if self._database is not None:
            self._database.close()
            self._database = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _connect(self) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._database, self._session = _open(self.path)
        except sqlite3.DatabaseError as error:
            if _is_damage(error) and self._move_aside(error):
                self._retry()
            else:
                self._connect_read_only(error)
        except OSError as error:
            self._connect_read_only(error)

    def _retry(self) -> None:
        try:
            self._database, self._session = _open(self.path)
        except sqlite3.Error as error:
            self._note("cache-unavailable", f"the cache {self.path} cannot be used: {error}")

    def _connect_read_only(self, error: Exception) -> None:
        """Read a cache that may not be written, as a sandbox with a prepared one has it."""
        self._is_writable = False
        try:
            if not self.path.is_file():
                raise error
            address = f"file:{quote(str(self.path))}?mode=ro&immutable=1"
            self._database = sqlite3.connect(address, uri=True, isolation_level=None)
            self._database.execute("SELECT 1 FROM facts, runs LIMIT 1").fetchone()
        except (sqlite3.Error, OSError) as second:
            self._disconnect()
            self._note("cache-unavailable", f"the cache {self.path} cannot be used: {second}")
        else:
            self._note("cache-read-only", f"the cache {self.path} cannot be written: {error}")

    def _attempt(self, action: Callable[[sqlite3.Connection], T], otherwise: T) -> T:
        """Do something with the database; what goes wrong is noted and answered with ``otherwise``."""
        if self._database is None:
            return otherwise
        try:
            return action(self._database)
        except sqlite3.DatabaseError as error:
            if self._database.in_transaction:
                _roll_back(self._database)
            if not _is_damage(error):
                self._note("cache-busy", f"the cache {self.path} was not used: {error}")
            elif self._is_writable and self._move_aside(error):
                self._retry()
            else:
                self._disconnect()
                self._note("cache-unavailable", f"the cache {self.path} cannot be used: {error}")
            return otherwise

    def _move_aside(self, error: Exception) -> bool:
        """Put a damaged file out of the way, its log with it, and keep one such file to look at."""
        self._disconnect()
        try:
            self.path.replace(f"{self.path}.damaged")
            for ending in ("-wal", "-shm", "-journal"):
                Path(f"{self.path}{ending}").unlink(missing_ok=True)
        except OSError:
            return False
        self._note("cache-damaged", f"the cache {self.path} was damaged and is made anew: {error}")
        return True

    def _disconnect(self) -> None:
        if self._database is not None:
            self._database.close()
            self._database = None

    def _note(self, code: str, message: str) -> None:
        hint = "results are the same, only slower; name another folder with --cache DIR or PYBRIDGE_CACHE"
        severity = Severity.NOTE if code == "cache-read-only" else Severity.WARNING
        self._diagnostics[code] = Diagnostic(code=code, severity=severity, message=message, hint=hint)

    def _prune(self, database: sqlite3.Connection) -> None:
        """Forget what was not used for longest once the file is larger than it may be."""
        if _used_bytes(database) <= self._max_bytes:
            return
        limit = int(self._max_bytes * _PRUNED_SHARE)
        while (excess := _used_bytes(database) - limit) > 0 and (oldest := _oldest(database, excess)):
            with database:
                database.execute("BEGIN IMMEDIATE")
                database.executemany("DELETE FROM facts WHERE key = ?", oldest)
        database.execute("PRAGMA incremental_vacuum").fetchall()


def _open(path: Path) -> tuple[sqlite3.Connection, int]:
    """Open for reading and writing, make the tables, and count one session more."""
    database = sqlite3.connect(path, timeout=5, isolation_level=None)
    try:
        database.execute("PRAGMA auto_vacuum = INCREMENTAL")
        database.execute("PRAGMA journal_mode = WAL").fetchone()
        database.execute("PRAGMA synchronous = NORMAL")
        with database:
            database.execute("BEGIN IMMEDIATE")
            for statement in _TABLES.split(";"):
                database.execute(statement)
            database.execute("UPDATE session SET number = number + 1")
            (session,) = database.execute("SELECT number FROM session").fetchone()
    except BaseException:
        database.close()
        raise
    return database, session


def _select(database: sqlite3.Connection, keys: tuple[str, ...]) -> list[tuple[str, int, bytes]]:
    marks = ",".join("?" * len(keys))
    query = f"SELECT key, used, value FROM facts WHERE key IN ({marks})"  # noqa: S608 # question marks only
    return database.execute(query, keys).fetchall()


def _names(database: sqlite3.Connection, keys: tuple[str, ...]) -> list[str]:
    marks = ",".join("?" * len(keys))
    query = f"SELECT key FROM facts WHERE key IN ({marks})"  # noqa: S608 # question marks only
    return [key for (key,) in database.execute(query, keys)]


def _insert(database: sqlite3.Connection, rows: list[tuple[str, int, bytes]]) -> None:
    with database:
        database.execute("BEGIN IMMEDIATE")
        database.executemany("INSERT OR REPLACE INTO facts VALUES (?, ?, ?)", rows)


def _insert_run(database: sqlite3.Connection, row: tuple[str, int, bytes, str, str]) -> None:
    oldest = f"SELECT key FROM runs ORDER BY used DESC LIMIT -1 OFFSET {MAX_RUNS}"  # noqa: S608 # a number
    with database:
        database.execute("BEGIN IMMEDIATE")
        database.execute("INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?, ?)", row)
        database.execute(f"DELETE FROM runs WHERE key IN ({oldest})")  # noqa: S608 # as above


def _touch(database: sqlite3.Connection, rows: list[tuple[int, str]]) -> None:
    with database:
        database.execute("BEGIN IMMEDIATE")
        database.executemany("UPDATE facts SET used = ? WHERE key = ?", rows)


def _oldest(database: sqlite3.Connection, excess_bytes: int) -> list[tuple[str]]:
    """Return the keys that were not used for longest and hold that many bytes, or all."""
    oldest = []
    for key, size in database.execute("SELECT key, length(value) FROM facts ORDER BY used"):
        oldest.append((key,))
        excess_bytes -= size
        if excess_bytes <= 0:
            break
    return oldest


def _roll_back(database: sqlite3.Connection) -> None:
    try:
        database.rollback()
    except sqlite3.Error:
        return


def _used_bytes(database: sqlite3.Connection) -> int:
    names = ("page_count", "freelist_count", "page_size")
    pages, free, size = (database.execute(f"PRAGMA {name}").fetchone()[0] for name in names)
    return int((pages - free) * size)


def _is_damage(error: sqlite3.Error) -> bool:
    """Tell a damaged file from one that is locked, full or forbidden."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return False
    return (code & 0xFF) in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB} or "no such" in str(error)


def _pack(value: bytes) -> bytes:
    if len(value) < _MIN_COMPRESSED_BYTES:
        return _PLAIN + value
    return _ZLIB + zlib.compress(value, 1)


def _unpack(stored: bytes) -> bytes | None:
    """Undo `_pack`; None when the bytes are damaged."""
    if stored[:1] == _PLAIN:
        return stored[1:]
    try:
        return zlib.decompress(memoryview(stored)[1:])
    except zlib.error:
        return None


def _batches(keys: Iterable[str]) -> Iterable[tuple[str, ...]]:
    """Cut keys into portions that one statement takes, without duplicates."""
    rest = iter(dict.fromkeys(keys))
    while batch := tuple(islice(rest, _BATCH)):
        yield batch
