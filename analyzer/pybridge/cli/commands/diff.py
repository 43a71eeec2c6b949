"""``pybridge diff``."""

import click

from pybridge.cli.drift_options import DriftOptions, drift_options, tell
from pybridge.cli.options import LibraryOptions, described_options
from pybridge.cli.output import progress, write_diagnostics
from pybridge.pipeline.drift.compare import compare
from pybridge.pipeline.sides import obtain_sides


@click.command(name="diff")
@click.argument("old")
@click.argument("new")
@drift_options
@described_options
def command(options: LibraryOptions, old: str, new: str, drift: DriftOptions) -> int:
    """Tell what changed from OLD to NEW, and whom it breaks.

    Each side is a folder of source, a package in a site-packages folder, a wheel, an sdist, a file of `pybridge export`,
    LIBRARY@REF of the store, or FOLDER@REV of a git repository.

    \b
    Exit codes: 0 nothing breaks, 1 something does, 2 wrong usage, 3 a side could not be read as a whole.

    \b
    Example:
      pybridge diff requests-2.31.0-py3-none-any.whl requests-2.32.3-py3-none-any.whl
      pybridge diff .@v1.4 . --profile source,typing --output-format json
    """
    terms = drift.terms()
    with progress() as bar:
        sides = obtain_sides(old, new, options.side_request(), options.places(), bar)
        bar.stage("comparing")
        report = compare(*sides, terms)
    for side in sides:
        write_diagnostics(side.diagnostics)
    return tell([report], drift)
