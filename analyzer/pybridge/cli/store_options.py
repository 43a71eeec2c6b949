"""Options of the commands that look at the store, and how they tell a snapshot."""

import functools
from collections.abc import Callable
from pathlib import Path

import click

from pybridge.cli.options import place_options
from pybridge.model.library import Target
from pybridge.model.snapshot import Snapshot
from pybridge.pipeline.request import Places
from pybridge.pipeline.target import default_target, parse_target
from pybridge.pipeline.workspace import locate

_SHOWN_DIGITS = 12


def store_options(function: Callable[..., int]) -> Callable[..., int]:
    """Add the options that say where the store is; the command gets them as one `Places`, first."""

    @functools.wraps(function)
    def located(*, store: Path | None, cache: Path | None, **values: object) -> int:
        return function(locate(store=store, cache=cache), **values)

    return place_options(located)


def target_options(function: Callable[..., int]) -> Callable[..., int]:
    """Add the options that choose between snapshots for several targets; the command gets them as ``target``."""

    @functools.wraps(function)
    def chosen(places: Places, *, python_version: str | None, platform: str | None, **values: object) -> int:
        return function(places, target=_target(python_version, platform), **values)

    version = click.option("--python-version", metavar="X.Y", help="Only what was described for this Python.")
    system = click.option("--platform", metavar="NAME", help="Only what was described for this sys.platform.")
    return version(system(chosen))


def snapshot_line(one: Snapshot, tags: tuple[str, ...] = ()) -> str:
    """Write a snapshot on one line: commit, time, version and target, descriptor, tags."""
    when = "" if one.saved_at is None else f"{one.saved_at:%Y-%m-%d %H:%M}  "
    title = " ".join(part for part in (one.library, one.version) if part)
    named = f"  [{', '.join(tags)}]" if tags else ""
    return f"{one.commit[:_SHOWN_DIGITS]}  {when}{title} ({one.target})  descriptor {one.digest[:_SHOWN_DIGITS]}{named}"


def _target(python_version: str | None, platform: str | None) -> Target | None:
    if python_version is None and platform is None:
        return None
    default = default_target(None)
    return parse_target(python_version or default.python_version, platform or default.platform)
