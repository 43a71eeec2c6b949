"""``pybridge store tag``."""

import click

from pybridge.cli.exits import Exit
from pybridge.cli.options import format_option
from pybridge.cli.output import write_json, write_text
from pybridge.cli.store_options import store_options, target_options
from pybridge.model.library import Target
from pybridge.pipeline.request import Places
from pybridge.pipeline.store.reference import parse_reference
from pybridge.pipeline.store.tags import tag_snapshot, untag


@click.command(name="tag")
@click.argument("reference", metavar="LIBRARY[@REF]")
@click.argument("name", required=False)
@click.option("--move", "may_move", is_flag=True, help="Take the name from the snapshot that has it.")
@click.option("--delete", "is_removal", is_flag=True, help="Take the name away.")
@format_option
@store_options
@target_options
def command(
    places: Places,
    reference: str,
    name: str | None,
    output_format: str,
    target: Target | None,
    *,
    may_move: bool,
    is_removal: bool,
) -> int:
    """Give a snapshot a NAME, by default its version; it can be told by it ever after.

    A name stays with its snapshot until it is moved on purpose, also when the library is described anew.

    \b
    Example:
      pybridge store tag jinja2@3.1.6
      pybridge store tag jinja2 stable --move
    """
    wanted = parse_reference(reference)
    if is_removal:
        if name is None:
            raise click.UsageError("name the NAME to take away")
        count = untag(places, wanted.library, name, target=target)
        answer = {"library": wanted.library, "name": name, "removed": count}
        write_json(answer) if output_format == "json" else write_text(
            f"{name} names no snapshot of {wanted.library} now"
        )
        return Exit.CLEAN
    tag = tag_snapshot(places, wanted, name, target=target, may_move=may_move)
    write_json(tag) if output_format == "json" else write_text(f"{tag.name} is {tag.commit[:12]} ({tag.ref})")
    return Exit.CLEAN
