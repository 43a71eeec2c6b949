"""``pybridge coverage``."""

import sys

import click

from pybridge.cli.exits import Exit
from pybridge.cli.options import LibraryOptions, format_option, library_options
from pybridge.cli.output import progress, to_json, write_diagnostics, write_json, write_text
from pybridge.model.evidence import Tier
from pybridge.model.types import UnknownReason
from pybridge.pipeline.analyze import obtain
from pybridge.pipeline.coverage import ANY_REASON, Coverage, Figures, measure, percentage
from pybridge.pipeline.summary import share

_TIERS = tuple(tier.value for tier in Tier if tier is not Tier.NONE)
_WHY = {
    ANY_REASON: "declared as Any",
    UnknownReason.UNANNOTATED.value: "nothing declares it, and nothing tells it",
    UnknownReason.UNRESOLVED_NAME.value: "the annotation names what the library's text does not define",
    UnknownReason.UNSUPPORTED.value: "the annotation is not a type expression",
    UnknownReason.UNTYPED_DECORATOR.value: "a decorator without types hides it",
    UnknownReason.RECURSIVE.value: "the definition leads back to itself",
    UnknownReason.ENGINE.value: "the type engine could not read the module",
}


@click.command(name="coverage")
@click.option(
    "--fail-under", type=click.FloatRange(0, 100), metavar="N", help="Exit with 1 when less than N % is known."
)
@format_option
@library_options
def command(options: LibraryOptions, output_format: str, fail_under: float | None) -> int:
    """Show how much of LIBRARY's public types is known, from what evidence, and why the rest is not.

    Counted are parameters (without self and cls, constructors where they are written), returns, and attributes
    (properties, fields, variables) of everything that has a public path, and of the members of such classes.
    Unknown types and Any count as not known; a type with an unknown part, such as list[?], counts as known.

    \b
    Example:
      pybridge coverage jinja2
      pybridge coverage --path ./src --fail-under 90
    """
    with progress() as bar:
        obtained = obtain(options.request(), options.places(), bar)
    coverage = measure(obtained.descriptor)
    is_short = fail_under is not None and percentage(coverage.all) < fail_under
    if output_format == "json":
        write_json(
            {
                "coverage": to_json(coverage),
                "percentage": round(percentage(coverage.all), 2),
                "fail_under": fail_under,
                "is_under": is_short,
                "diagnostics": to_json(obtained.analysis.diagnostics),
            }
        )
    else:
        write_diagnostics(obtained.analysis.diagnostics)
        write_text("\n".join(_lines(coverage)))
    if is_short:
        sys.stderr.write(f"{percentage(coverage.all):.2f} % of the types are known, less than {fail_under:g} %\n")
    return Exit.FINDINGS if is_short else Exit.CLEAN


def _lines(coverage: Coverage) -> list[str]:
    version = f" {coverage.version}" if coverage.version else ""
    lines = [
        f"{coverage.library}{version} (Python {coverage.python_version}, {coverage.platform})",
        f"  {share(coverage.all.known, coverage.all.positions)} of {coverage.all.positions} public types are known",
        "",
    ]
    by_kind = [
        ("parameters", coverage.parameters),
        ("returns", coverage.returns),
        ("attributes", coverage.attributes),
        ("all", coverage.all),
    ]
    lines += _table("", by_kind)
    if coverage.all.unknown:
        lines += ["", "not known:"]
        lines += [f"  {count:6}  {_WHY.get(reason, reason)}" for reason, count in coverage.all.unknown.items()]
    if coverage.all.less_certain:
        lines += ["", f"{coverage.all.less_certain} of the known types are less than certain"]
    modules = sorted(coverage.modules, key=lambda one: (percentage(one.figures), one.module))
    return [*lines, "", *_table("module, least known first", [(one.module, one.figures) for one in modules])]


def _table(title: str, rows: list[tuple[str, Figures]]) -> list[str]:
    """Write one row each: how many, how many are known, and by which evidence; evidence that nobody has is left out."""
    tiers = [tier for tier in _TIERS if any(tier in figures.tiers for _, figures in rows)]
    width = max(len(title), *(len(name) for name, _ in rows), 10) if rows else len(title)
    head = f"{title:{width}}  {'types':>6}  {'known':>8}" + "".join(f"  {tier:>11}" for tier in tiers)
    return [head.rstrip(), *(_row(name, figures, tiers, width) for name, figures in rows)]


def _row(name: str, figures: Figures, tiers: list[str], width: int) -> str:
    counts = "".join(f"  {figures.tiers.get(tier, 0):>11}" for tier in tiers)
    return f"{name:{width}}  {figures.positions:>6}  {share(figures.known, figures.positions):>8}{counts}"
