"""``pybridge methods``."""

import click

from pybridge.cli.exits import Exit
from pybridge.cli.options import LibraryOptions, format_option, library_and_name
from pybridge.cli.output import progress, to_json, write_json, write_text
from pybridge.codec.python_text import function_lines, type_text
from pybridge.model.callables import Function
from pybridge.model.classes import Class
from pybridge.model.library import LibraryDescriptor, Module
from pybridge.model.names import SymbolPath, dotted
from pybridge.pipeline.analyze import obtain
from pybridge.pipeline.query import Index


@click.command(name="methods")
@click.option("--inherited", is_flag=True, help="Also what a class has from its ancestors in the library.")
@format_option
@library_and_name
def command(options: LibraryOptions, output_format: str, name: str | None, *, inherited: bool) -> int:
    """List what can be called on a class or module of LIBRARY.

    \b
    Example:
      pybridge methods jinja2.Template
      pybridge methods jinja2 Environment --inherited
    """
    with progress() as bar:
        obtained = obtain(options.request(), options.places(), bar)
    index = Index(obtained.descriptor)
    symbol = index.find(name or obtained.descriptor.name).symbol
    from_ancestors = index.inherited(symbol) if inherited and isinstance(symbol, Class) else ()
    functions = _callables(symbol, obtained.descriptor)
    if output_format == "json":
        write_json([to_json(one) for one in (*functions, *(method for _, method in from_ancestors))])
        return Exit.CLEAN
    lines = [line for one in functions for line in function_lines(one)]
    lines += _properties(symbol)
    lines += [f"{line}  (from {dotted(owner)})" for owner, one in from_ancestors for line in function_lines(one)]
    write_text("\n".join(lines))
    return Exit.CLEAN


def _callables(symbol: object, descriptor: LibraryDescriptor) -> tuple[Function, ...]:
    match symbol:
        case Class():
            return symbol.methods
        case Function():
            return (symbol,)
        case Module():
            targets: set[SymbolPath] = {one.target for one in symbol.exports}
            found = (one for module in descriptor.modules for one in module.functions if one.path in targets)
            return tuple(sorted(found, key=lambda one: one.name))
        case _:
            return ()


def _properties(symbol: object) -> list[str]:
    if not isinstance(symbol, Class):
        return []
    return [f"@property {one.name}: {type_text(one.type.expr)}" for one in symbol.properties]
