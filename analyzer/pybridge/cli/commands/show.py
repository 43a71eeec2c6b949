"""``pybridge show``."""

import click

from pybridge.cli.commands.discover import summary_lines
from pybridge.cli.commands.doc import symbol_text
from pybridge.cli.exits import Exit
from pybridge.cli.options import format_option
from pybridge.cli.output import to_json, write_json, write_text
from pybridge.cli.store_options import snapshot_line, store_options, target_options
from pybridge.model.library import Target
from pybridge.pipeline.request import Places
from pybridge.pipeline.store.reference import parse_reference
from pybridge.pipeline.store.show import Shown, show_snapshot, show_symbol

_MAX_CHANGED = 20


@click.command(name="show")
@click.argument("reference", metavar="LIBRARY[@REF]")
@click.argument("symbol", required=False)
@format_option
@store_options
@target_options
def command(places: Places, reference: str, symbol: str | None, output_format: str, target: Target | None) -> int:
    """Show a stored snapshot, or a SYMBOL as it was in it. Nothing of the library needs to be installed.

    REF is a tag, a version, the first digits of a commit or of a descriptor's digest, or `newest`; `~2` goes two
    snapshots back.

    \b
    Example:
      pybridge show jinja2@3.1.6
      pybridge show jinja2@~1 Template.render
    """
    wanted = parse_reference(reference)
    if symbol is None:
        shown = show_snapshot(places, wanted, target=target)
        write_json(shown) if output_format == "json" else write_text(_text(shown))
        return Exit.CLEAN
    found = show_symbol(places, wanted, symbol, target=target)
    if output_format == "json":
        write_json(
            {
                "snapshot": to_json(found.snapshot),
                "name": found.answer.name,
                "symbol": to_json(found.answer.symbol),
                "place": to_json(found.place),
            }
        )
    else:
        write_text(f"{snapshot_line(found.snapshot)}\n\n{symbol_text(found.answer, found.index, found.place)}")
    return Exit.CLEAN


def _text(shown: Shown) -> str:
    one = shown.snapshot
    lines = [snapshot_line(one), *summary_lines(shown.summary), f"  described by {one.tool}"]
    if shown.changed is not None:
        more = len(shown.changed) - _MAX_CHANGED
        lines.append(f"  modules that the snapshot before had not, or otherwise: {len(shown.changed)}")
        lines += [f"    {name}" for name in shown.changed[:_MAX_CHANGED]]
        lines += [f"    and {more} more (`--output-format json` lists all)"] if more > 0 else []
    return "\n".join(lines)
