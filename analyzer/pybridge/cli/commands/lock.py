"""``pybridge lock``."""

from pathlib import Path

import click
import msgspec

from pybridge.cli.exits import Exit
from pybridge.cli.options import LibraryOptions, described_options, format_option
from pybridge.cli.output import progress, write_diagnostics, write_json, write_text
from pybridge.model.lock import LOCK_NAME
from pybridge.pipeline.lock.pinning import Pin, PinState, pin, unpin
from pybridge.pipeline.request import AnalyzeRequest


@click.command(name="lock")
@click.argument("libraries", nargs=-1, metavar="[LIBRARY]...")
@click.option(
    "--lock", type=click.Path(path_type=Path, dir_okay=False), default=LOCK_NAME, show_default=True, help="The lock."
)
@click.option("--remove", "is_removal", is_flag=True, help="Pin the libraries no longer.")
@format_option
@described_options
def command(
    options: LibraryOptions, libraries: tuple[str, ...], lock: Path, output_format: str, *, is_removal: bool
) -> int:
    """Pin libraries as they are now; without a LIBRARY, all that are pinned are pinned anew.

    The store keeps their descriptors, the lock says which: `pybridge check` compares the sources with them.

    \b
    Example:
      pybridge lock requests --site-packages .venv/lib/python3.11/site-packages
      pybridge lock --path ./src
    """
    if is_removal:
        if not libraries:
            raise click.UsageError("name the LIBRARY to remove")
        unpin(libraries, lock, options.places())
        write_json({"lock": str(lock), "removed": libraries}) if output_format == "json" else write_text(
            f"{lock} no longer pins {', '.join(libraries)}"
        )
        return Exit.CLEAN
    with progress() as bar:
        pinning = pin(_requests(options, libraries), lock, options.places(), bar)
    if output_format == "json":
        write_json(pinning)
        return Exit.CLEAN
    write_diagnostics(pinning.diagnostics)
    for one in pinning.pins:
        write_text(_line(one))
    return Exit.CLEAN


def _requests(options: LibraryOptions, libraries: tuple[str, ...]) -> list[AnalyzeRequest]:
    if options.path is not None and len(libraries) > 1:
        raise click.UsageError("--path is for one library")
    if options.path is None and not libraries:
        return []
    names: tuple[str | None, ...] = libraries or (None,)
    return [msgspec.structs.replace(options, library=name).request() for name in names]


def _line(one: Pin) -> str:
    library = one.library
    title = " ".join(part for part in (library.name, library.version) if part)
    target = f"Python {library.target.python_version}, {library.target.platform}"
    told = {
        PinState.NEW: "pinned",
        PinState.CHANGED: f"pinned instead of {(one.before or '')[:12]}",
        PinState.SAME: "was pinned already",
    }[one.state]
    return f"{title} ({target}) {library.descriptor_digest[:12]} {told}"
