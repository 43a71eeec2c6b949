"""The step between two versions, and whether it announces what the findings ask for."""

from collections.abc import Sequence

from packaging.version import InvalidVersion, Version

from pybridge.model.drift import Advice
from pybridge.model.finding import Bump, Finding

_LARGEST = tuple(Bump)


def advise(old_version: str | None, new_version: str | None, findings: Sequence[Finding]) -> Advice:
    """Compare the required step with the declared one.

    Before 1.0 a minor step may break (semver item 4), so there a minor one is enough for `Bump.MAJOR`, and a patch for
    `Bump.MINOR`. Without two different, readable versions nothing is declared, and nothing is too small.
    """
    required = min((one.requires for one in findings), key=_LARGEST.index, default=Bump.NONE)
    reasons = tuple(sorted({one.rule for one in findings if one.requires is required and required is not Bump.NONE}))
    old, new = _parse(old_version), _parse(new_version)
    declared = step(old, new) if old is not None and new is not None and old != new else None
    is_enough = declared is None or _LARGEST.index(declared) <= _LARGEST.index(_needed(required, old))
    return Advice(required=required, declared=declared, is_enough=is_enough, reasons=reasons)


def step(old: Version, new: Version) -> Bump:
    """Name the first part of the release that differs; a pre-release counts as the release it leads to."""
    parts = zip(_three(old), _three(new), (Bump.MAJOR, Bump.MINOR, Bump.PATCH), strict=True)
    return next((bump for one, other, bump in parts if one != other), Bump.PATCH)


def _needed(required: Bump, old: Version | None) -> Bump:
    if old is None or old.major > 0:
        return required
    return {Bump.MAJOR: Bump.MINOR, Bump.MINOR: Bump.PATCH}.get(required, required)


def _three(version: Version) -> tuple[int, int, int]:
    return version.major, version.minor, version.micro


def _parse(text: str | None) -> Version | None:
    try:
        return Version(text) if text else None
    except InvalidVersion:
        return None
