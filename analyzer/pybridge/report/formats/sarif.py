"""SARIF 2.1.0, as code scanning reads it.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from collections.abc import Sequence
from urllib.parse import quote

import pybridge
from pybridge.codec import encode_pretty
from pybridge.model.drift import DriftReport, DriftSide, JudgedFinding, Level
from pybridge.model.source import Place
from pybridge.report.rows import file_of, told

MAX_RESULTS = 5000
"""Code scanning shows no more of one run; the most severe are kept."""
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "note", Level.ALLOWED: "none"}


def write(reports: Sequence[DriftReport]) -> str:
    """Write a run a library; what somebody allowed is in it, suppressed."""
    return encode_pretty({"$schema": _SCHEMA, "version": "2.1.0", "runs": [_run(one) for one in reports]}).decode()


def _run(report: DriftReport) -> dict[str, object]:
    shown = report.findings[:MAX_RESULTS]
    rules = {one.finding.rule: one.finding.name for one in shown}
    ids = sorted(rules)
    driver = {
        "name": "pybridge",
        "semanticVersion": pybridge.__version__,
        "rules": [{"id": rule, "name": rules[rule], "shortDescription": {"text": rules[rule]}} for rule in ids],
    }
    return {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, ids.index(one.finding.rule), report) for one in shown],
        "automationDetails": {"id": f"pybridge/{report.new.library}/"},
        "properties": {"left_out": len(report.findings) - len(shown)},
    }


def _result(one: JudgedFinding, index: int, report: DriftReport) -> dict[str, object]:
    finding = one.finding
    result: dict[str, object] = {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": _LEVELS[one.level],
        "message": {"text": told(one)},
        "partialFingerprints": {"pybridge/v1": finding.fingerprint},
        "properties": {"symbol": finding.symbol, "requires": finding.requires, "verdict": finding.verdict},
    }
    if one.new is not None or one.old is not None:
        place, side = (one.new, report.new) if one.new is not None else (one.old, report.old)
        result["locations"] = [{"physicalLocation": _location(place, side), "logicalLocations": [_logical(one)]}]
    if one.old is not None and one.new is not None:
        related = {"id": 1, "message": {"text": "the old side"}, "physicalLocation": _location(one.old, report.old)}
        result["relatedLocations"] = [related]
    if one.level is Level.ALLOWED:
        reason = one.accepted or "allowed by the settings"
        result["suppressions"] = [{"kind": "external", "justification": reason}]
    return result


def _location(place: Place | None, side: DriftSide) -> dict[str, object]:
    assert place is not None
    region = {"startLine": place.line, "startColumn": place.column}
    return {"artifactLocation": {"uri": quote(file_of(place, side) or "")}, "region": region}


def _logical(one: JudgedFinding) -> dict[str, str]:
    return {"fullyQualifiedName": one.finding.public_path}
