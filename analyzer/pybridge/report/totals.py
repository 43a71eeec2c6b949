"""The sum of a comparison in a few lines."""

from collections import Counter

from pybridge.model.drift import DriftReport, Level
from pybridge.model.finding import Bump

_WORDS = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "note", Level.ALLOWED: "allowed"}


def summary_lines(report: DriftReport) -> tuple[str, ...]:
    """Count by level, and say which version step is asked for and whether it was made."""
    counts = Counter(one.level for one in report.findings)
    told = ", ".join(_counted(counts[level], level) for level in Level if counts[level]) or "no findings"
    changes = f"{len(report.changes)} change{'' if len(report.changes) == 1 else 's'}"
    return (f"{report.old.label} -> {report.new.label}: {told}, {changes}", *_advice(report))


def _counted(count: int, level: Level) -> str:
    word = _WORDS[level]
    return f"{count} {word}{'s' if count != 1 and level is not Level.ALLOWED else ''}"


def _advice(report: DriftReport) -> tuple[str, ...]:
    advice = report.advice
    if advice.required is Bump.NONE:
        return ()
    because = f" ({', '.join(advice.reasons)})" if advice.reasons else ""
    if advice.declared is None:
        return (f"requires a {advice.required.value} version step{because}",)
    state = "is" if advice.is_enough else "is less than is needed: it is"
    return (
        f"requires a {advice.required.value} version step{because}; the declared one {state} {advice.declared.value}",
    )
