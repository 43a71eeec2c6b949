"""``pybridge store push``."""

import click

from pybridge.cli.exchange_text import exchange_text, exit_of
from pybridge.cli.options import format_option
from pybridge.cli.output import progress, write_json, write_text
from pybridge.cli.store_options import store_options
from pybridge.pipeline.request import Places
from pybridge.pipeline.store.exchange import push_store


@click.command(name="push")
@click.argument("remote", default="origin", metavar="[REMOTE]")
@format_option
@store_options
def command(places: Places, remote: str, output_format: str) -> int:
    """Give another store the snapshots that it lacks: a path, a URL, or a remote of the store's git repository.

    What would lose snapshots there is refused, and the exit code is 1: `pybridge store fetch` takes them over first. An
    empty bare repository becomes a store.

    \b
    Example:
      pybridge store push ../team/descriptors.git
    """
    with progress() as bar:
        exchange = push_store(places, remote, bar)
    write_json(exchange) if output_format == "json" else write_text(exchange_text(exchange))
    return exit_of(exchange)
