"""``pybridge discover``."""

import time

import click

from pybridge.cli.exits import ended
from pybridge.cli.options import LibraryOptions, format_option, library_options
from pybridge.cli.output import progress, to_json, write_diagnostics, write_json, write_text
from pybridge.pipeline.analyze import Analysis, discover
from pybridge.pipeline.incremental.task import Work
from pybridge.pipeline.summary import Summary, share


@click.command(name="discover")
@format_option
@library_options
@click.option("--statistics", "has_statistics", is_flag=True, help="Show what was read, typed and described again.")
def command(options: LibraryOptions, output_format: str, *, has_statistics: bool) -> int:
    """Describe LIBRARY and keep the descriptor in the store.

    Nothing is read again when no file has changed since the last time.

    \b
    Example:
      pybridge discover requests --site-packages .venv/lib/python3.11/site-packages
      pybridge discover --path ./src
      pybridge discover --path dist/shelf-1.0-py3-none-any.whl
    """
    began = time.monotonic()
    with progress() as bar:
        analysis = discover(options.request(), options.places(), bar)
    seconds = time.monotonic() - began
    if output_format == "json":
        write_json(_as_json(analysis, seconds))
        return ended(is_incomplete=analysis.is_incomplete)
    write_diagnostics(analysis.diagnostics)
    write_text(_as_text(analysis, seconds))
    if has_statistics:
        write_text(_work_text(analysis.work))
    return ended(is_incomplete=analysis.is_incomplete)


def _as_json(analysis: Analysis, seconds: float) -> dict[str, object]:
    return {
        "summary": to_json(analysis.summary),
        "commit": analysis.commit,
        "ref": analysis.ref,
        "unchanged": analysis.is_unchanged,
        "new_snapshot": analysis.is_new_snapshot,
        "incomplete": analysis.is_incomplete,
        "diagnostics": to_json(analysis.diagnostics),
        "seconds": round(seconds, 3),
        "work": to_json(analysis.work),
    }


def _as_text(analysis: Analysis, seconds: float) -> str:
    summary = analysis.summary
    state = "unchanged" if analysis.is_unchanged else "new snapshot" if analysis.is_new_snapshot else "same descriptor"
    return "\n".join(
        (
            *summary_lines(summary),
            f"  {state} {summary.digest[:12]} in {analysis.ref} ({seconds:.2f} s)",
        )
    )


def _work_text(work: Work) -> str:
    asked = "the type engine was asked" if work.is_engine_asked else "the type engine was not asked"
    return "\n".join(
        (
            f"  files: {work.files}, {work.files_read} read, {work.files_parsed} parsed",
            f"  modules: {work.modules}, {work.modules_typed} typed anew, {work.modules_described} described ({asked})",
        )
    )


def summary_lines(summary: Summary) -> tuple[str, ...]:
    """Write the figures of a library for people."""
    title = " ".join(part for part in (summary.library, summary.version) if part)
    skipped = ", ".join(f"{count} {reason.replace('_', ' ')}" for reason, count in summary.skipped.items())
    counts = (
        (summary.modules, "modules"),
        (summary.classes, "classes"),
        (summary.functions, "functions"),
        (summary.methods, "methods"),
        (summary.properties, "properties"),
    )
    parameters = share(summary.typed_parameters, summary.parameters)
    returns = share(summary.typed_returns, summary.returns)
    lines = (
        f"{title} (Python {summary.python_version}, {summary.platform})",
        f"  {', '.join(f'{count} {word}' for count, word in counts)}",
        f"  typed parameters {parameters}, typed returns {returns}",
    )
    return (*lines, f"  not described: {skipped}") if skipped else lines
