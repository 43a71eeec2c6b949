"""Snapshots of another store become part of this one."""

from collections.abc import Mapping

import pygit2

from pybridge.errors import ExchangeFailed
from pybridge.model.exchange import Exchange, Fate, RefFate
from pybridge.protocols import Progress
from pybridge.store.exchange.incoming import Inspector
from pybridge.store.exchange.merging import Merged, library_tips, merge_journal, merge_library, merge_tag
from pybridge.store.exchange.quarantine import Download, download
from pybridge.store.exchange.remotes import Address, find_remote
from pybridge.store.layout import JOURNAL, LIBRARIES, TAGS
from pybridge.store.objects.staging import Staging
from pybridge.store.refs import FETCH, Refs, generation_of
from pybridge.store.repository import explaining
from pybridge.store.snapshots import SnapshotStore

_ATTEMPTS = 5
OTHERS = "it has snapshots that are not here: fetch them first, with `pybridge store fetch`"
"""Why a ref is not pushed over another one."""


def fetch(store: SnapshotStore, remote: str, progress: Progress) -> Exchange:
    """Take over what another store has; where both sides added snapshots to a library, both histories go on as one.

    Every new snapshot is put to its digest first. A ref that is not what it says is refused, the others come. Tags that
    are here stay where they are.

    Raises:
        ExchangeFailed: the other store cannot be reached, or is no git repository.
        StoreBusy: other processes hold the locks for too long.
        StoreError: the disk refuses.
    """
    address = find_remote(store.refs, remote)
    fates = receive(store.refs, address, progress, may_unite=True)
    return Exchange(remote=address.shown, is_push=False, refs=fates)


def receive(refs: Refs, address: Address, progress: Progress, *, may_unite: bool) -> tuple[RefFate, ...]:
    """Bring in what another store has; without ``may_unite`` only what continues what is here.

    Raises:
        ExchangeFailed: the other store cannot be reached, or is no git repository.
        StoreBusy: other processes hold the locks for too long.
        StoreError: the disk refuses.
    """
    with explaining(refs.path), refs.alone(FETCH, timeout_seconds=refs.lock_timeout_seconds):
        for _ in range(_ATTEMPTS):
            progress.stage("fetching")
            generations = _generations(refs, address)
            try:
                fates = _received(refs, address, progress, may_unite=may_unite)
            except ExchangeFailed:
                if _generations(refs, address) == generations:
                    raise
                fates = None
            if fates is not None:
                return fates
    raise refs.busy()


def _received(refs: Refs, address: Address, progress: Progress, *, may_unite: bool) -> tuple[RefFate, ...] | None:
    """Bring in what another store has; None where what was here, and need not be sent, has been deleted meanwhile."""
    generation = refs.refresh()
    with download(refs, address) as brought:
        progress.stage("checking what came")
        targets, faults = _inspected(refs, brought)
        with refs.locked():
            if not refs.is_unchanged(generation):
                return None
            brought.let_in()
            refs.reopen()
            return _merge(refs, targets, faults, may_unite=may_unite)


def _generations(refs: Refs, address: Address) -> tuple[int, int]:
    """Tell whether objects are deleted on either side of this machine while they are looked for."""
    return refs.generation(), 0 if address.folder is None else generation_of(address.folder)


def _inspected(refs: Refs, brought: Download) -> tuple[Mapping[str, pygit2.Oid], Mapping[str, str]]:
    known = [oid for prefix in (LIBRARIES, JOURNAL) for ref in refs.names(prefix) if (oid := refs.target(ref))]
    inspector, targets = Inspector(brought.repository, known), brought.targets()
    faults = {ref: fault for ref, oid in sorted(targets.items()) if (fault := inspector.fault(ref, oid))}
    return targets, faults


def _merge(
    refs: Refs, targets: Mapping[str, pygit2.Oid], faults: Mapping[str, str], *, may_unite: bool
) -> tuple[RefFate, ...]:
    """Decide where every ref goes and move them all, under the lock; again where git moved one meanwhile."""
    for _ in range(_ATTEMPTS):
        staging, tips = Staging(refs.repository), library_tips(refs)
        moves: dict[str, tuple[pygit2.Oid | None, pygit2.Oid | None]] = {}
        fates: list[RefFate] = []
        for ref, theirs in sorted(targets.items()):
            ours = refs.target(ref)
            if ref in faults:
                fates.append(RefFate(ref=ref, fate=Fate.REFUSED, reason=faults[ref]))
            elif ref.startswith((LIBRARIES, TAGS)):
                merged = (
                    merge_library(refs, staging, ours, theirs) if ref.startswith(LIBRARIES) else merge_tag(ours, theirs)
                )
                fate = _fate(refs, ref, merged, ours, theirs, may_unite=may_unite)
                fates.append(fate)
                if fate.fate in {Fate.NEW, Fate.FORWARD, Fate.UNITED}:
                    moves[ref] = (ours, merged.target)
        tips |= {ref: new for ref, (_, new) in moves.items() if ref.startswith(LIBRARIES) and new is not None}
        journal = merge_journal(
            refs, staging, tips, refs.target(JOURNAL), None if JOURNAL in faults else targets.get(JOURNAL)
        )
        if journal is not None:
            moves[JOURNAL] = (refs.target(JOURNAL), journal.target)
        staging.flush()
        if refs.move(moves):
            return tuple(sorted(fates, key=lambda one: one.ref))
    raise refs.busy()


def _fate(
    refs: Refs, ref: str, merged: Merged, ours: pygit2.Oid | None, theirs: pygit2.Oid, *, may_unite: bool
) -> RefFate:
    match merged.fate:
        case Fate.UNITED if not may_unite:
            return RefFate(ref=ref, fate=Fate.REFUSED, reason=OTHERS)
        case Fate.KEPT:
            return RefFate(ref=ref, fate=Fate.KEPT, reason=f"here it is {ours}, there {theirs}")
        case Fate.SAME:
            return RefFate(ref=ref, fate=Fate.SAME)
        case fate if ref.startswith(TAGS):
            return RefFate(ref=ref, fate=fate)
        case fate:
            return RefFate(ref=ref, fate=fate, snapshots=Inspector(refs.repository, ()).count(theirs, ours))
