"""One JSON document: every finding with all verdicts and both places, and every change."""

from collections.abc import Sequence

from pybridge.codec import encode_pretty
from pybridge.model.drift import DRIFT_SCHEMA, DriftReport
from pybridge.report.rows import row

CHECK_SCHEMA = "pybridge.check/1"


def write(reports: Sequence[DriftReport]) -> str:
    """Write one comparison as indented canonical JSON; several as a document with all of them."""
    if len(reports) == 1:
        return encode_pretty(_document(reports[0])).decode()
    return write_check(reports)


def write_check(reports: Sequence[DriftReport]) -> str:
    """Write any number of comparisons as one document, whose shape does not depend on how many there are."""
    return encode_pretty({"schema": CHECK_SCHEMA, "reports": [_document(one) for one in reports]}).decode()


def _document(report: DriftReport) -> dict[str, object]:
    return {
        "schema": DRIFT_SCHEMA,
        "old": report.old,
        "new": report.new,
        "profile": report.profile,
        "findings": [row(one) for one in report.findings],
        "changes": report.changes,
        "advice": report.advice,
        "remarks": report.remarks,
    }
