"""A finding flattened to what most formats show of it."""

import msgspec

from pybridge.codec.printable import printable
from pybridge.model.change import Change
from pybridge.model.drift import DriftSide, JudgedFinding
from pybridge.model.finding import Verdicts
from pybridge.model.source import Place


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One finding as scripts get it."""

    rule: str
    name: str
    level: str
    symbol: str
    part: str
    public_path: str
    verdict: Verdicts
    requires: str
    message: str
    hint: str | None
    old: Place | None
    new: Place | None
    old_text: str | None
    new_text: str | None
    fingerprint: str
    accepted: str | None


def row(one: JudgedFinding) -> Row:
    """Flatten a finding."""
    finding = one.finding
    return Row(
        rule=finding.rule,
        name=finding.name,
        level=one.level.value,
        symbol=finding.symbol,
        part=finding.part,
        public_path=finding.public_path,
        verdict=finding.verdict,
        requires=finding.requires.value,
        message=finding.message,
        hint=finding.hint,
        old=one.old,
        new=one.new,
        old_text=finding.old_text,
        new_text=finding.new_text,
        fingerprint=finding.fingerprint,
        accepted=one.accepted,
    )


def spot(place: Place | None) -> str:
    """Write a place as compilers do, ``pkg/mod.py:3:1``; ``?`` where it is not known."""
    return f"{place.path}:{place.line}:{place.column}" if place is not None else "?"


def file_of(place: Place | None, side: DriftSide) -> str | None:
    """Name the file as somebody in the current folder does; None where it is not known."""
    if place is None:
        return None
    return f"{side.folder}/{place.path}" if side.folder else place.path


def title(one: JudgedFinding) -> str:
    """Name the symbol and the part that a finding is about."""
    part = f" [{one.finding.part}]" if one.finding.part else ""
    return f"{one.finding.public_path}{part}"


def told(one: JudgedFinding) -> str:
    """Say what happened to what, for people, without the control characters of a hostile name."""
    return printable(f"{title(one)}: {one.finding.message}")


def change_line(change: Change) -> str:
    """Write a change in one line."""
    member = ".".join(change.member)
    return f"{change.kind.value} {change.symbol}{f' {member}' if member else ''}"
