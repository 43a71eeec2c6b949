"""One library's entry in a lock: made, found, put in."""

import os
from collections.abc import Sequence
from pathlib import Path, PurePath

import msgspec

import pybridge
from pybridge.codec import digest
from pybridge.model.diagnostic import Diagnostic, Severity
from pybridge.model.library import Target
from pybridge.model.lock import Lock, LockedClient, LockedLibrary
from pybridge.pipeline.analyze import Analysis
from pybridge.pipeline.request import AnalyzeRequest
from pybridge.pipeline.workspace import absolute


def entry_of(analysis: Analysis, request: AnalyzeRequest, lock: Path) -> LockedLibrary:
    """Make the entry of a library that was described, without clients."""
    summary = analysis.summary
    return LockedLibrary(
        name=summary.library,
        version=summary.version,
        target=Target(python_version=summary.python_version, platform=summary.platform),
        descriptor_digest=summary.digest,
        source_digest=digest(analysis.source_map.digests),
        tool=f"pybridge {pybridge.__version__}",
        site_packages=None if request.site_packages is None else relative_to_lock(request.site_packages, lock),
        path=None if request.path is None else relative_to_lock(request.path, lock),
        includes_tests=request.include_tests,
    )


def request_of(one: LockedLibrary, lock: Path, *, jobs: int = 0) -> AnalyzeRequest:
    """Ask for what an entry pins, where the entry says it is."""
    folder = lock.parent
    return AnalyzeRequest(
        name=one.name,
        site_packages=None if one.site_packages is None else folder / one.site_packages,
        path=None if one.path is None else folder / one.path,
        target=one.target,
        include_tests=one.includes_tests,
        jobs=jobs,
    )


def remarks_on(request: AnalyzeRequest, entry: LockedLibrary) -> tuple[Diagnostic, ...]:
    """Tell that an entry does not say where its library is: a lock names no places of one machine."""
    place = request.path or request.site_packages
    if place is None or entry.path is not None or entry.site_packages is not None:
        return ()
    return (
        Diagnostic(
            code="place-not-locked",
            severity=Severity.WARNING,
            message=f"the lock does not say where {entry.name} is: {place} is a place of this machine only",
            hint="name it relative to the lock, such as --path ../library",
        ),
    )


def same_library(one: LockedLibrary, other: LockedLibrary) -> bool:
    """Tell whether two entries pin the same library for the same target."""
    return (one.name, one.target) == (other.name, other.target)


def put_library(lock: Lock, entry: LockedLibrary) -> Lock:
    """Pin a library; an entry for the same target gives way, its clients stay."""
    old = next((one for one in lock.libraries if same_library(one, entry)), None)
    if old is not None and not entry.clients:
        entry = msgspec.structs.replace(entry, clients=old.clients)
    others = [one for one in lock.libraries if not same_library(one, entry)]
    return msgspec.structs.replace(lock, libraries=_sorted([*others, entry]))


def remove_library(lock: Lock, name: str) -> Lock:
    """Pin a library no longer, for no target."""
    left = [one for one in lock.libraries if one.name != name]
    return msgspec.structs.replace(lock, libraries=_sorted(left))


def put_client(lock: Lock, library: LockedLibrary, client: LockedClient) -> Lock:
    """Keep what was generated of a library; a library that is not pinned is, one that is stays as it is pinned."""
    pinned = next((one for one in lock.libraries if same_library(one, library)), library)
    others = [one for one in pinned.clients if (one.target, one.output) != (client.target, client.output)]
    clients = tuple(sorted((*others, client), key=lambda one: (one.target, one.output)))
    return put_library(lock, msgspec.structs.replace(pinned, clients=clients))


def find_client(library: LockedLibrary | None, target: str, output: str) -> LockedClient | None:
    """Return what is known of a client; None when nothing is."""
    clients = () if library is None else library.clients
    return next((one for one in clients if (one.target, one.output) == (target, output)), None)


def relative_to_lock(place: Path, lock: Path) -> str | None:
    """Write a path as the lock does: relative to its folder; None for one that is named as a place of this machine."""
    folder, whole = absolute(lock).parent, absolute(place)
    if place.is_absolute() and not whole.is_relative_to(folder):
        return None
    try:
        return PurePath(os.path.relpath(whole, folder)).as_posix()
    except ValueError:
        # Another drive.
        return None


def _sorted(libraries: Sequence[LockedLibrary]) -> tuple[LockedLibrary, ...]:
    return tuple(sorted(libraries, key=lambda one: (one.name, one.target.python_version, one.target.platform)))
