"""Deleting what nothing leads to any more, and putting what is in use into one pack.

Safe beside any number of processes that save and read: what is in use is copied before the old copies go, whatever is
younger than the grace time stays, and a process that is about to move a ref sees that objects were deleted meanwhile
and writes its own anew (`Refs.generation`).
"""

import shutil
from contextlib import suppress
from itertools import islice
from pathlib import Path

import msgspec
import pygit2

from pybridge.errors import StoreBusy, StoreError
from pybridge.protocols import Progress
from pybridge.store.care.disk import disk_bytes
from pybridge.store.care.hashing import indexes, loose_files
from pybridge.store.care.packing import pack_anew
from pybridge.store.care.reachable import reachable, tips
from pybridge.store.layout import QUARANTINE
from pybridge.store.objects.index import PackIndex
from pybridge.store.refs import COLLECT, FETCH, Refs
from pybridge.store.repository import explaining, sync_folder
from pybridge.store.snapshots import SnapshotStore

_MAX_LOOSE = 64
_DRAFTS = (
    "objects/tmp_*",
    "objects/??/tmp_*",
    "objects/pack/tmp_*",
    "objects/pack/pack_git2_*",
    "objects/pack/.tmp-*",
    "tmp_obj_*",
)
"""What a crash leaves: names that nothing but unfinished files and folders have."""


class Collection(msgspec.Struct, frozen=True, kw_only=True):
    """What was done, or would be."""

    objects_in_use: int
    objects_deleted: int
    """That nothing leads to."""
    objects_spared: int
    """That nothing leads to either, and that are too young."""
    packs_before: int
    packs_after: int
    loose_before: int
    loose_after: int
    bytes_before: int
    """Of packs and loose objects, on disk."""
    bytes_after: int
    is_dry: bool
    """True when nothing was changed."""


class _Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What is to go."""

    files: tuple[Path, ...]
    """Of loose objects, in an order that may be interrupted."""
    packs: tuple[Path, ...]
    """Their indexes."""
    deleted: int
    spared: int


def collect(
    store: SnapshotStore, *, young_since_seconds: float, progress: Progress, is_dry: bool = False
) -> Collection:
    """Pack what is in use and delete what is not, unless it was written or needed since a time (seconds of the epoch).

    Raises:
        StoreBusy: another process collects, or holds the store's lock for too long.
        StoreError: something that is in use is damaged: nothing is deleted then; or the disk refuses.
    """
    refs = store.refs
    with explaining(store.path), refs.alone(COLLECT, timeout_seconds=0):
        refs.reopen()
        before = _size(refs.folder)
        progress.stage("following refs")
        used = _used(refs)
        new = None
        if not is_dry and _is_scattered(refs.folder, used):
            progress.stage("packing", len(used))
            new = pack_anew(refs.repository, store.path, used)
        with refs.locked():
            # Refs may have moved since; what they lead to now is in use, too.
            refs.reopen()
            used |= reachable(refs.repository, tips(refs), used)
            plan = _plan(refs.folder, used, new, young_since_seconds)
            if not is_dry:
                with refs.deleting():
                    _delete(refs, plan, young_since_seconds)
        refs.reopen()
        after = _size(refs.folder)
    return Collection(
        objects_in_use=len(used),
        objects_deleted=plan.deleted,
        objects_spared=plan.spared,
        packs_before=before[0],
        packs_after=after[0],
        loose_before=before[1],
        loose_after=after[1],
        bytes_before=before[2],
        bytes_after=after[2],
        is_dry=is_dry,
    )


def _used(refs: Refs) -> set[bytes]:
    try:
        return reachable(refs.repository, tips(refs))
    except (KeyError, pygit2.GitError, OSError) as error:
        hint = "`pybridge store verify` tells what is damaged; nothing was deleted"
        raise StoreError(refs.path, f"what is in use cannot be told: {error}", hint=hint) from error


def _plan(folder: Path, used: set[bytes], new: PackIndex | None, young_since: float) -> _Plan:
    packed, files = frozenset(new or ()), list[Path]()
    doomed, spared = set[bytes](), set[bytes]()
    for name, file in loose_files(folder):
        raw = bytes.fromhex(name)
        if raw in packed:
            files.append(file)
        elif raw not in used:
            is_young = _changed(file) >= young_since
            (spared if is_young else doomed).add(raw)
            if not is_young:
                files.append(file)
    packs: list[Path] = []
    for path in indexes(folder):
        held = frozenset(PackIndex(path))
        unused, is_new = held - used, new is not None and path.name == new.path.name
        if (
            is_new
            or path.with_suffix(".keep").exists()
            or not held - unused <= packed
            or (unused and _changed(path.with_suffix(".pack")) >= young_since)
        ):
            spared |= unused
        else:
            packs.append(path)
            doomed |= unused
    return _Plan(files=tuple(files), packs=tuple(packs), deleted=len(doomed - spared), spared=len(spared))


def _delete(refs: Refs, plan: _Plan, young_since: float) -> None:
    for file in plan.files:
        _unlink(file)
    for index in plan.packs:
        # The index first: without it git does not look for the pack.
        _unlink(index)
        for ending in (".pack", ".rev", ".bitmap"):
            _unlink(index.with_suffix(ending))
    for pattern in _DRAFTS:
        for draft in refs.folder.glob(pattern):
            if not draft.name.startswith(QUARANTINE):
                _remove_draft(draft, young_since)
    with suppress(StoreBusy), refs.alone(FETCH, timeout_seconds=0):
        # Nobody fetches: whatever lies in quarantine was left there.
        for draft in refs.folder.glob(f"objects/{QUARANTINE}*"):
            _remove_draft(draft, young_since)
    for pack in (refs.folder / "objects" / "pack").glob("pack-*.pack"):
        if not pack.with_suffix(".idx").exists() and _changed(pack) < young_since:
            _unlink(pack)
    sync_folder(refs.folder / "objects" / "pack")


def _remove_draft(draft: Path, young_since: float) -> None:
    with suppress(OSError):
        if _changed(draft) < young_since:
            shutil.rmtree(draft) if draft.is_dir() else _unlink(draft)


def _unlink(file: Path) -> None:
    """Delete a file; one that another program holds open, where the system minds, stays for the next time."""
    with suppress(FileNotFoundError, PermissionError):
        file.chmod(0o600)
        file.unlink()


def _is_scattered(folder: Path, used: set[bytes]) -> bool:
    """Tell whether packing would bring anything together, or leave anything out."""
    packs = indexes(folder)
    is_loose = sum(1 for _ in islice(loose_files(folder), _MAX_LOOSE + 1)) > _MAX_LOOSE
    return is_loose or len(packs) > 1 or any(raw not in used for path in packs for raw in PackIndex(path))


def _size(folder: Path) -> tuple[int, int, int]:
    packs = indexes(folder)
    loose = [file for _, file in loose_files(folder)]
    files = (*loose, *packs, *(one.with_suffix(".pack") for one in packs))
    return len(packs), len(loose), disk_bytes(files)


def _changed(file: Path) -> float:
    return file.lstat().st_mtime
