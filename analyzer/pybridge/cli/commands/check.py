"""``pybridge check``."""

from pathlib import Path

import click

from pybridge.cli.drift_options import DriftOptions, drift_options, tell
from pybridge.cli.options import LibraryOptions, described_options
from pybridge.cli.output import progress, write_diagnostics
from pybridge.cli.watching import repeat
from pybridge.model.lock import LOCK_NAME
from pybridge.pipeline.drift.check import CheckRequest, check, watched_folders


@click.command(name="check")
@click.argument("libraries", nargs=-1, metavar="[LIBRARY]...")
@click.option(
    "--lock", type=click.Path(path_type=Path, dir_okay=False), default=LOCK_NAME, show_default=True, help="The lock."
)
@click.option("--against", metavar="SIDE", help="Another baseline: latest-tag, git:REV, a wheel.")
@click.option("--new-since", metavar="REV", help="Tell only what this branch adds since it left REV.")
@click.option(
    "--watch", "is_watching", is_flag=True, help="Check again whenever a source, the lock or settings change."
)
@drift_options
@described_options
def command(
    options: LibraryOptions,
    libraries: tuple[str, ...],
    lock: Path,
    against: str | None,
    new_since: str | None,
    drift: DriftOptions,
    *,
    is_watching: bool,
) -> int:
    """Tell whether the sources still are what the lock has pinned. Nothing is stored.

    \b
    Exit codes: as of `pybridge diff`; 3 also where there is no baseline.

    \b
    Example:
      pybridge check
      pybridge check --path . --against latest-tag --output-format github
    """
    request = _request(options, libraries, lock, against, new_since)

    def once() -> int:
        with progress() as bar:
            checked = list(check(request, drift.terms(), options.places(), bar))
        for one in checked:
            write_diagnostics(one.new.diagnostics)
        return tell([one.report for one in checked], drift, is_check=True)

    return repeat(once, watched_folders(request)) if is_watching else once()


def _request(
    options: LibraryOptions, libraries: tuple[str, ...], lock: Path, against: str | None, new_since: str | None
) -> CheckRequest:
    is_named = options.path is not None or options.site_packages is not None
    if is_named and len(libraries) > 1:
        raise click.UsageError("--path and --site-packages are for one library")
    source = options.side_request(libraries[0] if libraries else None) if is_named else None
    if source is not None and source.path is None and source.name is None:
        raise click.UsageError("name the LIBRARY of --site-packages")
    return CheckRequest(
        lock=lock,
        libraries=() if is_named else libraries,
        source=source,
        against=against,
        new_since=new_since,
    )
