"""How much of a library's public types is known, from what evidence, and why the rest is not."""

from collections import Counter
from collections.abc import Iterable, Iterator
from enum import Enum

import msgspec

from pybridge.model.callables import Function, Signature
from pybridge.model.classes import Class, ConstructorOrigin
from pybridge.model.evidence import Confidence, Tier, TypeClaim
from pybridge.model.library import LibraryDescriptor, Module
from pybridge.model.names import ModuleName
from pybridge.model.types import AnyType, Unknown
from pybridge.pipeline.summary import is_known

ANY_REASON = "any"
"""Reason of a type that somebody wrote as ``Any``; every other reason is a value of `UnknownReason`."""

_CLASS_MADE = frozenset({ConstructorOrigin.INIT, ConstructorOrigin.NEW, ConstructorOrigin.METACLASS_CALL})


class PositionKind(Enum):
    """What a type is the type of."""

    PARAMETERS = "parameters"
    RETURNS = "returns"
    ATTRIBUTES = "attributes"
    """Fields and properties of classes, and variables of modules."""


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """Counts over some positions. ``known`` and the counts of ``unknown`` add up to ``positions``."""

    positions: int
    known: int
    """With a type that is neither unknown nor ``Any``."""
    less_certain: int
    """Of the known ones, those whose confidence is not high."""
    tiers: dict[str, int]
    """Known ones by the value of their `Tier`, best first; without zeros."""
    unknown: dict[str, int]
    """The others by reason, most frequent first: a value of `UnknownReason`, or `ANY_REASON`."""


class ModuleCoverage(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the public symbols that a module defines."""

    module: ModuleName
    figures: Figures


class Coverage(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a library's public symbols."""

    library: str
    version: str | None
    python_version: str
    platform: str
    all: Figures
    parameters: Figures
    returns: Figures
    attributes: Figures
    modules: tuple[ModuleCoverage, ...]
    """Every module that has public positions, by name."""


def measure(descriptor: LibraryDescriptor) -> Coverage:
    """Count the types of a descriptor's public symbols: those with a public path, and members of such classes.

    A constructor counts where it is written, in the class that defines it; overloads count one by one.
    """
    by_module = [(module.name, tuple(_positions(module))) for module in descriptor.modules]
    everything = [position for _, positions in by_module for position in positions]
    return Coverage(
        library=descriptor.name,
        version=descriptor.version,
        python_version=descriptor.target.python_version,
        platform=descriptor.target.platform,
        all=_figures(claim for _, claim in everything),
        parameters=_figures(claim for kind, claim in everything if kind is PositionKind.PARAMETERS),
        returns=_figures(claim for kind, claim in everything if kind is PositionKind.RETURNS),
        attributes=_figures(claim for kind, claim in everything if kind is PositionKind.ATTRIBUTES),
        modules=tuple(
            ModuleCoverage(module=name, figures=_figures(claim for _, claim in positions))
            for name, positions in by_module
            if positions
        ),
    )


def percentage(figures: Figures) -> float:
    """Share of what is known, from 0 to 100; where there is nothing to know, all of it is known."""
    return 100 * figures.known / figures.positions if figures.positions else 100.0


def _positions(module: Module) -> Iterator[tuple[PositionKind, TypeClaim]]:
    for function in module.functions:
        if function.public_paths:
            yield from _callable(function)
    for variable in module.variables:
        if variable.public_paths:
            yield PositionKind.ATTRIBUTES, variable.type
    for one in module.classes:
        if one.public_paths:
            yield from _members(one)


def _members(owner: Class) -> Iterator[tuple[PositionKind, TypeClaim]]:
    if owner.constructor.origin in _CLASS_MADE and owner.constructor.defined_by == owner.path:
        for signature in owner.constructor.signatures:
            yield from _parameters(signature)
    for method in owner.methods:
        yield from _callable(method)
    yield from ((PositionKind.ATTRIBUTES, one.type) for one in owner.properties)
    yield from ((PositionKind.ATTRIBUTES, one.type) for one in owner.fields)
    for nested in owner.nested_classes:
        yield from _members(nested)


def _callable(function: Function) -> Iterator[tuple[PositionKind, TypeClaim]]:
    for signature in function.signatures:
        yield from _parameters(signature)
        yield PositionKind.RETURNS, signature.returns


def _parameters(signature: Signature) -> Iterator[tuple[PositionKind, TypeClaim]]:
    for parameter in signature.parameters:
        yield PositionKind.PARAMETERS, parameter.type


def _figures(claims: Iterable[TypeClaim]) -> Figures:
    tiers: Counter[Tier] = Counter()
    reasons: Counter[str] = Counter()
    less_certain = 0
    for claim in claims:
        if is_known(claim):
            tiers[claim.evidence.tier] += 1
            less_certain += claim.evidence.confidence is not Confidence.HIGH
        else:
            reasons[_reason(claim)] += 1
    known = tiers.total()
    return Figures(
        positions=known + reasons.total(),
        known=known,
        less_certain=less_certain,
        tiers={tier.value: tiers[tier] for tier in Tier if tiers[tier]},
        unknown=dict(sorted(reasons.items(), key=lambda item: (-item[1], item[0]))),
    )


def _reason(claim: TypeClaim) -> str:
    match claim.expr:
        case Unknown(reason=reason):
            return reason.value
        case AnyType():
            return ANY_REASON
        case _:
            message = "a known type has no reason to be unknown"
            raise AssertionError(message)
