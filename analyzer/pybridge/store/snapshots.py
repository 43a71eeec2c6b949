"""`SnapshotStore`: descriptors as commits of a bare git repository (docs/adr/0007-store-is-git.md).

Every library and target has a ref of its own whose commits hold that library only; the journal ``main``, which HEAD
names, gets one commit a snapshot as well, with the newest snapshots of all libraries in its tree.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import msgspec
import pygit2

from pybridge.codec import EncodedLibrary, encode_library
from pybridge.errors import DecodeError, RevisionUnclear, SnapshotNotFound, StoreBusy, StoreError
from pybridge.model.library import LibraryDescriptor, Target
from pybridge.model.names import Digest, ModuleName
from pybridge.model.snapshot import Snapshot
from pybridge.model.source import SourceMap
from pybridge.store.history import library_refs, message_of, snapshot_of, standing, walk
from pybridge.store.layout import JOURNAL, LIBRARIES, library_component, library_ref, target_component
from pybridge.store.message import SnapshotMessage, write_message, write_removal
from pybridge.store.objects.staging import Staging
from pybridge.store.opened import OpenedSnapshot
from pybridge.store.refs import Refs
from pybridge.store.repository import explaining
from pybridge.store.revisions import find_snapshot, tags_of
from pybridge.store.trees import blobs_below, edited_tree, library_tree

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

    def __init__(self, refs: Refs) -> None:
        self.path = refs.path
        self.refs = refs

    @classmethod
    def open(cls, path: Path, *, create: bool = True, lock_timeout_seconds: float = 30) -> "SnapshotStore":
        """Open a store, making it first when nothing is there.

        With ``create`` False nothing is written, also not later by reading: a read-only store can be read.

        Raises:
            StoreError: the folder is something else, cannot be made, or does not exist and ``create`` is False.
        """
        return cls(Refs.open(path, create=create, lock_timeout_seconds=lock_timeout_seconds))

    def save(
        self,
        descriptor: LibraryDescriptor,
        *,
        saved_at: datetime,
        tool: str,
        source_digest: Digest | None = None,
        source_map: SourceMap | None = None,
    ) -> Snapshot:
        """Keep a descriptor; a descriptor that is already the newest of its ref makes no commit (``is_new`` False).

        ``saved_at`` must know its time zone. ``tool`` names the program and its version. With ``source_map`` the places
        of its symbols are kept beside it.

        Raises:
            StoreBusy: another process holds the lock for longer than the time-out.
            StoreError: the disk refuses, or the descriptor's modules are not sorted and distinct.
        """
        names = [module.name for module in descriptor.modules]
        if any(one >= other for one, other in pairwise(names)):
            raise StoreError(self.path, f"the modules of {descriptor.name!r} are not sorted and distinct")
        library = encode_library(descriptor)
        return self.save_encoded(
            library, saved_at=saved_at, tool=tool, source_digest=source_digest, source_map=source_map
        )

    def save_encoded(
        self,
        library: EncodedLibrary,
        *,
        saved_at: datetime,
        tool: str,
        source_digest: Digest | None = None,
        source_map: SourceMap | None = None,
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
        with explaining(self.path):
            for _ in range(_ATTEMPTS):
                generation = self.refs.refresh()
                try:
                    saved = self._save(library, message, source_map, edit, saved_at, generation)
                except (KeyError, OSError, pygit2.GitError):
                    if self.refs.generation() == generation:
                        raise
                    saved = None
                if saved is not None:
                    return saved
                self.refs.reopen()
        raise self.refs.busy()

    def forget(self, library: str) -> int:
        """Remove a library, every target and tag of it, from what the store shows; return how many targets it had.

        The journal goes on with a commit that says so, at the time of its last one. Older journal commits keep the
        snapshots, as history does; deleting the folder is what erases.

        Raises:
            SnapshotNotFound: nothing of that library is stored.
            StoreBusy: another process holds the lock for longer than the time-out.
            StoreError: the disk refuses.
        """
        with explaining(self.path), self.refs.locked():
            self.refs.refresh()
            for _ in range(_ATTEMPTS):
                refs = library_refs(self.refs, library)
                if not refs:
                    raise SnapshotNotFound(self.path, library, known=self.libraries())
                tags = [tag.ref for tag in tags_of(self.refs, library)]
                moves = {ref: (self.refs.target(ref), None) for ref in (*refs, *tags)}
                if self.refs.move(self._forgotten_journal(library) | moves):
                    return len(refs)
        raise self.refs.busy()

    def load(self, library: str, *, target: Target | None = None, revision: str | None = None) -> LibraryDescriptor:
        """Read a descriptor: the newest, or the one of a revision, as `open_snapshot` takes it.

        Raises:
            SnapshotNotFound: nothing like it is stored.
            StoreError: an object is damaged or missing, or is not what the commit says.
        """
        return self._reading(lambda: self._open(library, target, revision).descriptor())

    def load_places(
        self, library: str, *, target: Target | None = None, revision: str | None = None
    ) -> SourceMap | None:
        """Read where everything of a snapshot is written; None where it was stored without.

        It is the first state of the files that had this descriptor: code that moved since, and nothing else, made no
        new snapshot.

        Raises:
            SnapshotNotFound: nothing like it is stored.
            StoreError: an object is damaged or missing.
        """
        return self._reading(lambda: self._open(library, target, revision).places())

    def open_snapshot(
        self, library: str, revision: str | None = None, *, target: Target | None = None
    ) -> OpenedSnapshot:
        """Open a snapshot to read parts of it.

        Without ``target`` that of any target, the newest first. ``revision`` is a tag, a version of the library, the
        first digits (at least 4) of a commit id or descriptor digest, or ``newest``, each with ``~N`` for the Nth
        before it; the newest that fits is taken.

        Raises:
            SnapshotNotFound: nothing like it is stored.
            RevisionUnclear: the digits fit several snapshots.
            StoreError: an object is damaged or missing.
        """
        return self._reading(lambda: self._open(library, target, revision))

    def head(self, library: str, target: Target | None = None) -> Snapshot | None:
        """Return the newest snapshot, of any target when none is given; None when there is none."""
        return self._reading(lambda: self._head(library, target))

    def history(self, library: str, target: Target | None = None) -> tuple[Snapshot, ...]:
        """Return all snapshots of a library, newest first, one target after the other; empty when there are none."""
        return self._reading(
            lambda: tuple(
                snapshot_of(self.refs, commit, ref)
                for ref in library_refs(self.refs, library, target)
                for commit in walk(self.refs, ref)
            )
        )

    def heads(self) -> tuple[Snapshot, ...]:
        """Return the newest snapshot of every library and target, sorted by ref."""
        return self._reading(lambda: tuple(self._heads()))

    def libraries(self) -> tuple[str, ...]:
        """Return the names of all libraries stored, sorted."""
        return tuple(sorted({snapshot.library for snapshot in self.heads()}))

    def read_blob(self, blob: str) -> bytes:
        """Read an object's content by its git id.

        Raises:
            StoreError: it is damaged or missing.
        """
        return self._reading(lambda: bytes(self.refs.repository[blob].data))

    # Writing

    def _save(
        self,
        library: EncodedLibrary,
        message: SnapshotMessage,
        source_map: SourceMap | None,
        edit: Edit | None,
        saved_at: datetime,
        generation: int,
    ) -> Snapshot | None:
        """Save, unless objects were deleted meanwhile: what was taken for stored may be gone then, and None is returned."""
        ref = library_ref(library.header.name, library.header.target)
        head = self.refs.commit(ref)
        if head is not None and self._is_settled(head, message):
            return snapshot_of(self.refs, standing(head), ref)
        staging = Staging(self.refs.repository)
        if edit and head is not None and message_of(self.refs, head).descriptor_digest == edit.before:
            tree = edited_tree(staging, head.tree, library, edit.modules, source_map)
        else:
            tree = staging.write_tree(library_tree(library, source_map))
        staging.flush()
        with self.refs.locked():
            if not self.refs.is_unchanged(generation):
                return None
            return self._commit(staging, tree, message, ref, _signature(saved_at))

    def _commit(
        self, staging: Staging, tree: pygit2.Oid, message: SnapshotMessage, ref: str, signature: pygit2.Signature
    ) -> Snapshot:
        """Make the commits and move the refs, under the lock."""
        for _ in range(_ATTEMPTS):
            head, journal = self.refs.commit(ref), self.refs.commit(JOURNAL)
            if head is not None and self._is_settled(head, message):
                return snapshot_of(self.refs, standing(head), ref)
            if head is not None and message_of(self.refs, head).descriptor_digest == message.descriptor_digest:
                # A crash between the two refs left the journal behind: it is brought up to date.
                snapshot, tree, is_new = head.id, head.tree_id, False
            else:
                parents = [] if head is None else [head.id]
                snapshot, is_new = staging.write_commit(signature, write_message(message), tree, parents), True
            shown = {library_component(message.library): {message.target: tree}}
            root = staging.patch_tree(None if journal is None else journal.tree_id, shown)
            text = write_message(message, snapshot=str(snapshot))
            entry = staging.write_commit(signature, text, root, [] if journal is None else [journal.id])
            staging.flush()
            moves = {ref: (head and head.id, snapshot), JOURNAL: (journal and journal.id, entry)}
            if self.refs.move(moves):
                return snapshot_of(self.refs, standing(self.refs.repository[snapshot]), ref, is_new=is_new)
        raise self.refs.busy()

    def _forgotten_journal(self, library: str) -> dict[str, tuple[pygit2.Oid | None, pygit2.Oid | None]]:
        journal, name = self.refs.commit(JOURNAL), library_component(library)
        if journal is None or name not in journal.tree:
            return {}
        staging = Staging(self.refs.repository)
        root = staging.patch_tree(journal.tree_id, {name: None})
        text = write_removal(library)
        entry = staging.write_commit(journal.committer, text, root, [journal.id])
        staging.flush()
        return {JOURNAL: (journal.id, entry)}

    # Reading

    def _is_settled(self, head: pygit2.Commit, message: SnapshotMessage) -> bool:
        """Tell whether the head holds this very descriptor and the journal shows it."""
        if message_of(self.refs, head).descriptor_digest != message.descriptor_digest:
            return False
        journal = self.refs.commit(JOURNAL)
        place = f"{library_component(message.library)}/{message.target}"
        return journal is not None and place in journal.tree and journal.tree[place].id == head.tree_id

    def _open(self, library: str, target: Target | None, revision: str | None) -> OpenedSnapshot:
        refs = library_refs(self.refs, library, target)
        if not refs:
            raise SnapshotNotFound(self.path, library, known=self.libraries())
        found = find_snapshot(self.refs, refs, revision, library)
        snapshot = snapshot_of(self.refs, found.commit, found.ref)
        try:
            paths = {path: str(oid) for path, oid in blobs_below(self.refs.repository, found.commit.tree_id)}
        except DecodeError as error:
            raise StoreError(self.path, f"commit {snapshot.commit}: {error.reason}", hint=error.hint) from error
        return OpenedSnapshot(snapshot, paths, self.read_blob, store=self.path)

    def _head(self, library: str, target: Target | None) -> Snapshot | None:
        for ref in library_refs(self.refs, library, target):
            tip = self.refs.commit(ref)
            if tip is not None:
                return snapshot_of(self.refs, standing(tip), ref)
        return None

    def _heads(self) -> Iterator[Snapshot]:
        for ref in self.refs.names(LIBRARIES):
            tip = self.refs.commit(ref)
            if tip is not None:
                yield snapshot_of(self.refs, standing(tip), ref)

    def _reading(self, action: Callable[[], T]) -> T:
        """Read, and once more when that fails: another process may have packed objects anew under our eyes."""
        try:
            with explaining(self.path):
                return action()
        except (SnapshotNotFound, RevisionUnclear, StoreBusy):
            raise
        except StoreError:
            self.refs.reopen()
        with explaining(self.path):
            return action()


def _signature(saved_at: datetime) -> pygit2.Signature:
    """Sign for the tool, not for whoever runs it: the same input gives the same commit everywhere."""
    offset = saved_at.utcoffset()
    minutes = 0 if offset is None else int(offset.total_seconds() // 60)
    return pygit2.Signature("pybridge", "pybridge@localhost", int(saved_at.timestamp()), minutes)
