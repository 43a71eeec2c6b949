"""Libraries as they are now, pinned: in the store, and by the lock."""

from collections.abc import Sequence
from enum import Enum
from pathlib import Path

import msgspec

from pybridge.errors import LockUnusable
from pybridge.model.diagnostic import Diagnostic
from pybridge.model.lock import Lock, LockedLibrary
from pybridge.model.names import Digest
from pybridge.pipeline.analyze import discover
from pybridge.pipeline.lock.editing import edit_lock
from pybridge.pipeline.lock.entries import entry_of, put_library, remarks_on, remove_library, request_of, same_library
from pybridge.pipeline.lock.reading import read_lock
from pybridge.pipeline.request import AnalyzeRequest, Places
from pybridge.protocols import Progress


class PinState(Enum):
    """What the lock says now that it did not say before."""

    NEW = "new"
    CHANGED = "changed"
    """Another descriptor."""
    SAME = "same"
    """The same descriptor; its sources may be others."""


class Pin(msgspec.Struct, frozen=True, kw_only=True):
    """A library that was pinned."""

    library: LockedLibrary
    state: PinState
    before: Digest | None
    """The descriptor that was pinned before; None for a library that was not."""
    commit: str
    """Of the snapshot in the store."""


class Pinning(msgspec.Struct, frozen=True, kw_only=True):
    """What a lock has been told."""

    lock: str
    is_changed: bool
    pins: tuple[Pin, ...]
    diagnostics: tuple[Diagnostic, ...]


def pin(requests: Sequence[AnalyzeRequest], lock: Path, places: Places, progress: Progress) -> Pinning:
    """Describe libraries, make sure that the store has them, and pin what they are; of none, all that are pinned.

    Raises:
        LockUnusable: the lock cannot be read or is none, or pins nothing and nothing is named.
        OutputRefused: the lock cannot be written.
        DistributionNotFound: there is no such library.
        SourceUnreadable: its folder cannot be read.
        StoreError: the store cannot be used.
    """
    before = read_lock(lock)
    wanted = requests or [request_of(one, lock) for one in before.libraries]
    if not wanted:
        raise LockUnusable(lock, "pins nothing yet", hint="name what to pin: `pybridge lock LIBRARY`")
    pins: list[Pin] = []
    diagnostics: list[Diagnostic] = []
    for request in wanted:
        analysis = discover(request, places, progress)
        entry = entry_of(analysis, request, lock)
        pins.append(_pin(before, entry, analysis.commit))
        diagnostics += [*remarks_on(request, entry), *analysis.diagnostics]

    def put_all(current: Lock) -> Lock:
        for one in pins:
            current = put_library(current, one.library)
        return current

    is_changed = edit_lock(lock, places, put_all)
    return Pinning(lock=str(lock), is_changed=is_changed, pins=tuple(pins), diagnostics=tuple(diagnostics))


def unpin(names: Sequence[str], lock: Path, places: Places) -> bool:
    """Pin libraries no longer; tell whether the lock changed.

    Raises:
        LockUnusable: the lock cannot be read or is none, or does not pin one of them.
        OutputRefused: the lock cannot be written.
    """
    pinned = {one.name for one in read_lock(lock).libraries}
    unknown = [name for name in names if name not in pinned]
    if unknown:
        hint = f"it pins {', '.join(sorted(pinned))}" if pinned else "it pins nothing"
        raise LockUnusable(lock, f"does not pin {unknown[0]!r}", hint=hint)

    def remove_all(current: Lock) -> Lock:
        for name in names:
            current = remove_library(current, name)
        return current

    return edit_lock(lock, places, remove_all)


def _pin(lock: Lock, entry: LockedLibrary, commit: str) -> Pin:
    old = next((one for one in lock.libraries if same_library(one, entry)), None)
    if old is None:
        return Pin(library=entry, state=PinState.NEW, before=None, commit=commit)
    is_same = old.descriptor_digest == entry.descriptor_digest
    state = PinState.SAME if is_same else PinState.CHANGED
    return Pin(library=entry, state=state, before=old.descriptor_digest, commit=commit)
