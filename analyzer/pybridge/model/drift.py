"""The answer to "what changed, and whom does it hit?": findings with their places, levels and acceptances."""

from enum import Enum

import msgspec

from pybridge.model.change import Change
from pybridge.model.diagnostic import Diagnostic
from pybridge.model.finding import Audience, Bump, Finding
from pybridge.model.names import Digest
from pybridge.model.source import Place

DRIFT_SCHEMA = "pybridge.drift/1"


class Level(Enum):
    """What a finding does to a run, worst first."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"
    ALLOWED = "allowed"
    """Told, and of no consequence: the settings allow it, or it was accepted."""


class DriftSide(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One of the two things compared."""

    label: str
    """As people named it, with the version."""
    library: str
    version: str | None = None
    digest: Digest
    folder: str = ""
    """What places are relative to, as seen from the current folder with forward slashes; empty for that folder itself
    and for what lies in no folder, such as a wheel."""
    is_incomplete: bool = False
    """True when a part could not be read."""


class JudgedFinding(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A finding in this comparison: where it is, and what it does to the run."""

    finding: Finding
    level: Level
    old: Place | None = None
    """None where the old side's places are not known."""
    new: Place | None = None
    accepted: str | None = None
    """The reason somebody gave for accepting it; None when nobody did."""


class Advice(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the next version has to be, by the findings."""

    required: Bump
    declared: Bump | None = None
    """The step between the two versions; None when one of them has none, or they are the same."""
    is_enough: bool = True
    """False when the declared step is smaller than the required one."""
    reasons: tuple[str, ...] = ()
    """The rules that ask for it, ``PB104``, sorted."""


class DriftReport(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="schema", tag=DRIFT_SCHEMA):
    """All of one comparison."""

    old: DriftSide
    new: DriftSide
    profile: tuple[Audience, ...]
    """The audiences whose verdicts make a finding an error."""
    findings: tuple[JudgedFinding, ...] = ()
    """Worst first, then by symbol."""
    changes: tuple[Change, ...] = ()
    """Every difference, without verdicts; by symbol."""
    advice: Advice
    remarks: tuple[Diagnostic, ...] = ()
    """What a person should know of the comparison itself: sides that are incomplete, acceptances nobody needs."""
