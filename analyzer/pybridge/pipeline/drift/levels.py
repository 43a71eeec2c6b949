"""What a finding does to a run, by its verdicts and the settings of the project."""

from fnmatch import fnmatchcase

import msgspec

from pybridge.model.drift import Level
from pybridge.model.finding import Audience, Bump, Finding, Verdict
from pybridge.pipeline.drift.settings import DriftSettings

_LEVELS = {
    Verdict.BREAKING: Level.ERROR,
    Verdict.RISKY: Level.WARNING,
    Verdict.UNKNOWN: Level.NOTE,
    Verdict.SAFE: Level.NOTE,
    Verdict.NONE: Level.NOTE,
}
_WORST = tuple(Level)


def level_of(finding: Finding, settings: DriftSettings, profile: tuple[Audience, ...]) -> Level:
    """Decide: a path's level first, then the rule's, then the worst verdict of the audiences of the profile."""
    wanted = wanted_level(finding, settings)
    if wanted is not None:
        return wanted
    return min((_LEVELS[finding.verdict.of(one)] for one in profile), key=_WORST.index, default=Level.NOTE)


def wanted_level(finding: Finding, settings: DriftSettings) -> Level | None:
    """Return the level that the project gives a path or a rule; None where it leaves that to the verdicts."""
    fitting = [level for glob, level in settings.paths.items() if fnmatchcase(finding.public_path, glob)]
    if fitting:
        return fitting[-1]
    setting = settings.rules.get(finding.rule)
    return setting.level if setting is not None else None


def with_bump(finding: Finding, settings: DriftSettings) -> Finding:
    """Ask for the version step that the project wants of the rule."""
    setting = settings.rules.get(finding.rule)
    if setting is None or setting.requires is None:
        return finding
    return msgspec.structs.replace(finding, requires=setting.requires)


def is_moved_on_purpose(finding: Finding, settings: DriftSettings, new_paths: frozenset[str]) -> bool:
    """Tell a removal whose new path the settings name, and the new side has."""
    target = settings.moves.get(finding.public_path)
    return target is not None and target in new_paths


def any_bump(required: tuple[Bump, ...]) -> Bump:
    """Return the largest step; `Bump.NONE` when there is none."""
    return min(required, key=tuple(Bump).index, default=Bump.NONE)
