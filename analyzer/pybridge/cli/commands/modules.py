"""``pybridge modules``."""

import click

from pybridge.cli.exits import Exit
from pybridge.cli.options import LibraryOptions, format_option, library_options
from pybridge.cli.output import progress, write_json, write_text
from pybridge.model.library import Module
from pybridge.pipeline.analyze import obtain


@click.command(name="modules")
@click.option("--all", "with_private", is_flag=True, help="Also those with a leading underscore.")
@format_option
@library_options
def command(options: LibraryOptions, output_format: str, *, with_private: bool) -> int:
    """List the modules of LIBRARY, with what each defines.

    \b
    Example:
      pybridge modules jinja2
    """
    with progress() as bar:
        obtained = obtain(options.request(), options.places(), bar)
    modules = [one for one in obtained.descriptor.modules if with_private or one.is_public]
    if output_format == "json":
        write_json([_as_json(one) for one in modules])
        return Exit.CLEAN
    width = max((len(one.name) for one in modules), default=0)
    write_text("\n".join(f"{one.name:<{width}}  {_as_text(one)}".rstrip() for one in modules))
    return Exit.CLEAN


def _as_json(module: Module) -> dict[str, object]:
    return {
        "name": module.name,
        "classes": [one.name for one in module.classes],
        "functions": [one.name for one in module.functions],
        "variables": [one.name for one in module.variables],
        "type_aliases": [one.name for one in module.type_aliases],
        "exports": [one.name for one in module.exports],
    }


def _as_text(module: Module) -> str:
    counts = (
        (len(module.classes), "classes"),
        (len(module.functions), "functions"),
        (len(module.variables), "variables"),
        (len(module.type_aliases), "aliases"),
    )
    return ", ".join(f"{count} {word}" for count, word in counts if count)
