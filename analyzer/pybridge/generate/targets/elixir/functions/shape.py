"""How a Python callable is called from Elixir.

Which parameters are arguments, which are options, and which go by position (clients/elixir/CONTRACT.md, "args").
"""

from collections.abc import Iterable

import msgspec

from pybridge.generate.targets.elixir.escape import ATOM_LIMIT
from pybridge.model.callables import Parameter, Signature
from pybridge.model.types import ParameterKind, TypeExpr

REQUIRED_LIMIT = 60
"""A callable with more required parameters than this is not generated: the BEAM takes 255 arguments."""
OWN_OPTION = "pybridge"


class MergedParameter(msgspec.Struct, frozen=True, kw_only=True):
    """One parameter over all overloads."""

    parameter: Parameter
    """The first that any overload has."""
    types: tuple[TypeExpr | None, ...]
    """Its type in each overload; None where that one has no such parameter."""
    kind: ParameterKind
    is_required: bool


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """The parameters of a generated function, in Python's order within each group."""

    positional: tuple[MergedParameter, ...]
    """Required, and sent by position."""
    named: tuple[MergedParameter, ...]
    """Required, and sent by name."""
    positional_options: tuple[MergedParameter, ...]
    """Optional, and sent by position."""
    options: tuple[MergedParameter, ...]
    """Optional, all of them, as the user gives them."""
    rest: MergedParameter | None
    """``*args``."""
    keywords: MergedParameter | None
    """``**kwargs``."""
    left_out: tuple[str, ...]
    """Names of optional parameters that cannot be options."""

    @property
    def required(self) -> tuple[MergedParameter, ...]:
        """Every required parameter, those by position first."""
        return (*self.positional, *self.named)


def shape_of(signatures: tuple[Signature, ...]) -> Shape:
    """Merge overloads into one way to call; a parameter is required when every overload requires it."""
    merged = _merge(signatures)
    rest = next((one for one in merged if one.kind is ParameterKind.VAR_POSITIONAL), None)
    keywords = next((one for one in merged if one.kind is ParameterKind.VAR_KEYWORD), None)
    plain = tuple(one for one in merged if one not in (rest, keywords))
    by_position = tuple(one for one in plain if _goes_by_position(one, has_rest=rest is not None))
    required = tuple(one for one in plain if one.is_required)
    optional = tuple(one for one in plain if not one.is_required)
    usable = tuple(one for one in optional if _can_be_option(one.parameter.name))
    return Shape(
        positional=tuple(one for one in required if one in by_position),
        named=tuple(one for one in required if one not in by_position),
        positional_options=tuple(one for one in usable if one in by_position),
        options=usable,
        rest=rest,
        keywords=keywords,
        left_out=tuple(one.parameter.name for one in optional if one not in usable),
    )


def _goes_by_position(one: MergedParameter, *, has_rest: bool) -> bool:
    return one.kind is ParameterKind.POSITIONAL_ONLY or (has_rest and one.kind is ParameterKind.POSITIONAL_OR_KEYWORD)


def _can_be_option(name: str) -> bool:
    return name != OWN_OPTION and len(name) <= ATOM_LIMIT


def _merge(signatures: tuple[Signature, ...]) -> tuple[MergedParameter, ...]:
    found: dict[tuple[str, str], list[Parameter | None]] = {}
    for number, signature in enumerate(signatures):
        for key, parameter in _keyed(signature.parameters):
            found.setdefault(key, [None] * len(signatures))[number] = parameter
    return tuple(_merged(parameters) for parameters in found.values())


def _keyed(parameters: tuple[Parameter, ...]) -> Iterable[tuple[tuple[str, str], Parameter]]:
    """Tell parameters of overloads apart: by place those that have only that, by kind the starred ones, else by name."""
    seen: set[tuple[str, str]] = set()
    for place, parameter in enumerate(parameters):
        match parameter.kind:
            case ParameterKind.POSITIONAL_ONLY:
                key = ("place", str(place))
            case ParameterKind.VAR_POSITIONAL | ParameterKind.VAR_KEYWORD:
                key = ("kind", parameter.kind.value)
            case ParameterKind.POSITIONAL_OR_KEYWORD | ParameterKind.KEYWORD_ONLY:
                key = ("name", parameter.name)
        if key not in seen:
            seen.add(key)
            yield key, parameter


def _merged(parameters: list[Parameter | None]) -> MergedParameter:
    present = [parameter for parameter in parameters if parameter is not None]
    return MergedParameter(
        parameter=present[0],
        types=tuple(None if one is None else one.type.expr for one in parameters),
        kind=present[0].kind,
        is_required=len(present) == len(parameters) and all(one.is_required for one in present),
    )
