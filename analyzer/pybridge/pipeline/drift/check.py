"""The source as it is now against what was agreed on: the lock, or another baseline."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from pybridge.errors import BaselineMissing, SnapshotNotFound
from pybridge.model.drift import DriftReport
from pybridge.model.lock import Lock, LockedLibrary
from pybridge.pipeline.drift.compare import compare, only_new, unchanged
from pybridge.pipeline.drift.terms import Terms
from pybridge.pipeline.lock import read_lock
from pybridge.pipeline.request import AnalyzeRequest, Places
from pybridge.pipeline.sides import Side, obtain_side, stored_side
from pybridge.protocols import Progress

_LATEST_TAG = "latest-tag"


class CheckRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What to check against what."""

    lock: Path
    libraries: tuple[str, ...] = ()
    """Names in the lock; empty for all of them."""
    source: AnalyzeRequest | None = None
    """What to check where no lock says it; None to take what the lock says."""
    against: str | None = None
    """A side, or ``latest-tag`` of the source's repository; None for what the lock has pinned."""
    new_since: str | None = None
    """A revision: what differed already where this branch left it is not told."""


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """One library, checked."""

    report: DriftReport
    new: Side


def check(request: CheckRequest, terms: Terms, places: Places, progress: Progress) -> Iterator[Checked]:
    """Compare each library with its baseline.

    Raises:
        BaselineMissing: there is nothing to compare with: that is never the same as no drift.
        LockUnusable, SideUnclear, SourceUnreadable, DistributionNotFound, StoreError: see `obtain_side`.
    """
    for one in _subjects(request):
        yield _checked(one, request, terms, places, progress)


def _baseline_side(subject: "_Subject", request: AnalyzeRequest, places: Places, progress: Progress) -> Side:
    if subject.pinned is not None:
        if not places.store.exists():
            raise BaselineMissing(subject.baseline, f"there is no store at {places.store}")
        return stored_side(subject.pinned.name, subject.pinned.descriptor_digest, request, places)
    return obtain_side(subject.baseline, request, places, progress)


def watched_folders(request: CheckRequest) -> tuple[Path, ...]:
    """Name the folders whose files decide what a check finds: sources, and where the lock is."""
    subjects = tuple(_subjects(request))
    sources = [one.source.path or one.source.site_packages for one in subjects]
    return tuple(dict.fromkeys((*(one for one in sources if one is not None), request.lock.absolute().parent)))


class _Subject(msgspec.Struct, frozen=True, kw_only=True):
    """A library, how to read it now, and the baseline's name."""

    now: str
    source: AnalyzeRequest
    baseline: str
    pinned: LockedLibrary | None = None
    """What the lock says, where that is the baseline."""


def _checked(subject: _Subject, request: CheckRequest, terms: Terms, places: Places, progress: Progress) -> Checked:
    new = obtain_side(subject.now, subject.source, places, progress)
    if subject.pinned is not None and subject.pinned.descriptor_digest == new.digest:
        return Checked(report=unchanged(subject.pinned.version, new, terms), new=new)
    target = msgspec.structs.replace(subject.source, target=new.header.target)
    try:
        old = _baseline_side(subject, target, places, progress)
    except SnapshotNotFound as error:
        raise BaselineMissing(subject.baseline, error.message) from error
    report = compare(old, new, terms)
    if request.new_since is not None and report.findings:
        base = obtain_side(f"git:merge-base({request.new_since})", target, places, progress)
        report = only_new(report, compare(old, base, terms))
    return Checked(report=report, new=new)


def _subjects(request: CheckRequest) -> Iterator[_Subject]:
    if request.source is not None:
        if request.against is None:
            raise BaselineMissing("the lock", "a source that is named by hand has no baseline in it")
        now = str(request.source.path) if request.source.path is not None else request.source.name or ""
        yield _Subject(now=now, source=request.source, baseline=_baseline(request.against))
        return
    lock = read_lock(request.lock)
    for one in _chosen(lock, request):
        source = _source(one, request.lock.parent)
        baseline = f"{one.name}@{one.descriptor_digest}" if request.against is None else _baseline(request.against)
        yield _Subject(
            now=str(source.path) if source.path is not None else one.name,
            source=source,
            baseline=baseline,
            pinned=one if request.against is None else None,
        )


def _chosen(lock: Lock, request: CheckRequest) -> Sequence[LockedLibrary]:
    if not lock.libraries:
        raise BaselineMissing(str(request.lock), "it pins no library")
    unknown = [name for name in request.libraries if all(one.name != name for one in lock.libraries)]
    if unknown:
        raise BaselineMissing(str(request.lock), f"it does not pin {unknown[0]!r}")
    return [one for one in lock.libraries if not request.libraries or one.name in request.libraries]


def _source(one: LockedLibrary, folder: Path) -> AnalyzeRequest:
    return AnalyzeRequest(
        name=one.name,
        site_packages=folder / one.site_packages if one.site_packages is not None else None,
        path=folder / one.path if one.path is not None else None,
        target=one.target,
        include_tests=one.includes_tests,
    )


def _baseline(against: str) -> str:
    return f"git:{_LATEST_TAG}" if against == _LATEST_TAG else against
