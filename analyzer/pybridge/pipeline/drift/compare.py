"""Two sides become a `DriftReport`."""

from collections.abc import Iterator, Sequence

import msgspec

from pybridge.model.diagnostic import Diagnostic, Severity
from pybridge.model.drift import Advice, DriftReport, DriftSide, Level
from pybridge.model.finding import Bump
from pybridge.pipeline.drift.accepted import left_over
from pybridge.pipeline.drift.terms import Terms
from pybridge.pipeline.sides import Side, remarks_on

_LEVELS = tuple(Level)


def compare(old: Side, new: Side, terms: Terms) -> DriftReport:
    """Find what differs and what it means. Sides with one digest differ in nothing, and are not even read."""
    if old.digest == new.digest:
        return _report(_side(old), new, terms, (*remarks_on(old, new), *_incomplete(old, new)))
    from pybridge.pipeline.drift.differences import differences  # noqa: PLC0415 - every rule, which few checks need

    found = differences(old, new, terms)
    findings = [one.finding for one in found.findings]
    remarks = (*remarks_on(old, new), *_incomplete(old, new), *left_over(terms.acceptances, findings, terms.today))
    return DriftReport(
        old=_side(old),
        new=_side(new),
        profile=terms.profile,
        findings=found.findings,
        changes=found.changes,
        advice=found.advice,
        remarks=remarks,
    )


def unchanged(version: str | None, new: Side, terms: Terms) -> DriftReport:
    """Report on a side whose digest is the pinned one: nothing differs, and the baseline need not be read for it."""
    name = new.header.distribution or new.header.name
    label = " ".join(part for part in (name, version, "(as pinned)") if part)
    old = DriftSide(label=label, library=new.header.name, version=version, digest=new.digest)
    return _report(old, new, terms, tuple(_incomplete(new)))


def _report(old: DriftSide, new: Side, terms: Terms, remarks: tuple[Diagnostic, ...]) -> DriftReport:
    return DriftReport(
        old=old,
        new=_side(new),
        profile=terms.profile,
        advice=Advice(required=Bump.NONE),
        remarks=(*remarks, *left_over(terms.acceptances, (), terms.today)),
    )


def is_failing(report: DriftReport, at: Level) -> bool:
    """Tell whether something is as bad as a level, or worse."""
    return any(_LEVELS.index(one.level) <= _LEVELS.index(at) for one in report.findings)


def only_new(report: DriftReport, before: DriftReport) -> DriftReport:
    """Leave out the findings that an earlier comparison had already."""
    known = {one.finding.fingerprint for one in before.findings}
    return msgspec.structs.replace(
        report, findings=tuple(one for one in report.findings if one.finding.fingerprint not in known)
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
