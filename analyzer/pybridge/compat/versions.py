"""The step between two versions, and whether it announces what the findings ask for."""

from collections.abc import Sequence

from packaging.version import InvalidVersion, Version

from pybridge.model.drift import Advice
from pybridge.model.finding import Bump, Finding

_LARGEST = tuple(Bump)


def advise(old_version: str | None, new_version: str | None, findings: Sequence[Finding]) -> Advice:
    """Compare the required step with the declared one.

    Before 1.0 a minor step may break, before 0.1 any (semver item 4). Without two readable versions, the second after the
    first, nothing is declared, and nothing is too small.
    """
    required = min((one.requires for one in findings), key=_LARGEST.index, default=Bump.NONE)
    reasons = tuple(sorted({one.rule for one in findings if one.requires is required and required is not Bump.NONE}))
    old, new = _parse(old_version), _parse(new_version)
    declared = step(old, new) if old is not None and new is not None and old < new else None
    is_enough = declared is None or _LARGEST.index(declared) <= _LARGEST.index(_needed(required, old))
    return Advice(required=required, declared=declared, is_enough=is_enough, reasons=reasons)


def step(old: Version, new: Version) -> Bump:
    """Name the first part of the release that differs.

    A pre-release counts as the release that it leads to, so from one to the next, or to that release, is the step which
    the release itself is: everything may still change on the way to 2.0, and only little on the way to 2.0.1.
    """
    if old.epoch != new.epoch:
        return Bump.MAJOR
    parts = tuple(zip(_three(old), _three(new), (Bump.MAJOR, Bump.MINOR, Bump.PATCH), strict=True))
    differing = next((bump for one, other, bump in parts if one != other), None)
    if differing is not None or not old.is_prerelease:
        return differing or Bump.PATCH
    return Bump.PATCH if new.micro else Bump.MINOR if new.minor else Bump.MAJOR


def _needed(required: Bump, old: Version | None) -> Bump:
    if old is None or old.epoch or old.major > 0:
        return required
    if old.minor == 0:
        return Bump.PATCH if required is not Bump.NONE else required
    return {Bump.MAJOR: Bump.MINOR, Bump.MINOR: Bump.PATCH}.get(required, required)


def _three(version: Version) -> tuple[int, int, int]:
    return version.major, version.minor, version.micro


def _parse(text: str | None) -> Version | None:
    try:
        return Version(text) if text else None
    except InvalidVersion:
        return None
