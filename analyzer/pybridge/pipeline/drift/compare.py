"""Two sides become a `DriftReport`."""

from collections.abc import Iterator, Sequence
from datetime import date

import msgspec

from pybridge.compat import Library, judge
from pybridge.compat.judge import severity
from pybridge.compat.versions import advise
from pybridge.diff.compare import diff
from pybridge.model.change import Change
from pybridge.model.diagnostic import Diagnostic, Severity
from pybridge.model.drift import DriftReport, DriftSide, JudgedFinding, Level
from pybridge.model.finding import Audience, Finding
from pybridge.model.library import LibraryDescriptor
from pybridge.pipeline.drift.accepted import Acceptance, left_over, match
from pybridge.pipeline.drift.levels import is_moved_on_purpose, level_of, with_bump
from pybridge.pipeline.drift.places import place_of
from pybridge.pipeline.drift.settings import DriftSettings
from pybridge.pipeline.sides import Side, remarks_on

_LEVELS = tuple(Level)


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """How to judge a comparison."""

    settings: DriftSettings
    profile: tuple[Audience, ...]
    acceptances: tuple[Acceptance, ...] = ()
    today: date


def compare(old: Side, new: Side, terms: Terms) -> DriftReport:
    """Find what differs and what it means. Sides with one digest differ in nothing, and are not even read."""
    findings: tuple[Finding, ...] = ()
    changes: tuple[Change, ...] = ()
    judged: list[JudgedFinding] = []
    if old.digest != new.digest:
        after = Library(new.header, new.modules)
        found = judge(Library(old.header, old.modules), after)
        findings = tuple(with_bump(one, terms.settings) for one in found)
        new_paths = frozenset(one.path for one in after.public_names()) if terms.settings.moves else frozenset()
        judged = [_judged(one, old, new, terms, new_paths) for one in findings]
        judged.sort(key=_worst_first)
        changes = diff(*_what_differs(old, new))
    counted = [one.finding for one in judged if one.level is not Level.ALLOWED]
    return DriftReport(
        old=_side(old),
        new=_side(new),
        profile=terms.profile,
        findings=tuple(judged),
        changes=changes,
        advice=advise(old.header.version, new.header.version, counted),
        remarks=(*remarks_on(old, new), *_incomplete(old, new), *left_over(terms.acceptances, findings, terms.today)),
    )


def _what_differs(old: Side, new: Side) -> tuple[LibraryDescriptor, LibraryDescriptor]:
    """Both descriptors without the modules that are the same in both: they differ in nothing."""
    same = {name for name, blob in old.blobs.items() if new.blobs.get(name) == blob}
    before, after = (
        msgspec.structs.replace(
            side.header, modules=tuple(side.modules[name] for name in side.modules if name not in same)
        )
        for side in (old, new)
    )
    return before, after


def _worst_first(one: JudgedFinding) -> tuple[object, ...]:
    return _LEVELS.index(one.level), *severity(one.finding), one.finding.symbol, one.finding.rule, one.finding.part


def is_failing(report: DriftReport, at: Level) -> bool:
    """Tell whether something is as bad as a level, or worse."""
    return any(_LEVELS.index(one.level) <= _LEVELS.index(at) for one in report.findings)


def only_new(report: DriftReport, before: DriftReport) -> DriftReport:
    """Leave out the findings that an earlier comparison had already."""
    known = {one.finding.fingerprint for one in before.findings}
    return msgspec.structs.replace(
        report, findings=tuple(one for one in report.findings if one.finding.fingerprint not in known)
    )


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


def _side(side: Side) -> DriftSide:
    return DriftSide(
        label=side.label,
        library=side.header.name,
        version=side.header.version,
        digest=side.digest,
        folder=side.folder,
        is_incomplete=side.is_incomplete,
    )


def _incomplete(*sides: Side) -> Iterator[Diagnostic]:
    for side in sides:
        if side.is_incomplete:
            yield Diagnostic(
                code="side-incomplete",
                severity=Severity.WARNING,
                message=f"parts of {side.label} could not be read: what is told of them is not certain",
                hint=_first_hint(side.diagnostics),
            )


def _first_hint(diagnostics: Sequence[Diagnostic]) -> str | None:
    errors = [one for one in diagnostics if one.severity is Severity.ERROR]
    return f"{errors[0].path or ''} {errors[0].message}".strip() if errors else None
