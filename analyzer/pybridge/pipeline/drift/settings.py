"""What a project says about drift: ``[drift]`` of ``pybridge.toml``, or ``[tool.pybridge.drift]`` of ``pyproject.toml``."""

import tomllib
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar

import msgspec

from pybridge.errors import SettingsRefused
from pybridge.model.drift import Level
from pybridge.model.finding import Audience, Bump

T = TypeVar("T")
_MAX_BYTES = 4 * 1024 * 1024
DEFAULT_PROFILE = (Audience.SOURCE, Audience.BRIDGE)


class RuleSetting(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a project makes of one rule."""

    level: Level | None = None
    """None: as the verdict says."""
    requires: Bump | None = None
    """None: as the rule says."""


class DriftSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of one project."""

    profile: tuple[Audience, ...] = DEFAULT_PROFILE
    rules: Mapping[str, RuleSetting] = {}
    """By id, ``PB209``."""
    paths: Mapping[str, Level] = {}
    """By glob over dotted public paths, ``pkg.experimental.*``; the last one that fits decides."""
    moves: Mapping[str, str] = {}
    """Public paths that moved on purpose, old to new."""
    accepted: str | None = None
    """The file of accepted breaks, relative to the settings; None for ``pybridge-accepted.toml`` beside them."""


class FoundSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Settings, and the folder that relative paths in them belong to."""

    settings: DriftSettings
    folder: Path
    file: Path | None
    """None where no file has any."""


def find_settings(start: Path) -> FoundSettings:
    """Read the nearest settings, from a folder upwards to the root of its repository; defaults where there are none.

    Raises:
        SettingsRefused: a file is no TOML, or has keys or values that mean nothing.
    """
    for folder in _upwards(start):
        for name in ("pybridge.toml", "pyproject.toml"):
            file = folder / name
            if file.is_file():
                found = read_settings(file)
                if found is not None:
                    return found
    return FoundSettings(settings=DriftSettings(), folder=start, file=None)


def read_settings(file: Path) -> FoundSettings | None:
    """Read one file; None when it says nothing about drift.

    Raises:
        SettingsRefused: it is no TOML, or has keys or values that mean nothing.
    """
    whole = read_toml(file)
    section: object = whole
    for key in ("tool", "pybridge", "drift") if file.name == "pyproject.toml" else ("drift",):
        section = section.get(key) if isinstance(section, dict) else None
    if section is None:
        return None
    settings = convert(section, DriftSettings, file)
    if settings.rules:
        _check_rules(settings, file)
    return FoundSettings(settings=settings, folder=file.parent, file=file)


def _check_rules(settings: DriftSettings, file: Path) -> None:
    from pybridge.compat.rules import RULES  # noqa: PLC0415 - a hundred files, which most runs do without

    known = [one.id for one in RULES]
    for rule in settings.rules:
        if rule not in known:
            close = get_close_matches(rule, known, n=1)
            hint = f"did you mean {close[0]}?" if close else None
            raise SettingsRefused(file, f"there is no rule {rule!r}", hint=hint)


def read_toml(file: Path) -> dict[str, object]:
    """Read a TOML file as plain data.

    Raises:
        SettingsRefused: it cannot be read, is too large, or is no TOML.
    """
    try:
        if file.stat().st_size > _MAX_BYTES:
            raise SettingsRefused(file, f"larger than {_MAX_BYTES:,} bytes")
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsRefused(file, (error.strerror or str(error)).lower()) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SettingsRefused(file, f"not TOML: {error}") from error


def convert(data: object, noun: type[T], file: Path) -> T:
    """Turn plain data into a noun.

    Raises:
        SettingsRefused: a key is unknown or a value is not what it should be; the message names the path to it.
    """
    try:
        return msgspec.convert(data, noun)
    except msgspec.ValidationError as error:
        raise SettingsRefused(file, str(error)) from error


def _upwards(start: Path) -> Iterator[Path]:
    folder = start.resolve()
    for one in (folder, *folder.parents):
        yield one
        if (one / ".git").exists():
            return
