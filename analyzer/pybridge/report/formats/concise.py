"""One line a finding, as compilers do: place, rule, what happened."""

from collections.abc import Sequence

from pybridge.codec.printable import printable
from pybridge.model.drift import DriftReport, JudgedFinding, Level
from pybridge.report.rows import spot, title
from pybridge.report.totals import summary_lines


def write(reports: Sequence[DriftReport]) -> str:
    """Write the findings that somebody has to look at, then the totals."""
    lines = [line(one) for report in reports for one in report.findings if one.level is not Level.ALLOWED]
    totals = [line for report in reports for line in summary_lines(report)]
    return "".join(printable(one) + "\n" for one in (*lines, *totals))


def line(one: JudgedFinding) -> str:
    """Write a finding in one line, at the new place."""
    place = one.new or one.old
    return f"{spot(place)}: {one.level.value}[{one.finding.rule}] {title(one)}: {one.finding.message}"
