"""``pybridge drift``."""

from datetime import date, datetime
from pathlib import Path

import click

from pybridge.cli.drift_options import DriftOptions, drift_options
from pybridge.cli.exits import Exit
from pybridge.cli.options import LibraryOptions, described_options
from pybridge.cli.output import progress, write_text
from pybridge.model.drift import DriftReport
from pybridge.model.lock import LOCK_NAME
from pybridge.pipeline.drift.accept import Choice, accept
from pybridge.pipeline.drift.accepted import accepted_path
from pybridge.pipeline.drift.check import CheckRequest, check
from pybridge.pipeline.drift.compare import compare
from pybridge.pipeline.drift.terms import Terms
from pybridge.pipeline.sides import obtain_sides


@click.group(name="drift")
def command() -> None:
    """Let single breaks through, with a reason.

    \b
    Example:
      pybridge drift accept --rule PB104 --symbol requests.api:options --reason "unused since 2.0" --expires 2027-01-31
    """


@command.command(name="accept")
@click.argument("sides", nargs=-1, metavar="[OLD NEW]")
@click.option("--rule", "rules", multiple=True, metavar="ID", help="Only findings of this rule; may be given again.")
@click.option("--symbol", "symbols", multiple=True, metavar="GLOB", help="Only of these symbols or public paths.")
@click.option("--reason", required=True, help="Why it is let through; reviewers read it.")
@click.option("--expires", type=click.DateTime(["%Y-%m-%d"]), metavar="YYYY-MM-DD", help="The last day it counts.")
@click.option("--all", "is_all", is_flag=True, help="Accept every error there is; else name rules or symbols.")
@click.option("--prune", is_flag=True, help="Delete entries that nothing needs, or whose day has passed.")
@click.option(
    "--lock", type=click.Path(path_type=Path, dir_okay=False), default=LOCK_NAME, show_default=True, help="The lock."
)
@click.option("--against", metavar="SIDE", help="As of `pybridge check`.")
@drift_options
@described_options
def accept_command(
    options: LibraryOptions,
    sides: tuple[str, ...],
    rules: tuple[str, ...],
    symbols: tuple[str, ...],
    reason: str,
    expires: datetime | None,
    lock: Path,
    against: str | None,
    drift: DriftOptions,
    *,
    is_all: bool,
    prune: bool,
) -> int:
    """Write entries for what `pybridge check`, or `pybridge diff OLD NEW`, finds.

    An entry is for one break of one symbol as it is now: when either side changes again, it counts no longer.
    """
    if not (rules or symbols or is_all):
        raise click.UsageError("name what to accept with --rule or --symbol, or say --all")
    if len(sides) not in {0, 2}:
        raise click.UsageError("name both OLD and NEW, or none for what the lock has pinned")
    terms = drift.terms()
    reports = _reports(options, sides, lock, against, terms)
    chosen = Choice(rules=rules, symbols=symbols, reason=reason, expires=_day(expires), is_pruning=prune)
    outcome = accept(reports, terms, accepted_path(drift.found()), chosen)
    for one in outcome.added:
        write_text(f"accepted {one.rule} {one.symbol}{f' {one.part}' if one.part else ''}")
    for one in outcome.dropped:
        write_text(f"deleted  {one.rule} {one.symbol}{f' {one.part}' if one.part else ''}")
    if not outcome.added and not outcome.dropped:
        write_text("nothing to accept")
    return Exit.CLEAN


def _reports(
    options: LibraryOptions, sides: tuple[str, ...], lock: Path, against: str | None, terms: Terms
) -> list[DriftReport]:
    with progress() as bar:
        if sides:
            old, new = sides
            return [compare(*obtain_sides(old, new, options.side_request(), options.places(), bar), terms)]
        source = options.side_request() if options.path is not None else None
        request = CheckRequest(lock=lock, source=source, against=against)
        return [one.report for one in check(request, terms, options.places(), bar)]


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment is not None else None
