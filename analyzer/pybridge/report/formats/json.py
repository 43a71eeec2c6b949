"""One JSON document: every finding with all verdicts and both places, and every change."""

from pybridge.codec import encode_pretty
from pybridge.model.drift import DRIFT_SCHEMA, DriftReport
from pybridge.report.rows import row


def write(report: DriftReport) -> str:
    """Write the report as indented canonical JSON."""
    document = {
        "schema": DRIFT_SCHEMA,
        "old": report.old,
        "new": report.new,
        "profile": report.profile,
        "findings": [row(one) for one in report.findings],
        "changes": report.changes,
        "advice": report.advice,
        "remarks": report.remarks,
    }
    return encode_pretty(document).decode()
