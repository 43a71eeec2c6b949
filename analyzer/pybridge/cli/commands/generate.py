"""``pybridge generate``."""

from pathlib import Path

import click

from pybridge.cli.exits import Exit
from pybridge.cli.options import LibraryOptions, format_option, library_options
from pybridge.cli.output import progress, write_diagnostics, write_json, write_text
from pybridge.generate import TARGETS, GenerationOptions
from pybridge.pipeline.analyze import obtain
from pybridge.pipeline.generate import generate_client


@click.command(name="generate")
@click.option(
    "--target", type=click.Choice(sorted(TARGETS)), default="elixir", show_default=True, help="The client's language."
)
@click.option(
    "--output", type=click.Path(path_type=Path, file_okay=False), required=True, metavar="DIR", help="Where to write."
)
@click.option("--root", metavar="NAME", help="Name of the root module; default: made from the library's name.")
@click.option("--include", multiple=True, metavar="GLOB", help="Only these public paths, such as 'jinja2.ext.*'.")
@format_option
@library_options
def command(
    options: LibraryOptions, output_format: str, target: str, output: Path, root: str | None, include: tuple[str, ...]
) -> int:
    """Write a typed client for LIBRARY; only files that change are touched.

    \b
    Example:
      pybridge generate jinja2 --target elixir --output my_app
    """
    with progress() as bar:
        obtained = obtain(options.request(), options.places(), bar)
        bar.stage("generating")
        chosen = GenerationOptions(root=root, include=include)
        generation = generate_client(obtained, target=target, output=output, options=chosen)
    if output_format == "json":
        write_json(generation)
        return Exit.CLEAN
    write_diagnostics(generation.diagnostics)
    write_text(f"{len(generation.files)} files in {output}, {len(generation.written)} of them new or changed")
    return Exit.CLEAN
