"""One JSON document a line, one line a finding or a change, for tools that read streams."""

from collections.abc import Iterator, Sequence

import msgspec

from pybridge.codec import encode
from pybridge.model.change import Change
from pybridge.model.drift import DriftReport
from pybridge.report.rows import Row, row


class FindingLine(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="finding"):
    """A finding."""

    library: str
    finding: Row


class ChangeLine(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="change"):
    """A change, whatever it means."""

    library: str
    change: Change


def write(reports: Sequence[DriftReport]) -> str:
    """Write the findings of every comparison, worst first, and then its changes; nothing when there are none."""
    return "".join(encode(line).decode() + "\n" for report in reports for line in _lines(report))


def _lines(report: DriftReport) -> Iterator[FindingLine | ChangeLine]:
    for finding in report.findings:
        yield FindingLine(library=report.new.library, finding=row(finding))
    for change in report.changes:
        yield ChangeLine(library=report.new.library, change=change)
