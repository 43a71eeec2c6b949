"""One JSON document a line, one line a finding, for tools that read streams."""

from collections.abc import Sequence

from pybridge.codec import encode
from pybridge.model.drift import DriftReport
from pybridge.report.rows import row


def write(reports: Sequence[DriftReport]) -> str:
    """Write the findings, worst first; nothing when there are none."""
    return "".join(encode(row(one)).decode() + "\n" for report in reports for one in report.findings)
