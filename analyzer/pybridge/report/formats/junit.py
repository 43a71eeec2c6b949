"""JUnit XML, which every CI server shows: a test case a finding, failed where it is an error."""

import re
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from pybridge.codec.printable import printable
from pybridge.model.drift import DriftReport, JudgedFinding, Level
from pybridge.report.rows import file_of, title

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot say, even escaped."""


def write(reports: Sequence[DriftReport]) -> str:
    """Write a suite a library; a comparison without findings is one case that passed."""
    suites = "".join(_suite(one) for one in reports)
    return f'<?xml version="1.0" encoding="utf-8"?>\n<testsuites>\n{suites}</testsuites>\n'


def _suite(report: DriftReport) -> str:
    cases = [_case(one, report) for one in report.findings] or [
        f'    <testcase classname={_attribute(report.new.library)} name="no drift"/>'
    ]
    failures = sum(one.level is Level.ERROR for one in report.findings)
    skipped = sum(one.level is Level.ALLOWED for one in report.findings)
    name = _attribute(f"pybridge drift {report.new.library}")
    counts = f'tests="{len(cases)}" failures="{failures}" skipped="{skipped}" errors="0"'
    body = "\n".join(cases)
    return f"  <testsuite name={name} {counts}>\n{body}\n  </testsuite>\n"


def _case(one: JudgedFinding, report: DriftReport) -> str:
    name = f"classname={_attribute(one.finding.symbol)} name={_attribute(f'{one.finding.rule} {title(one)}')}"
    place, side = (one.new, report.new) if one.new is not None else (one.old, report.old)
    where = f"{file_of(place, side)}:{place.line}\n" if place is not None else ""
    sides = f"old: {one.finding.old_text or ''}\nnew: {one.finding.new_text or ''}\n"
    message = _attribute(one.finding.message)
    match one.level:
        case Level.ERROR:
            inner = f"<failure type={_attribute(one.finding.name)} message={message}>{_text(where + sides)}</failure>"
        case Level.ALLOWED:
            inner = f"<skipped message={_attribute(one.accepted or 'allowed by the settings')}/>"
        case _:
            told = f"{one.level.value}: {one.finding.message}\n{where}{sides}"
            inner = f"<system-out>{_text(told)}</system-out>"
    return f"    <testcase {name}>{inner}</testcase>"


def _attribute(text: str) -> str:
    return quoteattr(_NOT_XML.sub("\ufffd", printable(text)))


def _text(text: str) -> str:
    return escape(_NOT_XML.sub("\ufffd", "\n".join(printable(line) for line in text.split("\n"))))
