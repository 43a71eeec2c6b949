"""`SnapshotStore`: descriptors as commits of a bare git repository (docs/adr/0007-store-is-git.md).

Every library and target has a ref of its own whose commits hold that library only; the journal ``main``, which HEAD
names, gets one commit a snapshot as well, with the newest snapshots of all libraries in its tree.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import filelock
import msgspec
import pygit2
from pygit2.enums import SortMode

from pybridge.codec import EncodedLibrary, decode, digest, encode_library, encode_pretty, format_pretty
from pybridge.errors import DecodeError, SnapshotNotFound, StoreBusy, StoreError
from pybridge.model.library import LibraryDescriptor, Module, Target
from pybridge.model.names import Digest, ModuleName
from pybridge.model.snapshot import Snapshot
from pybridge.store.layout import (
    JOURNAL,
    LIBRARIES,
    LIBRARY_BLOB,
    MODULES,
    library_component,
    library_ref,
    module_path,
    target_component,
)
from pybridge.store.message import SnapshotMessage, read_message, write_message, write_removal
from pybridge.store.repository import explaining, open_repository
from pybridge.store.staging import Staging, Tree

_LOCK = "pybridge.lock"
_INTENT = "pybridge.intent"
"""Exists only while refs move; a crashed process leaves it, and with it the names of the ref locks it may have left."""
_ATTEMPTS = 5

T = TypeVar("T")


class Edit(msgspec.Struct, frozen=True, kw_only=True):
    """How a descriptor differs from one that the store may have as the newest: the same modules, some of them other."""

    before: Digest
    """Of the descriptor it was made from."""
    modules: frozenset[ModuleName]
    """Those that may differ."""


class SnapshotStore:
    """The snapshots of one repository. Not for several threads at once; for any number of processes."""

    def __init__(self, path: Path, repository: pygit2.Repository, *, lock_timeout_seconds: float) -> None:
        self.path = path
        self._repository = repository
        self._lock_timeout_seconds = lock_timeout_seconds

    @classmethod
    def open(cls, path: Path, *, create: bool = True, lock_timeout_seconds: float = 30) -> "SnapshotStore":
        """Open a store, making it first when nothing is there.

        With ``create`` False nothing is written, also not later by reading: a read-only store can be read.

        Raises:
            StoreError: the folder is something else, cannot be made, or does not exist and ``create`` is False.
        """
        return cls(path, open_repository(path, create=create), lock_timeout_seconds=lock_timeout_seconds)

    def save(
        self,
        descriptor: LibraryDescriptor,
        *,
        saved_at: datetime,
        tool: str,
        source_digest: Digest | None = None,
    ) -> Snapshot:
        """Keep a descriptor; a descriptor that is already the newest of its ref makes no commit (``is_new`` False).

        ``saved_at`` must know its time zone. ``tool`` names the program and its version.

        Raises:
            StoreBusy: another process holds the lock for longer than the time-out.
            StoreError: the disk refuses, or the descriptor's modules are not sorted and distinct.
        """
        names = [module.name for module in descriptor.modules]
        if any(one >= other for one, other in pairwise(names)):
            raise StoreError(self.path, f"the modules of {descriptor.name!r} are not sorted and distinct")
        return self.save_encoded(encode_library(descriptor), saved_at=saved_at, tool=tool, source_digest=source_digest)

    def save_encoded(
        self,
        library: EncodedLibrary,
        *,
        saved_at: datetime,
        tool: str,
        source_digest: Digest | None = None,
        edit: Edit | None = None,
    ) -> Snapshot:
        """Do as `save`, with a descriptor that is written already; with ``edit`` only what changed is put on disk.

        Raises:
            StoreBusy: another process holds the lock for longer than the time-out.
            StoreError: the disk refuses.
        """
        header = library.header
        message = SnapshotMessage(
            library=header.name,
            version=header.version,
            target=target_component(header.target),
            descriptor_digest=library.digest,
            source_digest=source_digest,
            tool=tool,
        )
        ref = library_ref(header.name, header.target)
        with explaining(self.path):
            head = self._newest(ref)
            if head is not None and self._is_settled(head, message):
                return self._snapshot(head, ref, is_new=False)
            staging = Staging(self._repository)
            if edit is not None and head is not None and self._message(head).descriptor_digest == edit.before:
                tree = self._edited_tree(staging, head.tree_id, library, edit)
            else:
                tree = staging.write_tree(self._tree(library))
            staging.flush()
            with self._lock():
                return self._commit(staging, tree, message, ref, _signature(saved_at))

    def forget(self, library: str) -> int:
        """Remove a library, every target of it, from what the store shows; return how many targets it had.

        The journal goes on with a commit that says so, at the time of its last one. Older journal commits keep the
        snapshots, as history does; deleting the folder is what erases.

        Raises:
            SnapshotNotFound: nothing of that library is stored.
            StoreBusy: another process holds the lock for longer than the time-out.
            StoreError: the disk refuses.
        """
        with explaining(self.path), self._lock():
            self._clear_crash()
            refs = self._refs(library, None)
            if not refs:
                raise SnapshotNotFound(self.path, library, known=self.libraries())
            with self._intent([*refs, JOURNAL]):
                self._forget_in_journal(library)
                for ref in refs:
                    self._repository.lookup_reference(ref).delete()
        return len(refs)

    def load(self, library: str, *, target: Target | None = None, revision: str | None = None) -> LibraryDescriptor:
        """Read a descriptor: the newest, or the one of a revision.

        Without ``target`` the newest of any target. ``revision`` is a version of the library, or the first digits (at
        least 4) of a commit id or descriptor digest; the newest that fits is taken.

        Raises:
            SnapshotNotFound: nothing like it is stored.
            StoreError: an object is damaged or missing, or is not what the commit says.
        """
        with explaining(self.path):
            for ref in self._refs(library, target):
                for commit in self._walk(ref):
                    if revision is None or _fits(commit, self._message(commit), revision):
                        return self._read(commit)
        asked = library if revision is None else f"{library} {revision}"
        raise SnapshotNotFound(self.path, asked, known=self.libraries())

    def head(self, library: str, target: Target | None = None) -> Snapshot | None:
        """Return the newest snapshot, of any target when none is given; None when there is none."""
        with explaining(self.path):
            for ref in self._refs(library, target):
                return self._snapshot(self._commit_at(ref), ref, is_new=False)
        return None

    def history(self, library: str, target: Target | None = None) -> tuple[Snapshot, ...]:
        """Return all snapshots of a library, newest first, one target after the other; empty when there are none."""
        with explaining(self.path):
            return tuple(
                self._snapshot(commit, ref, is_new=False)
                for ref in self._refs(library, target)
                for commit in self._walk(ref)
            )

    def heads(self) -> tuple[Snapshot, ...]:
        """Return the newest snapshot of every library and target, sorted by ref."""
        with explaining(self.path):
            return tuple(self._snapshot(self._commit_at(ref), ref, is_new=False) for ref in self._all_refs())

    def libraries(self) -> tuple[str, ...]:
        """Return the names of all libraries stored, sorted."""
        return tuple(sorted({snapshot.library for snapshot in self.heads()}))

    # Writing

    def _tree(self, library: EncodedLibrary) -> Tree:
        modules: Tree = {}
        for module, data in library.modules.items():
            *folders, name = module_path(module)
            place = modules
            for folder in folders:
                below = place.setdefault(folder, {})
                assert isinstance(below, dict)
                place = below
            place[name] = format_pretty(data)
        return {LIBRARY_BLOB: encode_pretty(library.header), MODULES: modules}

    def _edited_tree(self, staging: Staging, tree: pygit2.Oid, library: EncodedLibrary, edit: "Edit") -> pygit2.Oid:
        tree = staging.replace_blob(tree, (LIBRARY_BLOB,), encode_pretty(library.header))
        for module in sorted(edit.modules):
            tree = staging.replace_blob(tree, (MODULES, *module_path(module)), format_pretty(library.modules[module]))
        return tree

    def _commit(
        self, staging: Staging, tree: pygit2.Oid, message: SnapshotMessage, ref: str, signature: pygit2.Signature
    ) -> Snapshot:
        """Make the commits and move the refs, under the lock."""
        self._clear_crash()
        for _ in range(_ATTEMPTS):
            head, journal = self._newest(ref), self._newest(JOURNAL)
            if head is not None and self._is_settled(head, message):
                return self._snapshot(head, ref, is_new=False)
            if head is not None and self._message(head).descriptor_digest == message.descriptor_digest:
                # A crash between the two refs left the journal behind: it is brought up to date.
                snapshot, is_new = head.id, False
            else:
                parents = [] if head is None else [head.id]
                snapshot, is_new = staging.write_commit(signature, write_message(message), tree, parents), True
            root = staging.replace_in_tree(
                None if journal is None else journal.tree_id,
                (library_component(message.library), message.target),
                tree,
            )
            text = write_message(message, snapshot=str(snapshot))
            entry = staging.write_commit(signature, text, root, [] if journal is None else [journal.id])
            staging.flush()
            if self._move({ref: (head, snapshot), JOURNAL: (journal, entry)}):
                return self._snapshot(self._repository[snapshot], ref, is_new=is_new)
        raise StoreBusy(self.path, self._lock_timeout_seconds)

    def _move(self, moves: dict[str, tuple[pygit2.Commit | None, pygit2.Oid]]) -> bool:
        """Move refs from the commits they must stand at; False when somebody else moved one (git itself, a push)."""
        with self._intent(moves):
            try:
                for ref, (old, new) in moves.items():
                    if old is None:
                        self._repository.create_reference(ref, new)
                    elif old.id != new:
                        standing = self._repository.lookup_reference(ref)
                        if standing.target != old.id:
                            return False
                        standing.set_target(new)
            except (pygit2.AlreadyExistsError, KeyError):
                return False
        return True

    def _forget_in_journal(self, library: str) -> None:
        journal, name = self._newest(JOURNAL), library_component(library)
        if journal is None or name not in journal.tree:
            return
        staging = Staging(self._repository)
        root = staging.remove_from_tree(journal.tree_id, name)
        text = write_removal(library)
        entry = staging.write_commit(journal.committer, text, root, [journal.id])
        staging.flush()
        self._repository.lookup_reference(JOURNAL).set_target(entry)

    @contextmanager
    def _intent(self, refs: Iterable[str]) -> Iterator[None]:
        """Leave the names of refs where the next process finds them, should this one die while it moves them."""
        intent = Path(self._repository.path, _INTENT)
        intent.write_text("\n".join(refs), encoding="utf-8")
        try:
            yield
        finally:
            intent.unlink(missing_ok=True)

    def _clear_crash(self) -> None:
        """Remove the ref locks of a process that died while it moved refs; it cannot be alive, we hold its lock."""
        intent = Path(self._repository.path, _INTENT)
        if intent.exists():
            for ref in intent.read_text(encoding="utf-8", errors="replace").splitlines():
                if ref == JOURNAL or ref.startswith(LIBRARIES):
                    Path(self._repository.path, f"{ref}.lock").unlink(missing_ok=True)
            intent.unlink()

    @contextmanager
    def _lock(self) -> Iterator[None]:
        lock = filelock.FileLock(Path(self._repository.path, _LOCK), timeout=self._lock_timeout_seconds)
        try:
            lock.acquire()
        except filelock.Timeout as error:
            raise StoreBusy(self.path, self._lock_timeout_seconds) from error
        try:
            yield
        finally:
            lock.release()

    # Reading

    def _is_settled(self, head: pygit2.Commit, message: SnapshotMessage) -> bool:
        """Tell whether the head holds this very descriptor and the journal shows it."""
        if self._message(head).descriptor_digest != message.descriptor_digest:
            return False
        journal = self._newest(JOURNAL)
        place = f"{library_component(message.library)}/{message.target}"
        return journal is not None and place in journal.tree and journal.tree[place].id == head.tree_id

    def _read(self, commit: pygit2.Commit) -> LibraryDescriptor:
        message = self._message(commit)
        library = self._decode(commit, commit.tree / LIBRARY_BLOB, LibraryDescriptor)
        modules = [self._decode(commit, blob, Module) for blob in _blobs(commit.tree / MODULES)]
        descriptor = msgspec.structs.replace(library, modules=tuple(sorted(modules, key=lambda module: module.name)))
        if digest(descriptor) != message.descriptor_digest:
            raise StoreError(
                self.path,
                f"commit {commit.id} does not hold the descriptor that it names",
                hint=f"run `pybridge discover {message.library}` to describe it again",
            )
        return descriptor

    def _decode(self, commit: pygit2.Commit, blob: pygit2.Blob, noun: type[T]) -> T:
        try:
            return decode(blob.data, noun)
        except DecodeError as error:
            raise StoreError(
                self.path, f"commit {commit.id}: {blob.name} is {error.message}", hint=error.hint
            ) from error

    def _all_refs(self) -> Sequence[str]:
        return sorted(ref for ref in self._repository.listall_references() if ref.startswith(LIBRARIES))

    def _refs(self, library: str, target: Target | None) -> Sequence[str]:
        """Return the refs of a library that exist, the one with the newest snapshot first."""
        if target is not None:
            wanted = [library_ref(library, target)]
        else:
            wanted = [ref for ref in self._all_refs() if ref.split("/")[2] == library_component(library)]
        found = {ref: commit for ref in wanted if (commit := self._newest(ref)) is not None}
        # On a file system that ignores case, PIL and pil are one ref: what is there may be another library's.
        mine = [ref for ref, commit in found.items() if self._message(commit).library == library]
        return sorted(mine, key=lambda ref: (found[ref].commit_time, ref), reverse=True)

    def _walk(self, ref: str) -> Iterator[pygit2.Commit]:
        return iter(self._repository.walk(self._commit_at(ref).id, SortMode.TOPOLOGICAL))

    def _newest(self, ref: str) -> pygit2.Commit | None:
        reference = self._repository.references.get(ref)
        return None if reference is None else reference.peel(pygit2.Commit)

    def _commit_at(self, ref: str) -> pygit2.Commit:
        return self._repository.lookup_reference(ref).peel(pygit2.Commit)

    def _message(self, commit: pygit2.Commit) -> SnapshotMessage:
        message = read_message(commit.message)
        if message is None:
            raise StoreError(self.path, f"commit {commit.id} was not written by pybridge")
        return message

    def _snapshot(self, commit: pygit2.Commit, ref: str, *, is_new: bool) -> Snapshot:
        message = self._message(commit)
        return Snapshot(
            library=message.library,
            version=message.version,
            digest=message.descriptor_digest,
            commit=str(commit.id),
            parents=tuple(str(parent) for parent in commit.parent_ids),
            ref=ref,
            is_new=is_new,
        )


def _signature(saved_at: datetime) -> pygit2.Signature:
    """Sign for the tool, not for whoever runs it: the same input gives the same commit everywhere."""
    offset = saved_at.utcoffset()
    minutes = 0 if offset is None else int(offset.total_seconds() // 60)
    return pygit2.Signature("pybridge", "pybridge@localhost", int(saved_at.timestamp()), minutes)


def _fits(commit: pygit2.Commit, message: SnapshotMessage, revision: str) -> bool:
    if revision == message.version:
        return True
    is_abbreviation = len(revision) >= 4
    return is_abbreviation and (str(commit.id).startswith(revision) or message.descriptor_digest.startswith(revision))


def _blobs(tree: pygit2.Tree) -> Iterator[pygit2.Blob]:
    for entry in tree:
        if isinstance(entry, pygit2.Tree):
            yield from _blobs(entry)
        else:
            yield entry
