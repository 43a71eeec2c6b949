"""``pybridge store gc``."""

import click

from pybridge.cli.exits import Exit
from pybridge.cli.options import format_option
from pybridge.cli.output import progress, write_json, write_text
from pybridge.cli.store_options import store_options
from pybridge.pipeline.request import Places
from pybridge.pipeline.store.care import GRACE_DAYS, collect_store
from pybridge.store.care.collect import Collection

_DAY_SECONDS = 86_400


@click.command(name="gc")
@click.option(
    "--grace-days",
    type=click.FloatRange(0),
    default=GRACE_DAYS,
    show_default=True,
    metavar="N",
    help="Spare what was written or needed in the last N days.",
)
@click.option("--dry-run", "is_dry", is_flag=True, help="Tell what would be deleted, and change nothing.")
@format_option
@store_options
def command(places: Places, output_format: str, grace_days: float, *, is_dry: bool) -> int:
    """Put what is in use into one pack, and delete what no ref leads to.

    Other processes may save and read meanwhile. No snapshot is lost: the history of a ref is in use as a whole.

    \b
    Example:
      pybridge store gc
    """
    with progress() as bar:
        done = collect_store(places, bar, grace_seconds=grace_days * _DAY_SECONDS, is_dry=is_dry)
    write_json(done) if output_format == "json" else write_text(_text(done))
    return Exit.CLEAN


def _text(done: Collection) -> str:
    would = "would be " if done.is_dry else ""
    spared = f", {done.objects_spared} too young" if done.objects_spared else ""
    lines = [f"{done.objects_in_use} objects in use, {done.objects_deleted} {would}deleted{spared}"]
    if not done.is_dry:
        lines.append(
            f"  {done.packs_before} packs and {done.loose_before} loose objects ({done.bytes_before / 1_000_000:.1f} MB) "
            f"became {done.packs_after} and {done.loose_after} ({done.bytes_after / 1_000_000:.1f} MB)"
        )
    return "\n".join(lines)
