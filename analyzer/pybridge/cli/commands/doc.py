"""``pybridge doc``."""

from collections.abc import Iterator

import click

from pybridge.cli.exits import Exit
from pybridge.cli.options import LibraryOptions, format_option, library_and_name
from pybridge.cli.output import progress, to_json, write_json, write_text
from pybridge.codec.python_text import function_lines, signature_text, type_text
from pybridge.model.callables import Function, Parameter, Signature
from pybridge.model.classes import Class, Field, Property
from pybridge.model.evidence import TypeClaim
from pybridge.model.library import Module, TypeAlias, Variable
from pybridge.model.names import dotted, symbol_path
from pybridge.model.source import Place
from pybridge.pipeline.analyze import obtain
from pybridge.pipeline.query import Answer, Found, Index


@click.command(name="doc")
@format_option
@library_and_name
def command(options: LibraryOptions, output_format: str, name: str | None) -> int:
    """Show the signature, the types with their evidence, the place and the documentation of a symbol.

    NAME is a class, function, method or module; by default the library itself.

    \b
    Example:
      pybridge doc jinja2.Template.render
      pybridge doc jinja2 Environment
    """
    with progress() as bar:
        obtained = obtain(options.request(), options.places(), bar)
    index = Index(obtained.descriptor)
    answer = index.find(name or obtained.descriptor.name)
    symbol = answer.symbol
    path = symbol_path(symbol.name, "") if isinstance(symbol, Module) else symbol.path
    place = obtained.analysis.source_map.places.get(path)
    if output_format == "json":
        write_json({"name": answer.name, "symbol": to_json(symbol), "place": to_json(place)})
        return Exit.CLEAN
    write_text(symbol_text(answer, index, place))
    return Exit.CLEAN


def symbol_text(answer: Answer, index: Index, place: Place | None) -> str:
    """Write what is known of a symbol for people."""
    symbol = answer.symbol
    lines = [answer.name, *_lines(symbol)]
    if answer.owner:
        lines.append(f"inherited from {dotted(answer.owner)}")
    if place is not None:
        lines.append(f"written in {place.path}:{place.line}")
    docstring = None if isinstance(symbol, TypeAlias) else symbol.docstring
    source = symbol.docstring_from if isinstance(symbol, Function | Property) else None
    if source is not None:
        lines.append(f"documented by {dotted(source)}")
        docstring = index.documentation(source)
    lines += ["", docstring] if docstring else []
    return "\n".join(lines)


def _lines(symbol: Found) -> Iterator[str]:
    match symbol:
        case Function():
            yield from (f"  {line}" for line in function_lines(symbol))
            for signature in symbol.signatures:
                yield from _signature(signature)
        case Class():
            yield f"  {symbol.kind.value} class, ancestors: {', '.join(map(dotted, symbol.mro[1:])) or 'none'}"
            for signature in symbol.constructor.signatures:
                yield f"  made by {signature_text(signature).rpartition(' -> ')[0]}"
                yield from _signature(signature)
        case Property() | Field() | Variable():
            yield f"  {type_text(symbol.type.expr)}  [{_evidence(symbol.type)}]"
        case TypeAlias():
            yield f"  = {type_text(symbol.target)}"
        case Module():
            yield f"  module with {len(symbol.exports)} public names"


def _signature(signature: Signature) -> Iterator[str]:
    yield from (_parameter(one) for one in signature.parameters)
    yield f"    -> {type_text(signature.returns.expr)}  [{_evidence(signature.returns)}]"


def _parameter(one: Parameter) -> str:
    told = f"  {' '.join(one.description.split())}" if one.description else ""
    return f"    {one.name}: {type_text(one.type.expr)}  [{_evidence(one.type)}]{told}"


def _evidence(claim: TypeClaim) -> str:
    evidence = claim.evidence
    reason = f": {evidence.reason}" if evidence.reason else ""
    return f"{evidence.tier.value}, {evidence.confidence.value}{reason}"
