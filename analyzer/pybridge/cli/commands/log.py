"""``pybridge log``."""

import click

from pybridge.cli.exits import Exit
from pybridge.cli.options import format_option
from pybridge.cli.output import write_json, write_text
from pybridge.cli.store_options import snapshot_line, store_options, target_options
from pybridge.model.library import Target
from pybridge.pipeline.request import Places
from pybridge.pipeline.store.log import read_log


@click.command(name="log")
@click.argument("library", required=False)
@click.option("-n", "--limit", type=click.IntRange(1), metavar="N", help="Only the first N.")
@format_option
@store_options
@target_options
def command(places: Places, library: str | None, limit: int | None, output_format: str, target: Target | None) -> int:
    """List the stored snapshots of LIBRARY, newest first; without one, the newest of every library.

    \b
    Example:
      pybridge log jinja2
    """
    entries = read_log(places, library, target=target, limit=limit)
    if output_format == "json":
        write_json(entries)
        return Exit.CLEAN
    for one in entries:
        write_text(snapshot_line(one.snapshot, one.tags))
    return Exit.CLEAN
