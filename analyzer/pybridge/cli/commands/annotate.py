"""``pybridge annotate``."""

import sys
from pathlib import Path

import click
import msgspec

from pybridge.cli.exits import Exit
from pybridge.cli.options import LibraryOptions, format_option, library_options
from pybridge.cli.output import progress, to_json, write_bytes, write_diagnostics, write_json, write_text
from pybridge.model.diagnostic import Severity
from pybridge.model.evidence import Confidence
from pybridge.pipeline.analyze import find_tree, obtain
from pybridge.pipeline.annotate import Rewriting, annotate_sources, stubs_of, unified_diff, write_rewrites

_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command(name="annotate")
@click.option("--module", "modules", multiple=True, metavar="GLOB", help="Only these modules, such as 'app.core.*'.")
@click.option("--output", type=_FOLDER, metavar="DIR", help="Write annotated copies of the files that change there.")
@click.option("--stubs", type=_FOLDER, metavar="DIR", help="Write .pyi files there instead, one a module, whole.")
@click.option("--in-place", is_flag=True, help="Change the source tree of --path itself.")
@click.option("--diff", "is_diff", is_flag=True, help="Print what would change and write nothing.")
@click.option("--check", "is_check", is_flag=True, help="Write nothing; exit with 1 when something would change.")
@click.option(
    "--min-confidence",
    type=click.Choice(["high", "medium", "low"]),
    default="high",
    show_default=True,
    help="How sure a type must be to go into a source; stubs hold all.",
)
@format_option
@library_options
def command(
    options: LibraryOptions,
    output_format: str,
    modules: tuple[str, ...],
    output: Path | None,
    stubs: Path | None,
    in_place: bool,
    is_diff: bool,
    is_check: bool,
    min_confidence: str,
) -> int:
    """Write the types of LIBRARY into its source, or into stubs.

    Filled are parameters and returns of public functions that have no annotation. Nothing else of a file changes but
    the imports that the new names need, which are for type checkers only.

    \b
    Example:
      pybridge annotate jinja2 --stubs typings
      pybridge annotate --path ./src --diff
      pybridge annotate --path ./src --in-place --min-confidence medium
    """
    is_dry = is_diff or is_check
    _refuse_contradictions(options, output=output, stubs=stubs, in_place=in_place, is_dry=is_dry)
    least = Confidence(min_confidence)
    with progress() as bar:
        obtained = obtain(options.request(), options.places(), bar)
        if stubs is not None:
            rewriting = stubs_of(obtained, modules=modules, output=stubs)
        else:
            tree = find_tree(options.request())
            rewriting = annotate_sources(
                obtained, tree, modules=modules, least=least, output=output, jobs=options.jobs, progress=bar
            )
    written = () if is_dry else write_rewrites(rewriting.files)
    problems = (one for one in obtained.analysis.diagnostics if one.severity is not Severity.NOTE)
    rewriting = msgspec.structs.replace(rewriting, diagnostics=(*problems, *rewriting.diagnostics))
    _tell(rewriting, written, output_format, is_dry=is_dry, is_diff=is_diff)
    return Exit.FINDINGS if is_check and any(not one.is_written for one in rewriting.files) else Exit.CLEAN


def _refuse_contradictions(
    options: LibraryOptions, *, output: Path | None, stubs: Path | None, in_place: bool, is_dry: bool
) -> None:
    destinations = sum((output is not None, stubs is not None, in_place))
    if destinations > 1:
        message = "--output, --stubs and --in-place exclude each other"
        raise click.UsageError(message)
    if destinations == 0 and not is_dry:
        message = "say where to write with --output DIR, --stubs DIR or --in-place, or write nothing with --diff"
        raise click.UsageError(message)
    if in_place and options.path is None:
        message = (
            "--in-place needs a source tree of your own, named with --path DIR; installed libraries stay as they are"
        )
        raise click.UsageError(message)


def _tell(rewriting: Rewriting, written: tuple[str, ...], output_format: str, *, is_dry: bool, is_diff: bool) -> None:
    changed = [one for one in rewriting.files if not one.is_written]
    if output_format == "json":
        write_json(
            {
                "files": [{"path": one.path, "module": one.module, "types": one.types} for one in rewriting.files],
                "changed": [one.path for one in changed],
                "written": list(written),
                "diff": "".join(unified_diff(one).decode("utf-8", "replace") for one in changed) if is_diff else None,
                "diagnostics": to_json(rewriting.diagnostics),
            }
        )
        return
    write_diagnostics(rewriting.diagnostics)
    if is_diff:
        _show(b"".join(unified_diff(one) for one in changed))
    types = sum(one.types for one in rewriting.files)
    what = f"{types} types in {len(rewriting.files)} files" if types else f"{len(rewriting.files)} files"
    count = len(changed) if is_dry else len(written)
    state = "would be new or changed" if is_dry else "new or changed"
    lines = [f"  {one.path}" for one in changed] if is_dry and not is_diff else []
    summary = "\n".join([*lines, f"{what}, {count} of them {state}"])
    if is_diff:
        sys.stderr.write(summary + "\n")
    else:
        write_text(summary)


def _show(diff: bytes) -> None:
    """Print a difference: as it is for a program, without what a terminal would obey for a person."""
    if sys.stdout.isatty():
        write_text(diff.decode("utf-8", "replace"))
    else:
        write_bytes(diff)
