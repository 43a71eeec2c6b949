"""``pybridge generate``."""

from pathlib import Path

import click

from pybridge.cli.exits import Exit, ended
from pybridge.cli.options import LibraryOptions, format_option, library_options
from pybridge.cli.output import progress, write_diagnostics, write_json, write_text
from pybridge.generate import TARGETS, GenerationOptions
from pybridge.model.lock import LOCK_NAME
from pybridge.pipeline.analyze import obtain
from pybridge.pipeline.lock.clients import (
    ClientChecked,
    ClientRequest,
    check_client,
    check_clients,
    generate_beside_lock,
)


@click.command(name="generate")
@click.option(
    "--target", type=click.Choice(sorted(TARGETS)), default="elixir", show_default=True, help="The client's language."
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Where to write; needed but to check.",
)
@click.option("--root", metavar="NAME", help="Name of the root module; default: made from the library's name.")
@click.option("--include", multiple=True, metavar="GLOB", help="Only these public paths, such as 'jinja2.ext.*'.")
@click.option(
    "--check", "is_check", is_flag=True, help="Write nothing; exit with 1 when something is not as it should be."
)
@click.option(
    "--lock", type=click.Path(path_type=Path, dir_okay=False), default=LOCK_NAME, show_default=True, help="The lock."
)
@format_option
@library_options
def command(
    options: LibraryOptions,
    output_format: str,
    target: str,
    output: Path | None,
    root: str | None,
    include: tuple[str, ...],
    lock: Path,
    *,
    is_check: bool,
) -> int:
    """Write a typed client for LIBRARY; only files that change are touched.

    Where there is a lock, it learns the digest of every file. Files that the client no longer has are deleted then,
    unless somebody changed them by hand.

    \b
    Exit codes: 0, 1 with --check where something is not as it should be, 2 wrong usage, 3 where parts of LIBRARY could
    not be read.

    \b
    Example:
      pybridge generate jinja2 --target elixir --output my_app
      pybridge generate --check     every client that the lock knows
    """
    if is_check and options.library is None and options.path is None:
        with progress() as bar:
            every = list(check_clients(lock, options.places(), bar))
        return max(_tell(one, lock, output_format) for one in every)
    if output is None:
        raise click.UsageError("say where to write with --output DIR")
    chosen = GenerationOptions(root=root, include=include)
    request = ClientRequest(target=target, output=output, options=chosen, lock=lock)
    if is_check:
        with progress() as bar:
            checked = check_client(options.request(), request, options.places(), bar)
        return _tell(checked, lock, output_format)
    with progress() as bar:
        obtained = obtain(options.request(), options.places(), bar)
        bar.stage("generating")
        generation = generate_beside_lock(obtained, options.request(), request, options.places())
    if output_format == "json":
        write_json(generation)
        return ended(is_incomplete=generation.is_incomplete)
    write_diagnostics(generation.diagnostics)
    deleted = f", {len(generation.deleted)} deleted" if generation.deleted else ""
    write_text(f"{len(generation.files)} files in {output}, {len(generation.written)} of them new or changed{deleted}")
    return ended(is_incomplete=generation.is_incomplete)


def _tell(checked: ClientChecked, lock: Path, output_format: str) -> int:
    is_clean = checked.is_pinned and not checked.findings
    code = ended(is_incomplete=checked.is_incomplete) if is_clean or checked.is_incomplete else Exit.FINDINGS
    if output_format == "json":
        write_json(checked)
        return code
    write_diagnostics(checked.diagnostics)
    for one in checked.findings:
        write_text(f"{one.state.value} {one.path}")
    if not checked.is_pinned:
        write_text(f"not pinned: {lock} pins another descriptor of the library")
    if is_clean:
        write_text(f"{checked.output} is as it should be")
    return code
