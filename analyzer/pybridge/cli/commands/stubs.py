"""``pybridge stubs``."""

from pathlib import Path

import click

from pybridge.cli.drift_options import DriftOptions, drift_options, tell
from pybridge.cli.options import LibraryOptions, library_options
from pybridge.cli.output import progress
from pybridge.pipeline.stubs.check import check_stubs


@click.group(name="stubs")
def command() -> None:
    """Compare stubs with the sources that they describe, without importing anything.

    \b
    Example:
      pybridge stubs check shelf --site-packages .venv/lib/python3.11/site-packages
    """


@command.command(name="check")
@click.option(
    "--stubs",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    metavar="DIR",
    help="A folder of stubs instead of those beside the sources.",
)
@drift_options
@library_options
def check_command(options: LibraryOptions, stubs: Path | None, drift: DriftOptions) -> int:
    """Tell in what the stubs of LIBRARY disagree with its sources.

    Each finding is PB803; names, parameters, kinds of members and declared types are compared. Entries of
    `pybridge-accepted.toml` let single ones through.
    """
    terms = drift.terms()
    with progress() as bar:
        report = check_stubs(options.request(), stubs, terms, options.places(), bar)
    return tell([report], drift)
