"""``pybridge doctor``."""

from pathlib import Path

import click

from pybridge.cli.exits import Exit
from pybridge.cli.options import format_option, place_options
from pybridge.cli.output import to_json, write_json, write_text
from pybridge.pipeline.doctor import Check, examine
from pybridge.pipeline.workspace import locate


@click.command(name="doctor")
@click.option(
    "--site-packages",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="The environment to look at; default: as for other commands.",
)
@format_option
@place_options
def command(site_packages: Path | None, output_format: str, store: Path | None, cache: Path | None) -> int:
    """Check the installation: parts, folders, environment and the tools that other steps use.

    \b
    Example:
      pybridge doctor
    """
    checks = examine(locate(store=store, cache=cache), site_packages)
    if output_format == "json":
        write_json([to_json(one) for one in checks])
    else:
        write_text("\n".join(_line(one) for one in checks))
    is_well = all(one.is_good or not one.is_needed for one in checks)
    return Exit.CLEAN if is_well else Exit.INCOMPLETE


def _line(check: Check) -> str:
    state = "ok     " if check.is_good else "MISSING" if check.is_needed else "absent "
    return f"{state}  {check.name}: {check.detail}"
