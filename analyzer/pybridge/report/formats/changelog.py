"""An entry for a changelog, in the sections of Keep a Changelog, for a person to edit."""

from collections.abc import Iterator, Sequence

from pybridge.model.drift import DriftReport, JudgedFinding
from pybridge.model.finding import Verdict
from pybridge.report.escaping import code, prose

_ADDED = frozenset({"PB101", "PB103", "PB502"})
_REMOVED = frozenset({"PB102", "PB104", "PB501"})
_DEPRECATED = frozenset({"PB701"})


def write(reports: Sequence[DriftReport]) -> str:
    """Write what users meet, section by section, breaks marked; an entry a library."""
    return "\n".join(_version(one) for one in reports)


def _version(report: DriftReport) -> str:
    lines = [f"## {report.new.version or 'Unreleased'}", ""]
    for title, every in _sections(report.findings):
        lines += [f"### {title}", "", *(_entry(one) for one in every), ""]
    if len(lines) == 2:
        lines += ["Nothing of the public API changed.", ""]
    return "\n".join(lines)


def _sections(findings: tuple[JudgedFinding, ...]) -> Iterator[tuple[str, list[JudgedFinding]]]:
    groups: dict[str, list[JudgedFinding]] = {"Removed": [], "Changed": [], "Deprecated": [], "Added": []}
    for one in sorted(findings, key=lambda one: (one.finding.public_path, one.finding.rule)):
        groups[_section(one.finding.rule)].append(one)
    yield from ((title, every) for title, every in groups.items() if every)


def _section(rule: str) -> str:
    for title, rules in (("Added", _ADDED), ("Removed", _REMOVED), ("Deprecated", _DEPRECATED)):
        if rule in rules:
            return title
    return "Changed"


def _entry(one: JudgedFinding) -> str:
    verdict = one.finding.verdict
    is_break = Verdict.BREAKING in (verdict.source, verdict.typing, verdict.subclass, verdict.bridge)
    mark = "**Breaking**: " if is_break else ""
    return f"- {mark}{code(one.finding.public_path)}: {prose(one.finding.message)}"
