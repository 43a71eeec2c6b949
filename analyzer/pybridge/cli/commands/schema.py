"""``pybridge schema``."""

import click

from pybridge.cli.exits import Exit
from pybridge.cli.output import write_json
from pybridge.codec.json_schema import SCHEMAS, json_schema


@click.command(name="schema")
@click.argument("noun", type=click.Choice(sorted(SCHEMAS)))
def command(noun: str) -> int:
    """Print the JSON Schema of what pybridge writes.

    \b
    Example:
      pybridge schema descriptor > descriptor.schema.json
    """
    write_json(json_schema(noun))
    return Exit.CLEAN
