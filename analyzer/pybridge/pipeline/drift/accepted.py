"""Breaks that somebody let through: a file of entries, each for one break of one symbol, with a reason."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import msgspec

from pybridge.model.diagnostic import Diagnostic, Severity
from pybridge.model.finding import Finding
from pybridge.pipeline.drift.settings import FoundSettings, convert, read_toml
from pybridge.pipeline.write import write_file

FILE_NAME = "pybridge-accepted.toml"
_SHOWN_DIGITS = 16


class Acceptance(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One break that is let through, and no other of its rule."""

    rule: str
    symbol: str
    part: str = ""
    fingerprint: str
    """The first digits of `Finding.fingerprint`: when either side changes again, the entry is no longer about it."""
    reason: str
    expires: date | None = None
    """The last day it counts; None for ever."""


class AcceptedFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file as a whole."""

    accept: tuple[Acceptance, ...] = ()


def accepted_path(found: FoundSettings) -> Path:
    """Say where the entries of a project are."""
    return found.folder / (found.settings.accepted or FILE_NAME)


def read_accepted(path: Path) -> tuple[Acceptance, ...]:
    """Read the entries; none where there is no file.

    Raises:
        SettingsRefused: it is no TOML, or has keys or values that mean nothing.
    """
    if not path.exists():
        return ()
    return convert(read_toml(path), AcceptedFile, path).accept


def match(acceptances: Sequence[Acceptance], finding: Finding, today: date) -> Acceptance | None:
    """Return the entry that lets a finding through; None when none does, or it has expired."""
    for one in acceptances:
        if _is_about(one, finding) and (one.expires is None or one.expires >= today):
            return one
    return None


def left_over(acceptances: Sequence[Acceptance], findings: Sequence[Finding], today: date) -> Iterator[Diagnostic]:
    """Tell entries that let nothing through, and those whose day has passed."""
    for one in acceptances:
        about = any(_is_about(one, finding) for finding in findings)
        title = f"{one.rule} {one.symbol}{f' {one.part}' if one.part else ''}"
        if about and one.expires is not None and one.expires < today:
            yield Diagnostic(
                code="acceptance-expired",
                severity=Severity.WARNING,
                message=f"the acceptance of {title} expired on {one.expires.isoformat()}",
                hint="fix the break, or accept it again with a later day",
            )
        elif not about:
            yield Diagnostic(
                code="acceptance-unused",
                severity=Severity.WARNING,
                message=f"nothing needs the acceptance of {title}",
                hint="delete the entry; `pybridge drift accept --prune` deletes all of them",
            )


def is_needed(one: Acceptance, findings: Sequence[Finding], today: date) -> bool:
    """Tell whether an entry lets something through today."""
    return any(match((one,), finding, today) for finding in findings)


def acceptance_of(finding: Finding, reason: str, expires: date | None) -> Acceptance:
    """Make the entry for a finding."""
    return Acceptance(
        rule=finding.rule,
        symbol=finding.symbol,
        part=finding.part,
        fingerprint=finding.fingerprint[:_SHOWN_DIGITS],
        reason=reason,
        expires=expires,
    )


def add_to_file(path: Path, entries: Sequence[Acceptance], *, without: Sequence[Acceptance] = ()) -> None:
    """Write entries into the file, and take others out; comments and the order of the rest stay.

    Raises:
        SettingsRefused: what is there cannot be read.
        OutputRefused: the file cannot be written.
    """
    import tomlkit  # noqa: PLC0415 - loaded only when somebody writes

    read_accepted(path)
    document = tomlkit.parse(path.read_text(encoding="utf-8")) if path.exists() else tomlkit.document()
    array = document.get("accept")
    kept = tomlkit.aot()
    if array is not None:
        dropped = [msgspec.to_builtins(one, builtin_types=(date,)) for one in without]
        for entry in array:
            if {"part": "", "expires": None, **entry.unwrap()} not in dropped:
                kept.append(entry)
    for one in entries:
        table = tomlkit.table()
        for key, value in msgspec.to_builtins(one, builtin_types=(date,)).items():
            if value not in {"", None}:
                table.add(key, value)
        kept.append(table)
    if len(kept):
        document["accept"] = kept
    else:
        document.pop("accept", None)
    write_file(path, tomlkit.dumps(document).encode())


def _is_about(one: Acceptance, finding: Finding) -> bool:
    is_place = (one.rule, one.symbol, one.part) == (finding.rule, finding.symbol, finding.part)
    return is_place and bool(one.fingerprint) and finding.fingerprint.startswith(one.fingerprint)
