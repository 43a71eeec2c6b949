"""``pybridge info``."""

import click

from pybridge.cli.commands.discover import summary_lines
from pybridge.cli.exits import ended
from pybridge.cli.options import LibraryOptions, format_option, library_options
from pybridge.cli.output import progress, to_json, write_diagnostics, write_json, write_text
from pybridge.model.diagnostic import Severity
from pybridge.model.library import LibraryDescriptor, Module, Skip
from pybridge.pipeline.analyze import obtain


@click.command(name="info")
@format_option
@library_options
def command(options: LibraryOptions, output_format: str) -> int:
    """Show what LIBRARY holds: figures, the largest modules, and everything that is not described.

    \b
    Example:
      pybridge info sympy
    """
    with progress() as bar:
        obtained = obtain(options.request(), options.places(), bar)
    write_diagnostics([one for one in obtained.analysis.diagnostics if one.severity is Severity.ERROR])
    skips = _skips(obtained.descriptor)
    summary = obtained.analysis.summary
    if output_format == "json":
        write_json({"summary": to_json(summary), "skipped": to_json(skips), "commit": obtained.analysis.commit})
        return ended(is_incomplete=obtained.analysis.is_incomplete)
    modules = sorted(obtained.descriptor.modules, key=lambda one: (-_size(one), one.name))
    lines = [*summary_lines(summary), "", "largest modules:"]
    lines += [f"  {_size(one):5} names  {one.name}" for one in modules[:10]]
    if skips:
        lines += ["", f"not described ({len(skips)}):"]
        lines += [f"  {one.path}  {one.reason.value}  {one.detail}".rstrip() for one in skips[:40]]
        lines += [f"  ... and {len(skips) - 40} more (--output-format json lists them all)"] if len(skips) > 40 else []
    write_text("\n".join(lines))
    return ended(is_incomplete=obtained.analysis.is_incomplete)


def _skips(descriptor: LibraryDescriptor) -> tuple[Skip, ...]:
    return (*descriptor.skipped, *(skip for module in descriptor.modules for skip in module.skipped))


def _size(module: Module) -> int:
    return len(module.classes) + len(module.functions) + len(module.variables) + len(module.type_aliases)
