"""The refs of a store: read, and moved under its lock only, from where they must stand."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import filelock
import pygit2

from pybridge.errors import StoreBusy
from pybridge.store.layout import FETCHED, JOURNAL, LIBRARIES, TAGS
from pybridge.store.repository import open_repository, write_durably

FETCH, COLLECT = "fetch", "gc"
"""What one process does at a time."""
_LOCK = "pybridge.lock"
_INTENT = "pybridge.intent"
"""Exists only while refs move; a crashed process leaves it, and with it the names of the ref locks it may have left."""
_PACKED_REFS = "packed-refs"
_GENERATION = "pybridge.generation"
"""Holds a number that is odd while objects are deleted."""
_POLL_SECONDS = 0.02
_OURS = (JOURNAL, LIBRARIES, TAGS, FETCHED)

Moves = Mapping[str, tuple[pygit2.Oid | None, pygit2.Oid | None]]
"""Where each ref must stand and where it is to go; None is nowhere."""


class Refs:
    """The refs of one repository. Not for several threads at once; for any number of processes."""

    def __init__(
        self, path: Path, repository: pygit2.Repository, *, lock_timeout_seconds: float, generation: int = 0
    ) -> None:
        """Take a repository that was opened in this generation, or later."""
        self.path = path
        self.repository = repository
        self.lock_timeout_seconds = lock_timeout_seconds
        self._opened_at = generation

    @classmethod
    def open(cls, path: Path, *, create: bool, lock_timeout_seconds: float) -> "Refs":
        """Open a store's repository, or make it.

        Raises:
            StoreError: it is something else, or cannot be made or read.
        """
        generation = generation_of(path)
        repository = open_repository(path, create=create)
        return cls(path, repository, lock_timeout_seconds=lock_timeout_seconds, generation=generation)

    @property
    def folder(self) -> Path:
        """The folder of the repository itself."""
        return Path(self.repository.path)

    def reopen(self) -> None:
        """Look at the disk anew: what another process has put elsewhere is found, what it deleted is given up."""
        self._opened_at = self.generation()
        self.repository = open_repository(self.path, create=False)

    def refresh(self) -> int:
        """Look at the disk anew if objects were deleted since; return the generation."""
        if self.generation() != self._opened_at:
            self.reopen()
        return self._opened_at

    def names(self, prefix: str) -> tuple[str, ...]:
        """Return the refs that begin so, sorted."""
        return tuple(sorted(ref for ref in self.repository.listall_references() if ref.startswith(prefix)))

    def target(self, ref: str) -> pygit2.Oid | None:
        """Return what a ref names, whatever it is; None when there is no such ref."""
        reference = self.repository.references.get(ref)
        return None if reference is None else reference.resolve().target

    def commit(self, ref: str) -> pygit2.Commit | None:
        """Return the commit that a ref leads to; None when there is no such ref."""
        reference = self.repository.references.get(ref)
        return None if reference is None else reference.peel(pygit2.Commit)

    def generation(self) -> int:
        """Return how often deleting objects began and ended; what was there before may be gone when this has changed."""
        return generation_of(self.folder)

    def is_unchanged(self, generation: int) -> bool:
        """Tell, under the lock, whether all that was there is there still: nothing has been deleted since, or then."""
        found = self.generation()
        if found % 2:
            # Whoever was deleting has died: nobody does now.
            self._begin_generation()
        return found == generation and not found % 2

    @contextmanager
    def deleting(self) -> Iterator[None]:
        """Delete objects, under the lock, so that whoever is about to move a ref to some of them notices."""
        if not self.generation() % 2:
            self._begin_generation()
        yield
        self._begin_generation()

    def _begin_generation(self) -> None:
        write_durably(self.folder / _GENERATION, str(self.generation() + 1).encode())

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Be the only process of ours that moves refs or deletes objects.

        Raises:
            StoreBusy: another process is, for longer than the time-out.
        """
        lock = filelock.FileLock(
            self.folder / _LOCK, timeout=self.lock_timeout_seconds, poll_interval=_POLL_SECONDS, is_singleton=False
        )
        try:
            lock.acquire()
        except filelock.Timeout as error:
            raise self.busy() from error
        try:
            self._clear_crash()
            yield
        finally:
            lock.release()

    @contextmanager
    def alone(self, purpose: str, *, timeout_seconds: float) -> Iterator[None]:
        """Be the only process that does something, ``gc`` or ``fetch``, beside which others save and read.

        Raises:
            StoreBusy: another process does, for longer than the time-out.
        """
        lock = filelock.FileLock(
            self.folder / f"pybridge.{purpose}.lock",
            timeout=timeout_seconds,
            poll_interval=_POLL_SECONDS,
            is_singleton=False,
        )
        try:
            lock.acquire()
        except filelock.Timeout as error:
            raise StoreBusy(self.path, timeout_seconds) from error
        try:
            yield
        finally:
            lock.release()

    def busy(self) -> StoreBusy:
        """Make the error that says that others were faster for too long."""
        return StoreBusy(self.path, self.lock_timeout_seconds)

    def move(self, moves: Moves) -> bool:
        """Move refs, under the lock; False when one stood elsewhere, moved by somebody without our lock: git, a push.

        Those before it have moved then.
        """
        with self._intent(moves):
            return all(self._move(ref, old, new) for ref, (old, new) in moves.items())

    def _move(self, ref: str, old: pygit2.Oid | None, new: pygit2.Oid | None) -> bool:
        if self.target(ref) != old:
            return False
        if old == new:
            return True
        try:
            if old is None:
                self.repository.create_reference(ref, new)
                return True
            standing = self.repository.lookup_reference(ref)
            if standing.target != old:
                return False
            if new is None:
                standing.delete()
            else:
                standing.set_target(new)
        except (pygit2.AlreadyExistsError, KeyError):
            return False
        except pygit2.GitError:
            # libgit2 compares once more under the ref's own lock, and says no otherwise than that in words.
            if self.target(ref) != old:
                return False
            raise
        return True

    @contextmanager
    def _intent(self, moves: Moves) -> Iterator[None]:
        """Leave the names of refs where the next process finds them, should this one die while it moves them.

        They stay there, too, where libgit2 could not remove a lock of its own.
        """
        intent = self.folder / _INTENT
        ours = [ref for ref in (*moves, _PACKED_REFS) if not self._ref_lock(ref).exists()]
        intent.write_text("\n".join(ours), encoding="utf-8")
        try:
            yield
        finally:
            left = [ref for ref in ours if self._ref_lock(ref).exists()]
            if left:
                intent.write_text("\n".join(left), encoding="utf-8")
            else:
                intent.unlink(missing_ok=True)

    def _clear_crash(self) -> None:
        """Remove the ref locks of a process that died while it moved refs; it cannot be alive, we hold its lock."""
        intent = self.folder / _INTENT
        if not intent.exists():
            return
        for ref in intent.read_text(encoding="utf-8", errors="replace").splitlines():
            if ref == _PACKED_REFS or (ref.startswith(_OURS) and os.pardir not in ref.split("/")):
                self._ref_lock(ref).unlink(missing_ok=True)
        intent.unlink()

    def _ref_lock(self, ref: str) -> Path:
        return self.folder / f"{ref}.lock"


def generation_of(folder: Path) -> int:
    """Return how often deleting objects began and ended in a store; 0 in what is none."""
    try:
        return int((folder / _GENERATION).read_bytes())
    except (OSError, ValueError):
        return 0
