"""What a generated function passes on: its parameters as variables, and the runtime's ``args`` (CONTRACT.md)."""

from pybridge.generate.targets.elixir import layout
from pybridge.generate.targets.elixir.escape import Elixir, atom, integer, keyword, string
from pybridge.generate.targets.elixir.functions.shape import MergedParameter, Shape
from pybridge.generate.targets.elixir.naming import Allotment, variable_name
from pybridge.model.types import LiteralKind, LiteralValue

OPTS = Elixir("opts")
EMPTY = Elixir("[]")


def name_variables(shape: Shape) -> dict[str, str]:
    """Give every parameter that is a variable in Elixir a name of its own, by its Python name."""
    taken = Allotment(("ref", "self", OPTS))
    parameters = [*shape.required, *(one for one in (shape.rest, shape.keywords) if one is not None)]
    return {one.parameter.name: taken.allot(variable_name(one.parameter.name)) for one in parameters}


def runtime_arguments(shape: Shape, variables: dict[str, str], *, indent: int) -> Elixir:
    """Write ``args`` at `indent`: a keyword list where all goes by name, else the tuple form."""
    named = [_pair(one, variables) for one in shape.named]
    first = [Elixir(variables[one.parameter.name]) for one in shape.positional]
    rest = None if shape.rest is None else Elixir(variables[shape.rest.parameter.name])
    if not first and rest is None and not shape.positional_options:
        return layout.listing(named, indent=indent)
    start = rest if rest is not None and not first else layout.listing(_with_rest(first, rest), indent=indent + 2)
    by_name = layout.listing(named, indent=indent + 2, is_last=True)
    if not shape.positional_options:
        return layout.bundle((start, by_name), indent=indent)
    optional = layout.listing(_optional(shape.positional_options), indent=indent + 2)
    required = layout.listing(first, indent=indent + 2)
    return layout.bundle((required, optional, rest or EMPTY, by_name), indent=indent)


def _with_rest(first: list[Elixir], rest: Elixir | None) -> list[Elixir]:
    if rest is None:
        return first
    return [*first[:-1], Elixir(f"{first[-1]} | {rest}")]


def _pair(one: MergedParameter, variables: dict[str, str]) -> Elixir:
    name = one.parameter.name
    return Elixir(f"{keyword(name)} {variables[name]}")


def _optional(options: tuple[MergedParameter, ...]) -> list[Elixir]:
    """``[low: 0.0]`` where every default is a literal, else names and pairs."""
    defaults = [literal(one.parameter.default_value) for one in options]
    if all(default is not None for default in defaults):
        return [
            Elixir(f"{keyword(one.parameter.name)} {default}") for one, default in zip(options, defaults, strict=True)
        ]
    return [
        atom(one.parameter.name) if default is None else Elixir(f"{{{atom(one.parameter.name)}, {default}}}")
        for one, default in zip(options, defaults, strict=True)
    ]


def literal(value: LiteralValue | None) -> Elixir | None:
    """Write a constant of Python as a value of Elixir; None where there is none that means the same."""
    if value is None or len(value.text) > 60:
        return None
    match value.kind:
        case LiteralKind.NONE:
            return Elixir("nil")
        case LiteralKind.BOOL:
            return Elixir("true" if value.text == "true" else "false")
        case LiteralKind.INT:
            return integer(value.text) if value.text.removeprefix("-").isdigit() else None
        case LiteralKind.FLOAT:
            return _float(value.text)
        case LiteralKind.STR:
            return string(value.text)
        case LiteralKind.BYTES | LiteralKind.ENUM:
            return None


def _float(text: str) -> Elixir | None:
    try:
        shown = repr(float(text))
    except ValueError:
        return None
    mantissa, mark, exponent = shown.partition("e")
    if not mantissa.lstrip("-")[:1].isdigit():
        return None
    whole, _, part = mantissa.partition(".")
    return Elixir(f"{integer(whole)}.{part or '0'}{f'e{int(exponent)}' if mark else ''}")
