"""``pybridge export``."""

from pathlib import Path

import click

from pybridge.cli.exits import ended
from pybridge.cli.options import LibraryOptions, library_options
from pybridge.cli.output import progress, write_bytes, write_diagnostics
from pybridge.codec import encode_pretty
from pybridge.pipeline.analyze import obtain
from pybridge.pipeline.api_text import api_text
from pybridge.pipeline.sides.places_file import encode_places
from pybridge.pipeline.write import write_file


@click.command(name="export")
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "api"]),
    default="json",
    show_default=True,
    help="The descriptor as canonical JSON, or the API as text to review.",
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Instead of stdout."
)
@click.option(
    "--places",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write where everything stands, too; NAME.places.json beside NAME.json is found by `pybridge diff`.",
)
@library_options
def command(options: LibraryOptions, form: str, output: Path | None, places: Path | None) -> int:
    """Write the descriptor of LIBRARY: the same bytes on every machine.

    \b
    Example:
      pybridge export jinja2 --format api -o jinja2.api.txt
    """
    with progress() as bar:
        obtained = obtain(options.request(), options.places(), bar)
    write_diagnostics(obtained.analysis.diagnostics)
    descriptor = obtained.descriptor
    data = encode_pretty(descriptor) if form == "json" else api_text(descriptor).encode()
    if output is None:
        write_bytes(data)
    else:
        write_file(output, data)
    if places is not None:
        write_file(places, encode_places(obtained.analysis.summary.digest, obtained.analysis.source_map))
    return ended(is_incomplete=obtained.analysis.is_incomplete)
