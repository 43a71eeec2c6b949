"""What differs between two sides that are not the same, judged: the part of a comparison that loads every rule."""

from collections.abc import Collection, Iterator, Mapping

import msgspec

from pybridge.compat import Library
from pybridge.compat.judge import judge_findings, judge_pairs, severity
from pybridge.compat.versions import advise
from pybridge.diff import diff
from pybridge.model.change import Change
from pybridge.model.drift import Advice, JudgedFinding, Level
from pybridge.model.finding import Finding
from pybridge.model.library import LibraryDescriptor, Module
from pybridge.model.names import ModuleName
from pybridge.pipeline.drift.accepted import match
from pybridge.pipeline.drift.levels import is_moved_on_purpose, level_of, with_bump
from pybridge.pipeline.drift.places import place_of
from pybridge.pipeline.drift.terms import Terms
from pybridge.pipeline.sides import Side

_LEVELS = tuple(Level)


class Differences(msgspec.Struct, frozen=True, kw_only=True):
    """All that is between two sides."""

    findings: tuple[JudgedFinding, ...]
    """Worst first."""
    changes: tuple[Change, ...]
    advice: Advice


def differences(old: Side, new: Side, terms: Terms) -> Differences:
    """Judge what differs, and list it."""
    same = {name for name, blob in old.blobs.items() if new.blobs.get(name) == blob}
    # Of modules that both have, the new side's are the cheaper ones to read: those of a store are packed.
    before = Library(old.header, _SharedModules(old.modules, new.modules, same))
    after = Library(new.header, new.modules)
    found = [with_bump(one, terms.settings) for one in judge_pairs(before, after)]
    new_paths = frozenset(one.path for one in after.public_names()) if terms.settings.moves else frozenset()
    judged = [_judged(one, old, new, terms, new_paths) for one in found]
    counted = [one.finding for one in judged if one.level is not Level.ALLOWED]
    judged += [_judged(one, old, new, terms, new_paths) for one in judge_findings(before, after, counted)]
    return Differences(
        findings=tuple(sorted(judged, key=_worst_first)),
        changes=diff(*_what_differs(old, new, same)),
        advice=advise(old.header.version, new.header.version, counted),
    )


class _SharedModules(Mapping[ModuleName, Module]):
    """A side's modules, of which those that are the same on the other side are the other's very objects: read once."""

    def __init__(
        self, own: Mapping[ModuleName, Module], other: Mapping[ModuleName, Module], same: Collection[ModuleName]
    ) -> None:
        self._own, self._other, self._same = own, other, same

    def __getitem__(self, name: ModuleName) -> Module:
        return (self._other if name in self._same else self._own)[name]

    def __iter__(self) -> Iterator[ModuleName]:
        return iter(self._own)

    def __len__(self) -> int:
        return len(self._own)


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
