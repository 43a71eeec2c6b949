"""``pybridge store refs``."""

import click

from pybridge.cli.exits import Exit
from pybridge.cli.options import format_option
from pybridge.cli.output import write_json, write_text
from pybridge.cli.store_options import store_options
from pybridge.pipeline.request import Places
from pybridge.pipeline.store.tags import read_refs


@click.command(name="refs")
@click.argument("library", required=False)
@format_option
@store_options
def command(places: Places, library: str | None, output_format: str) -> int:
    """List the refs of LIBRARY, or of all, with the snapshot that each stands at, and the tags.

    \b
    Example:
      pybridge store refs jinja2
    """
    refs = read_refs(places, library)
    if output_format == "json":
        write_json(refs)
        return Exit.CLEAN
    for one in refs.libraries:
        write_text(f"{one.commit[:12]}  {one.ref}  {one.version or 'no version'}")
    for tag in refs.tags:
        write_text(f"{tag.commit[:12]}  {tag.ref}")
    return Exit.CLEAN
