"""Annotations of a pull request on GitHub: workflow commands, the most severe first and no more than are shown.

GitHub shows ten annotations of a kind a step and drops the rest without a word; the last line tells how many there were.
Source: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from collections.abc import Sequence

from pybridge.codec.printable import printable
from pybridge.model.drift import DriftReport, JudgedFinding, Level
from pybridge.report.rows import file_of, told
from pybridge.report.totals import summary_lines

SHOWN = 10
"""Annotations of one kind that GitHub shows a step."""
_COMMANDS = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "notice"}


def write(reports: Sequence[DriftReport]) -> str:
    """Write workflow commands, then the totals as plain text."""
    lines: list[str] = []
    for level, command in _COMMANDS.items():
        every = [(one, report) for report in reports for one in report.findings if one.level is level]
        shown = every[:SHOWN] if len(every) <= SHOWN else every[: SHOWN - 1]
        lines += [_command(command, one, report) for one, report in shown]
        if len(every) > len(shown):
            lines.append(f"::{command}::{_data(f'{len(every) - len(shown)} more: see the summary of this job')}")
    lines += [_plain(line) for report in reports for line in summary_lines(report)]
    return "".join(f"{one}\n" for one in lines)


def _command(command: str, one: JudgedFinding, report: DriftReport) -> str:
    place, side = (one.new, report.new) if one.new is not None else (one.old, report.old)
    properties = {"title": f"{one.finding.rule} {one.finding.name}"}
    if place is not None:
        properties |= {"file": file_of(place, side) or "", "line": str(place.line), "col": str(place.column)}
    shown = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{command} {shown}::{_data(told(one))}"


def _data(text: str) -> str:
    """Escape what a command says; a runner undoes exactly this."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _plain(text: str) -> str:
    """Write a line that no runner takes for a command."""
    return printable(text).replace("::", ": :")
