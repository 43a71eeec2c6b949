"""Markdown for a pull request or a job's summary: a table a level, both sides folded away."""

from collections.abc import Iterator, Sequence

from pybridge.model.drift import DriftReport, JudgedFinding, Level
from pybridge.report.escaping import code, prose
from pybridge.report.rows import file_of
from pybridge.report.totals import summary_lines

_TITLES = {Level.ERROR: "Breaking", Level.WARNING: "Risky", Level.NOTE: "Notes", Level.ALLOWED: "Allowed"}
_SHOWN_SIDES = 50


def write(reports: Sequence[DriftReport]) -> str:
    """Write the totals, a table for each level that has findings, and both sides of the first ones."""
    return "\n".join("".join(f"{line}\n" for line in _lines(one)) for one in reports)


def _lines(report: DriftReport) -> Iterator[str]:
    yield f"## Drift of {prose(report.new.library)}"
    yield ""
    for line in summary_lines(report):
        yield f"{prose(line)}  "
    for one in report.remarks:
        yield f"- **{one.severity.value}**: {prose(one.message)}"
    for level in Level:
        every = [one for one in report.findings if one.level is level]
        if every:
            yield from ("", f"### {_TITLES[level]} ({len(every)})", "", *_table(every, report))
    yield from _sides([one for one in report.findings if one.finding.old_text or one.finding.new_text])


def _table(every: list[JudgedFinding], report: DriftReport) -> Iterator[str]:
    yield "| rule | symbol | what | where |"
    yield "|---|---|---|---|"
    for one in every:
        place, side = (one.new, report.new) if one.new is not None else (one.old, report.old)
        where = code(f"{file_of(place, side)}:{place.line}") if place is not None else ""
        told = f"{one.finding.message} (accepted: {one.accepted})" if one.accepted else one.finding.message
        yield f"| {one.finding.rule} | {code(one.finding.public_path)} | {prose(told)} | {where} |"


def _sides(every: list[JudgedFinding]) -> Iterator[str]:
    if not every:
        return
    yield from ("", "<details><summary>Both sides</summary>", "")
    for one in every[:_SHOWN_SIDES]:
        yield f"{one.finding.rule} {code(one.finding.public_path)}"
        yield ""
        yield f"- old: {code(one.finding.old_text or '')}"
        yield f"- new: {code(one.finding.new_text or '')}"
        yield ""
    if len(every) > _SHOWN_SIDES:
        yield f"{len(every) - _SHOWN_SIDES} more."
        yield ""
    yield "</details>"
