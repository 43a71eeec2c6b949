"""Is everything in a store what it was when it was written? Every object, every ref, every descriptor."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pygit2

from pybridge.errors import DecodeError, StoreError
from pybridge.model.damage import Damage, DamageKind, Hit, Verification
from pybridge.model.snapshot import Snapshot
from pybridge.protocols import Progress
from pybridge.store.care.hashing import Checked, check_loose, check_packed
from pybridge.store.care.hits import HitList, Walker, message_in
from pybridge.store.care.sound import sound_packs
from pybridge.store.history import is_union
from pybridge.store.layout import ALL_REFS, LIBRARIES, LIBRARY_BLOB, MODULES
from pybridge.store.message import SnapshotMessage
from pybridge.store.opened import OpenedSnapshot
from pybridge.store.refs import Refs
from pybridge.store.repository import explaining, open_as_it_is
from pybridge.store.trees import blobs_below

_MAX_CACHED_BYTES = 1 << 28


def verify(path: Path, progress: Progress) -> Verification:
    """Hash every object, follow every ref, and put every descriptor to its digest. Nothing in the store is written.

    Raises:
        StoreError: there is no store, or it cannot be read at all.
    """
    with explaining(path), sound_packs(open_as_it_is(path)) as repository:
        return _Verifier(Refs(path, repository, lock_timeout_seconds=0), progress).run()


class _Verifier:
    def __init__(self, refs: Refs, progress: Progress) -> None:
        self._refs = refs
        self._progress = progress
        self._files: dict[bytes, str | None] = {}
        self._walker = Walker(refs.repository, {})
        self._hits = HitList()
        self._damages: list[Damage] = []
        self._compared: dict[tuple[bytes, str], str | None] = {}
        self._blobs = Blobs(refs.repository)
        self._objects = self._size = self._snapshots = 0

    def run(self) -> Verification:
        self._progress.stage("hashing objects")
        for one in check_loose(self._refs.folder):
            self._note(one)
        for one in check_packed(self._refs.repository, self._refs.folder):
            self._note(one)
        targets = dict(self._targets())
        self._progress.stage("reading snapshots", len(targets))
        for ref, target in targets.items():
            self._follow(ref, target)
            self._progress.advance()
        objects = [
            Damage(
                kind=DamageKind.OBJECT,
                name=raw.hex(),
                reason=reason,
                file=self._files.get(raw),
                hits=self._hits.of(raw),
            )
            for raw, reason in self._walker.bad.items()
        ]
        return Verification(
            refs=len(targets),
            snapshots=self._snapshots,
            objects=self._objects,
            size_bytes=self._size,
            damages=tuple(sorted((*self._damages, *objects), key=lambda one: (one.kind.value, one.name))),
        )

    def _note(self, one: Checked) -> None:
        self._objects += not one.is_pack
        self._size += one.size_bytes
        if one.reason is None:
            return
        if one.is_pack:
            self._damages.append(Damage(kind=DamageKind.PACK, name=one.name, reason=one.reason, file=one.file))
        else:
            raw = bytes.fromhex(one.name)
            self._walker.bad[raw] = one.reason
            self._files[raw] = one.file

    def _targets(self) -> Iterator[tuple[str, pygit2.Oid]]:
        """Yield what every ref names; refs that name nothing are damages."""
        listed = set(self._refs.names(ALL_REFS))
        for ref in sorted(listed | set(_ref_files(self._refs.folder))):
            try:
                target = self._refs.target(ref)
            except (pygit2.GitError, OSError, KeyError, ValueError) as error:
                self._damages.append(_bad_ref(ref, str(error)))
                continue
            if target is None:
                self._damages.append(_bad_ref(ref, "does not say which object it names"))
            else:
                yield ref, self._peeled(target)

    def _peeled(self, oid: pygit2.Oid) -> pygit2.Oid:
        """Follow tags that are objects, as `git tag -a` makes them, to what they name."""
        with suppress(pygit2.GitError, OSError, KeyError, ValueError):
            while isinstance(held := self._refs.repository[oid], pygit2.Tag):
                oid = held.target
        return oid

    def _follow(self, ref: str, target: pygit2.Oid) -> None:
        """Go through the history of a ref."""
        is_librarys = ref.startswith(LIBRARIES)
        for oid, commit in self._walker.commits(target):
            if commit is None:
                self._hits.add(oid.raw, ref, "commit", oid, None)
                continue
            message = message_in(commit)
            found = self._walker.below(commit.tree_id)
            for path, raw in found:
                self._hits.add(raw, ref, path or "tree", oid, message)
            if not is_librarys or is_union(commit):
                continue
            self._snapshots += 1
            if message is None:
                self._damages.append(_not_ours(ref, oid))
            elif not any(path.startswith((MODULES, LIBRARY_BLOB)) or not path for path, _ in found):
                self._compare(ref, commit, message)

    def _compare(self, ref: str, commit: pygit2.Commit, message: SnapshotMessage) -> None:
        """Put a descriptor to the digest that its commit names."""
        key = (commit.tree_id.raw, message.descriptor_digest)
        if key not in self._compared:
            self._compared[key] = self._blobs.difference(commit, message)
        reason = self._compared[key]
        if reason is not None:
            hit = Hit(ref=ref, library=message.library, version=message.version, target=message.target)
            self._damages.append(
                Damage(kind=DamageKind.SNAPSHOT, name=str(commit.id), reason=reason, hits=(hit,)),
            )


class Blobs:
    """Blobs of one snapshot after the other, most of them the same: what was read is kept for a while."""

    def __init__(self, repository: pygit2.Repository) -> None:
        self._repository = repository
        self._path = Path(repository.path)
        self._known: dict[str, bytes] = {}
        self._size = 0

    def difference(self, commit: pygit2.Commit, message: SnapshotMessage) -> str | None:
        """Tell in what a commit's tree is not the descriptor that its message names; None when it is."""
        snapshot = Snapshot(
            library=message.library,
            version=message.version,
            digest=message.descriptor_digest,
            commit=str(commit.id),
            parents=(),
            ref="",
        )
        try:
            paths = {path: str(oid) for path, oid in blobs_below(self._repository, commit.tree_id)}
            OpenedSnapshot(snapshot, paths, self._read, store=self._path).encoded()
        except StoreError as error:
            return error.reason
        except DecodeError as error:
            return error.message
        except (pygit2.GitError, OSError, KeyError, ValueError) as error:
            return str(error)
        return None

    def _read(self, blob: str) -> bytes:
        if blob not in self._known:
            data = bytes(self._repository[blob].data)
            self._size += len(data)
            if self._size > _MAX_CACHED_BYTES:
                self._known.clear()
                self._size = len(data)
            self._known[blob] = data
        return self._known[blob]


def _ref_files(folder: Path) -> Iterator[str]:
    """Yield the refs that have a file of their own, whatever is in it."""
    for file in (folder / "refs").rglob("*"):
        if file.is_file() and file.suffix != ".lock":
            yield file.relative_to(folder).as_posix()


def _bad_ref(ref: str, reason: str) -> Damage:
    names = ref.split("/")[2:]
    hits = (Hit(ref=ref, library=names[0], target=names[-1]),) if ref.startswith(LIBRARIES) and len(names) > 1 else ()
    return Damage(kind=DamageKind.REF, name=ref, reason=reason, file=ref, hits=hits)


def _not_ours(ref: str, oid: pygit2.Oid) -> Damage:
    hit = Hit(
        ref=ref, library=ref.split("/")[2], target=ref.rsplit("/", maxsplit=1)[-1], commit=str(oid), part="commit"
    )
    return Damage(kind=DamageKind.SNAPSHOT, name=str(oid), reason="was not written by pybridge", hits=(hit,))
