"""``pybridge store stats``."""

import click

from pybridge.cli.exits import Exit
from pybridge.cli.options import format_option
from pybridge.cli.output import write_json, write_text
from pybridge.cli.store_options import store_options
from pybridge.pipeline.request import Places
from pybridge.pipeline.store.care import count_store


@click.command(name="stats")
@format_option
@store_options
def command(places: Places, output_format: str) -> int:
    """Count what the store holds, library by library.

    \b
    Example:
      pybridge store stats
    """
    told = count_store(places)
    if output_format == "json":
        write_json(told)
        return Exit.CLEAN
    write_text(
        f"{told.snapshots} snapshots of {len({one.library for one in told.libraries})} libraries, {told.tags} tags\n"
        f"  {told.packed_objects} objects in {told.packs} packs, {told.loose_objects} loose, "
        f"{told.size_bytes / 1_000_000:.1f} MB in {told.path}"
    )
    for one in told.libraries:
        write_text(f"  {one.library} ({one.target}): {one.snapshots} snapshots, newest {one.version or 'no version'}")
    return Exit.CLEAN
