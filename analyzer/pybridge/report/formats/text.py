"""For people at a terminal: both sides, what differs in them marked, and what to do."""

from collections.abc import Iterator, Sequence

from pybridge.codec.printable import printable
from pybridge.model.diagnostic import Diagnostic
from pybridge.model.drift import DriftReport, DriftSide, JudgedFinding, Level
from pybridge.model.finding import Audience
from pybridge.model.source import Place
from pybridge.report.marks import marks
from pybridge.report.rows import file_of, title
from pybridge.report.totals import summary_lines


def write(reports: Sequence[DriftReport]) -> str:
    """Write every finding with both sides, remarks on the comparison, then the totals; library after library."""
    return "\n".join(_report(one) for one in reports)


def _report(report: DriftReport) -> str:
    blocks = [
        "\n".join(_finding(one, report)) for one in report.findings if one.level is not Level.ALLOWED or one.accepted
    ]
    remarks = [line for one in report.remarks for line in remark_lines(one)]
    closing = "\n".join((*remarks, *summary_lines(report)))
    return "\n\n".join(_shown(one) for one in (*blocks, closing)) + "\n"


def remark_lines(one: Diagnostic) -> tuple[str, ...]:
    """Write a remark on the comparison itself."""
    told = f"{one.severity.value}[{one.code}] {one.message}"
    return (told, f"  hint: {one.hint}") if one.hint else (told,)


def _finding(one: JudgedFinding, report: DriftReport) -> Iterator[str]:
    finding = one.finding
    yield f"{one.level.value}[{finding.rule}] {title(one)}: {finding.message}"
    old_marks, new_marks = marks(finding.old_text or "", finding.new_text or "")
    yield from _side("old", one.old, report.old, finding.old_text, old_marks)
    yield from _side("new", one.new, report.new, finding.new_text, new_marks)
    hit = ", ".join(f"{audience.value} {finding.verdict.of(audience).value}" for audience in Audience)
    yield f"  {hit}; requires {finding.requires.value}"
    if one.accepted is not None:
        yield f"  accepted: {one.accepted}"
    if finding.hint:
        yield f"  hint: {finding.hint}"


def _side(word: str, place: Place | None, side: DriftSide, text: str | None, below: str) -> Iterator[str]:
    where = f"{file_of(place, side)}:{place.line}:{place.column}" if place is not None else "(place not known)"
    yield f"  {word} --> {where}"
    if text is not None:
        yield f"      {text}"
        if below:
            yield f"      {below}"


def _shown(text: str) -> str:
    return "\n".join(printable(line) for line in text.split("\n"))
