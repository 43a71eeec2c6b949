"""GitLab's Code Quality report.

Source: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from collections.abc import Sequence

from pybridge.codec import encode_pretty
from pybridge.model.drift import DriftReport, JudgedFinding, Level
from pybridge.report.rows import file_of, told

_SEVERITIES = {Level.ERROR: "critical", Level.WARNING: "major", Level.NOTE: "info", Level.ALLOWED: "info"}


def write(reports: Sequence[DriftReport]) -> str:
    """Write the findings that nobody allowed as a JSON array."""
    told = [(one, report) for report in reports for one in report.findings if one.level is not Level.ALLOWED]
    return encode_pretty([_issue(one, report) for one, report in told]).decode()


def _issue(one: JudgedFinding, report: DriftReport) -> dict[str, object]:
    place, side = (one.new, report.new) if one.new is not None else (one.old, report.old)
    return {
        "description": told(one),
        "check_name": one.finding.rule,
        "fingerprint": one.finding.fingerprint,
        "severity": _SEVERITIES[one.level],
        "location": {"path": file_of(place, side) or side.library, "lines": {"begin": place.line if place else 1}},
    }
