"""Snapshots of this store become part of another one, if nothing of that one is lost by it."""

from collections.abc import Mapping

import pygit2

from pybridge.errors import ExchangeFailed
from pybridge.model.exchange import Exchange, Fate, RefFate
from pybridge.protocols import Progress
from pybridge.store.exchange.fetch import OTHERS, receive
from pybridge.store.exchange.incoming import Inspector
from pybridge.store.exchange.quarantine import Download, download
from pybridge.store.exchange.remotes import Access, Address, find_remote, plain_git
from pybridge.store.layout import JOURNAL, LIBRARIES, TAGS
from pybridge.store.refs import Refs
from pybridge.store.repository import adopt, explaining
from pybridge.store.snapshots import SnapshotStore


def push(store: SnapshotStore, remote: str, progress: Progress) -> Exchange:
    """Give another store what it lacks. A ref that has snapshots there which this store lacks is refused.

    On this machine the other store's own lock is held; elsewhere the other side makes sure that each ref is still where
    it was seen.

    Raises:
        ExchangeFailed: the other store cannot be reached, or refuses all.
        StoreBusy: other processes hold the other store's locks for too long.
        StoreError: the other side is no store and not empty, or a disk refuses.
    """
    refs = store.refs
    address = find_remote(refs, remote)
    if address.folder is not None:
        adopt(address.folder)
        there = SnapshotStore.open(address.folder, create=False, lock_timeout_seconds=refs.lock_timeout_seconds)
        here = Address(url=str(refs.folder.absolute()), shown=str(store.path), folder=refs.folder.absolute())
        fates = receive(there.refs, here, progress, may_unite=False)
    else:
        with explaining(store.path):
            fates = _send(refs, address, progress)
    return Exchange(remote=address.shown, is_push=True, refs=fates)


def _send(refs: Refs, address: Address, progress: Progress) -> tuple[RefFate, ...]:
    """Push by git's protocol. What the other side has is fetched first, for a look: it is not let in."""
    progress.stage("asking what is there")
    with download(refs, address) as brought:
        fates = dict(_decided(refs, brought))
    specs = [f"{ref}:{ref}" for ref, one in fates.items() if one.fate in {Fate.NEW, Fate.FORWARD}]
    access = Access()
    if specs:
        progress.stage("pushing")
        try:
            refs.repository.remotes.create_anonymous(address.url).push(specs, callbacks=access)
        except (pygit2.GitError, KeyError, ValueError) as error:
            raise ExchangeFailed(refs.path, address.shown, str(error), hint=plain_git(refs, address.shown)) from error
    for ref, reason in access.refused.items():
        fates[ref] = RefFate(ref=ref, fate=Fate.REFUSED, reason=reason)
    return tuple(one for ref, one in sorted(fates.items()) if ref != JOURNAL or one.fate is Fate.REFUSED)


def _decided(refs: Refs, brought: Download) -> Mapping[str, RefFate]:
    theirs, view = brought.targets(), brought.repository
    inspector = Inspector(view, ())
    fates: dict[str, RefFate] = {}
    for ref in (*refs.names(LIBRARIES), *refs.names(TAGS), *refs.names(JOURNAL)):
        ours, other = refs.target(ref), theirs.get(ref)
        if ours is None:
            continue
        count = inspector.count(ours, other) if ref.startswith(LIBRARIES) else 0
        if other is None:
            fates[ref] = RefFate(ref=ref, fate=Fate.NEW, snapshots=count)
        elif other == ours:
            fates[ref] = RefFate(ref=ref, fate=Fate.SAME)
        elif ref.startswith(TAGS):
            fates[ref] = RefFate(ref=ref, fate=Fate.KEPT, reason=f"here it is {ours}, there {other}")
        elif view.descendant_of(ours, other):
            fates[ref] = RefFate(ref=ref, fate=Fate.FORWARD, snapshots=count)
        elif view.descendant_of(other, ours):
            fates[ref] = RefFate(ref=ref, fate=Fate.SAME)
        else:
            fates[ref] = RefFate(ref=ref, fate=Fate.REFUSED, reason=OTHERS)
    return fates
