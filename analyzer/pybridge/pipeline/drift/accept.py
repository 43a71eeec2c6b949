"""Letting findings through: which ones, and what the file of accepted breaks becomes."""

from collections.abc import Sequence
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path

import msgspec

from pybridge.model.drift import DriftReport, Level
from pybridge.model.finding import Finding
from pybridge.pipeline.drift.accepted import Acceptance, acceptance_of, add_to_file, is_needed, match
from pybridge.pipeline.drift.terms import Terms


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """Which findings to accept, and what to say of them."""

    rules: tuple[str, ...] = ()
    """Empty for all."""
    symbols: tuple[str, ...] = ()
    """Globs over symbols and public paths; empty for all."""
    reason: str
    expires: date | None = None
    is_pruning: bool = False
    """Whether entries that nothing needs are deleted."""


class Accepting(msgspec.Struct, frozen=True, kw_only=True):
    """What was done to the file."""

    added: tuple[Acceptance, ...]
    dropped: tuple[Acceptance, ...]


def accept(reports: Sequence[DriftReport], terms: Terms, path: Path, choice: Choice) -> Accepting:
    """Add an entry for each chosen error that has none yet.

    Where a rule or a symbol is named, warnings are accepted as well; without, errors only.

    Raises:
        SettingsRefused: the file cannot be read.
        OutputRefused: it cannot be written.
    """
    findings = [one.finding for report in reports for one in report.findings]
    wanted = [one.finding for report in reports for one in report.findings if _is_worth(one.level, choice)]
    chosen = [one for one in wanted if _is_chosen(one, choice) and match(terms.acceptances, one, terms.today) is None]
    added = tuple(acceptance_of(one, choice.reason, choice.expires) for one in chosen)
    unneeded = [one for one in terms.acceptances if not is_needed(one, findings, terms.today)]
    dropped = tuple(unneeded) if choice.is_pruning else ()
    if added or dropped:
        add_to_file(path, added, without=dropped)
    return Accepting(added=added, dropped=dropped)


def _is_worth(level: Level, choice: Choice) -> bool:
    is_named = bool(choice.rules or choice.symbols)
    return level is Level.ERROR or (is_named and level is Level.WARNING)


def _is_chosen(finding: Finding, choice: Choice) -> bool:
    is_rule = not choice.rules or finding.rule in choice.rules or finding.name in choice.rules
    names = (finding.symbol, finding.public_path)
    return is_rule and (not choice.symbols or any(fnmatchcase(name, glob) for glob in choice.symbols for name in names))
