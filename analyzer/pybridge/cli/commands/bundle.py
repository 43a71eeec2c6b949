"""``pybridge bundle``."""

from pathlib import Path

import click
import msgspec

from pybridge.cli.exits import ended
from pybridge.cli.options import LibraryOptions, several_libraries
from pybridge.cli.output import progress, write_diagnostics, write_text
from pybridge.model.diagnostic import Severity
from pybridge.pipeline.bundle import make_bundle
from pybridge.pipeline.write import write_file


@click.command(name="bundle")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    metavar="FILE",
    help="Where to write.",
)
@several_libraries
def command(options: LibraryOptions, libraries: tuple[str, ...], output: Path) -> int:
    """Write the file that tells a worker what it may call, and how to describe it.

    \b
    Example:
      pybridge bundle jinja2 requests -o bundle.json
      pybridge-worker serve --bundle bundle.json --listen 127.0.0.1:0
    """
    requests = [msgspec.structs.replace(options, library=name).request() for name in libraries]
    with progress() as bar:
        bundled = make_bundle(requests, options.places(), bar)
    write_diagnostics([one for one in bundled.diagnostics if one.severity is Severity.ERROR])
    write_file(output, bundled.data)
    for one in bundled.bundle.libraries:
        title = " ".join(part for part in (one.library, one.version) if part)
        write_text(f"{title}: {len(one.classes)} classes, {len(one.functions)} functions, {len(one.paths)} paths")
    write_text(f"written to {output} ({len(bundled.data) / 1_000_000:.1f} MB)")
    return ended(is_incomplete=bundled.is_incomplete)
