"""``pybridge clean``."""

from pathlib import Path

import click

from pybridge.cli.exits import Exit
from pybridge.cli.options import place_options
from pybridge.cli.output import write_text
from pybridge.pipeline.clean import clean_cache, clean_library
from pybridge.pipeline.workspace import locate


@click.command(name="clean")
@click.argument("libraries", nargs=-1, metavar="[LIBRARY]...")
@place_options
def command(libraries: tuple[str, ...], store: Path | None, cache: Path | None) -> int:
    """Delete the cache; with a LIBRARY, forget its stored descriptors instead.

    \b
    Example:
      pybridge clean
      pybridge clean jinja2
    """
    places = locate(store=store, cache=cache)
    if not libraries:
        size = clean_cache(places)
        write_text(f"deleted the cache in {places.cache} ({size / 1_000_000:.1f} MB)")
    for library in libraries:
        count = clean_library(places, library)
        write_text(f"forgot {library}: {count} refs")
    return Exit.CLEAN
