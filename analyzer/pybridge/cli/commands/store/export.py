"""``pybridge store export``."""

from pathlib import Path

import click

from pybridge.cli.exits import Exit
from pybridge.cli.output import write_bytes, write_text
from pybridge.cli.store_options import store_options, target_options
from pybridge.model.library import Target
from pybridge.pipeline.request import Places
from pybridge.pipeline.store.export import export_snapshot
from pybridge.pipeline.store.reference import parse_reference
from pybridge.pipeline.write import write_file

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(name="export")
@click.argument("reference", metavar="LIBRARY[@REF]")
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "api"]),
    default="json",
    show_default=True,
    help="The descriptor as canonical JSON, or the API as text to review.",
)
@click.option("-o", "--output", type=_FILE, metavar="FILE", help="Instead of stdout.")
@click.option(
    "--places",
    "places_file",
    type=_FILE,
    metavar="FILE",
    help="Write where everything stood, too; NAME.places.json beside NAME.json is found by `pybridge diff`.",
)
@store_options
@target_options
def command(
    places: Places, reference: str, form: str, output: Path | None, places_file: Path | None, target: Target | None
) -> int:
    """Write the descriptor of a stored snapshot: a file that needs neither the store nor the library.

    \b
    Example:
      pybridge store export jinja2@3.1.6 -o jinja2-3.1.6.json --places jinja2-3.1.6.places.json
    """
    data, where = export_snapshot(places, parse_reference(reference), form, target=target)
    if output is None:
        write_bytes(data)
    else:
        write_file(output, data)
    if places_file is not None and where is not None:
        write_file(places_file, where)
    elif places_file is not None:
        write_text("the snapshot was stored without places")
    return Exit.CLEAN
