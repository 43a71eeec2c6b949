"""What differs between two sides that are not the same, judged: the part of a comparison that loads every rule."""

from collections.abc import Collection, Iterator, Mapping
from typing import TypeVar

import msgspec

from pybridge.compat import Library
from pybridge.compat.judge import judge_findings, judge_pairs, severity
from pybridge.compat.library import Outline
from pybridge.compat.versions import advise
from pybridge.diff import diff
from pybridge.model.change import Change
from pybridge.model.drift import Advice, JudgedFinding, Level
from pybridge.model.finding import Finding
from pybridge.model.library import LibraryDescriptor
from pybridge.model.names import ModuleName
from pybridge.pipeline.drift.accepted import match
from pybridge.pipeline.drift.levels import is_moved_on_purpose, level_of, with_bump
from pybridge.pipeline.drift.places import place_of
from pybridge.pipeline.drift.terms import Terms
from pybridge.pipeline.sides import Side
from pybridge.pipeline.sides.kept import KeptModules

T = TypeVar("T")
_LEVELS = tuple(Level)


class Differences(msgspec.Struct, frozen=True, kw_only=True):
    """All that is between two sides."""

    findings: tuple[JudgedFinding, ...]
    """Worst first."""
    changes: tuple[Change, ...]
    advice: Advice


def differences(old: Side, new: Side, terms: Terms, *, is_whole: bool = False) -> Differences:
    """Judge what differs, and list it.

    Modules with equal blobs are the same on both sides, and are read where the others concern them. ``is_whole`` reads
    and walks all of them: it finds no more, and is there to show that.
    """
    same = frozenset(name for name, blob in old.blobs.items() if new.blobs.get(name) == blob)
    # Of modules that both have, the new side's are the cheaper ones to read: those of a store are packed.
    outlines = _outlines(new)
    before = Library(
        old.header, _Shared(old.modules, new.modules, same), outlines and _Shared(old.modules, outlines, same)
    )
    after = Library(new.header, new.modules, outlines)
    passed = frozenset() if is_whole or not _decide_alike(old.header, new.header) else same
    found = [with_bump(one, terms.settings) for one in judge_pairs(before, after, has_quiet=is_whole, same=passed)]
    new_paths = frozenset(one.path for one in after.public_names()) if terms.settings.moves else frozenset()
    judged = [_judged(one, old, new, terms, new_paths) for one in found]
    counted = [one.finding for one in judged if one.level is not Level.ALLOWED]
    judged += [_judged(one, old, new, terms, new_paths) for one in judge_findings(before, after, counted)]
    return Differences(
        findings=tuple(sorted(judged, key=_worst_first)),
        changes=diff(*_what_differs(old, new, same)),
        advice=advise(old.header.version, new.header.version, counted),
    )


class _Shared(Mapping[ModuleName, T]):
    """What is said of a side's modules, where those that are the same on the other side are the other's very objects."""

    def __init__(
        self, own: Mapping[ModuleName, T], other: Mapping[ModuleName, T], same: Collection[ModuleName]
    ) -> None:
        self._own, self._other, self._same = own, other, same

    def __getitem__(self, name: ModuleName) -> T:
        return (self._other if name in self._same else self._own)[name]

    def __contains__(self, name: object) -> bool:
        return name in self._own

    def __iter__(self) -> Iterator[ModuleName]:
        return iter(self._own)

    def __len__(self) -> int:
        return len(self._own)


def _outlines(side: Side) -> Mapping[ModuleName, Outline] | None:
    """The little that is asked of every module; None where reading the whole of it costs no more."""
    return side.modules.read_as(Outline) if isinstance(side.modules, KeptModules) else None


def _decide_alike(old: LibraryDescriptor, new: LibraryDescriptor) -> bool:
    """Tell whether what is said of both libraries as wholes means the same for any module of theirs."""
    sides = [(one.name, one.roots, one.target, one.skipped) for one in (old, new)]
    return sides[0] == sides[1]


def _what_differs(old: Side, new: Side, same: Collection[ModuleName]) -> tuple[LibraryDescriptor, LibraryDescriptor]:
    """Both descriptors without the modules that are the same in both: they differ in nothing."""
    before, after = (
        msgspec.structs.replace(
            side.header, modules=tuple(side.modules[name] for name in side.modules if name not in same)
        )
        for side in (old, new)
    )
    return before, after


def _worst_first(one: JudgedFinding) -> tuple[object, ...]:
    return _LEVELS.index(one.level), *severity(one.finding), one.finding.symbol, one.finding.rule, one.finding.part


def _judged(finding: Finding, old: Side, new: Side, terms: Terms, new_paths: frozenset[str]) -> JudgedFinding:
    acceptance = match(terms.acceptances, finding, terms.today)
    reason = acceptance.reason if acceptance is not None else None
    if reason is None and is_moved_on_purpose(finding, terms.settings, new_paths):
        reason = f"moved to {terms.settings.moves[finding.public_path]}"
    level = level_of(finding, terms.settings, terms.profile) if reason is None else Level.ALLOWED
    return JudgedFinding(
        finding=finding,
        level=level,
        old=place_of(finding.old_symbol, old.source_map) if old.source_map else None,
        new=place_of(finding.new_symbol, new.source_map) if new.source_map else None,
        accepted=reason,
    )
