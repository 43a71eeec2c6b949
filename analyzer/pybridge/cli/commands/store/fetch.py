"""``pybridge store fetch``."""

import click

from pybridge.cli.exchange_text import exchange_text, exit_of
from pybridge.cli.options import format_option
from pybridge.cli.output import progress, write_json, write_text
from pybridge.cli.store_options import store_options
from pybridge.pipeline.request import Places
from pybridge.pipeline.store.exchange import fetch_store


@click.command(name="fetch")
@click.argument("remote", default="origin", metavar="[REMOTE]")
@format_option
@store_options
def command(places: Places, remote: str, output_format: str) -> int:
    """Take over the snapshots of another store: a path, a URL, or a remote of the store's git repository.

    Every new snapshot is checked before it is let in. Where both stores added snapshots to a library, both histories go
    on as one. Tags that are here stay where they are. The exit code is 1 when something was refused.

    \b
    Example:
      pybridge store fetch ssh://git@example.com/descriptors.git
    """
    with progress() as bar:
        exchange = fetch_store(places, remote, bar)
    write_json(exchange) if output_format == "json" else write_text(exchange_text(exchange))
    return exit_of(exchange)
