"""A signature that runs and one that a stub declares, made one."""

from collections.abc import Iterator, Sequence

import msgspec

from pybridge.model.callables import Parameter, Signature
from pybridge.model.evidence import Confidence, Evidence, Tier, TypeClaim
from pybridge.model.types import ParameterKind, Unknown
from pybridge.resolve.algebra import union_of
from pybridge.resolve.describe.claims import is_silent

_VARIADIC = frozenset({ParameterKind.VAR_POSITIONAL, ParameterKind.VAR_KEYWORD})
_POSITIONAL = frozenset({ParameterKind.POSITIONAL_ONLY, ParameterKind.POSITIONAL_OR_KEYWORD})
_NAMED = frozenset({ParameterKind.KEYWORD_ONLY, ParameterKind.POSITIONAL_OR_KEYWORD})


class Difference(msgspec.Struct, frozen=True):
    """In what a stub and a source disagree."""

    text: str
    """A phrase for people."""
    is_breaking: bool = False
    """True when what the stub allows fails."""


class Merged(msgspec.Struct, frozen=True, kw_only=True):
    """One signature out of two, and in what they disagreed."""

    signature: Signature
    """Parameters of the source, types of the stub."""
    is_narrowed: bool = False
    """True where the source takes anything (``**kwargs``) and the stub says what of it means something."""
    differences: tuple[Difference, ...] = ()


def merge_signatures(source: Signature, stub: Signature, *, is_operator: bool = False) -> Merged:
    """Give the source's parameters the stub's types.

    ``is_operator`` is said of special methods, whose parameter names and kinds nobody relies on.
    """
    pairs = _paired(source.parameters, stub.parameters)
    used = {id(declared) for _, declared in pairs if declared is not None}
    extra = [one for one in stub.parameters if id(one) not in used and one.kind not in _VARIADIC]
    kinds = {one.kind for one in source.parameters}
    absorbed = [one for one in extra if _takes(kinds, one)]
    missing = [one for one in extra if one not in absorbed]
    differences = list(_differences(pairs, missing, stub)) if not is_operator else []
    parameters = tuple(
        one if declared is None else msgspec.structs.replace(one, type=better(declared.type, one.type))
        for one, declared in pairs
    )
    typed = Signature(
        parameters=parameters,
        returns=better(stub.returns, source.returns),
        type_parameters=stub.type_parameters or source.type_parameters,
        return_description=source.return_description or stub.return_description,
    )
    return Merged(
        signature=typed,
        is_narrowed=bool(absorbed) and not missing,
        differences=tuple(differences),
    )


def with_defaults(stub: Signature, source: Signature) -> Signature:
    """Give a stub's signature the default texts and descriptions of the source where it writes ``...``."""
    known = {one.name: one for one in source.parameters}
    parameters = tuple(_with_default(one, known.get(one.name)) for one in stub.parameters)
    return msgspec.structs.replace(
        stub,
        parameters=parameters,
        return_description=stub.return_description or source.return_description,
    )


def joined(source: Signature, overloads: Sequence[Signature]) -> Signature:
    """Type an implementation by its overloads: a parameter takes, and a call gives, what any of them says."""
    parameters = []
    for one in source.parameters:
        declared = [each for each in (_named(signature, one) for signature in overloads) if each is not None]
        parameters.append(msgspec.structs.replace(one, type=_joined(one.type, [each.type for each in declared])))
    returns = _joined(source.returns, [one.returns for one in overloads])
    return msgspec.structs.replace(source, parameters=tuple(parameters), returns=returns)


def overload_differences(source: Signature, overloads: Sequence[Signature]) -> Iterator[Difference]:
    """Parameters of overloads that the implementation has no place for."""
    kinds = {one.kind for one in source.parameters}
    known = {one.name for one in source.parameters}
    told = set()
    for signature in overloads:
        for one in signature.parameters:
            if one.kind in _NAMED and one.name not in known and one.name not in told and not _takes(kinds, one):
                told.add(one.name)
                yield Difference(f"the source takes no `{one.name}`", is_breaking=True)


def better(stub: TypeClaim, source: TypeClaim) -> TypeClaim:
    """Believe the stub, unless it says nothing that the source knows."""
    if isinstance(stub.expr, Unknown) or (is_silent(stub.expr) and not is_silent(source.expr)):
        return source
    return stub


def _with_default(stub: Parameter, source: Parameter | None) -> Parameter:
    default, value, description = stub.default, stub.default_value, stub.description
    if source is not None and not stub.is_required and source.default is not None:
        default, value = source.default, source.default_value
    elif default == "...":
        default, value = None, None
    if source is not None and not description:
        description = source.description
    return msgspec.structs.replace(stub, default=default, default_value=value, description=description)


def _joined(known: TypeClaim, declared: Sequence[TypeClaim]) -> TypeClaim:
    if not declared or any(is_silent(one.expr) for one in declared):
        return known
    distinct = {one.expr: one for one in declared}
    if len(distinct) == 1:
        return declared[0]
    reason = f"what {len(declared)} overloads say, together"
    evidence = Evidence(tier=Tier.STUB, confidence=Confidence.MEDIUM, reason=reason)
    return TypeClaim(expr=union_of(distinct), evidence=evidence)


def _paired(source: Sequence[Parameter], stub: Sequence[Parameter]) -> tuple[tuple[Parameter, Parameter | None], ...]:
    """Match by name, else by place where neither side knows the other's name, else by being variadic alike."""
    by_name = {one.name: one for one in stub if one.kind not in _VARIADIC}
    names = {one.name for one in source}
    at_place = [one for one in stub if one.kind in _POSITIONAL]
    pairs: list[tuple[Parameter, Parameter | None]] = []
    for position, one in enumerate(source):
        if one.kind in _VARIADIC:
            found = next((each for each in stub if each.kind is one.kind), None)
        else:
            found = by_name.get(one.name)
            if found is None and one.kind in _POSITIONAL and position < len(at_place):
                found = at_place[position] if at_place[position].name not in names else None
        pairs.append((one, found))
    return tuple(pairs)


def _takes(kinds: set[ParameterKind], one: Parameter) -> bool:
    """True when variadic parameters of the source take in what a stub names."""
    if one.kind is ParameterKind.POSITIONAL_ONLY:
        return ParameterKind.VAR_POSITIONAL in kinds
    return ParameterKind.VAR_KEYWORD in kinds or (
        one.kind is ParameterKind.POSITIONAL_OR_KEYWORD and ParameterKind.VAR_POSITIONAL in kinds
    )


def _differences(
    pairs: Sequence[tuple[Parameter, Parameter | None]], missing: Sequence[Parameter], stub: Signature
) -> Iterator[Difference]:
    kinds = {one.kind for one in stub.parameters}
    for one in missing:
        yield Difference(f"the source takes no `{one.name}`", is_breaking=True)
    for one, declared in pairs:
        if declared is not None:
            yield from _difference(one, declared)
        elif one.kind not in _VARIADIC and not _takes(kinds, one):
            yield Difference(f"the stub has no `{one.name}`", is_breaking=one.is_required)


def _difference(source: Parameter, stub: Parameter) -> Iterator[Difference]:
    if source.kind in _VARIADIC:
        return
    # Before ``/`` was allowed in stubs, two underscores said the same.
    is_named = stub.kind in _NAMED and not stub.name.startswith("__")
    if source.name != stub.name and source.kind in _NAMED and is_named:
        yield Difference(f"`{source.name}` is called `{stub.name}` in the stub", is_breaking=True)
    if source.kind is not stub.kind:
        fails = (stub.kind in _POSITIONAL and source.kind not in _POSITIONAL) or (
            is_named and source.kind not in _NAMED
        )
        words = f"{_words(stub.kind)} in the stub and {_words(source.kind)} in the source"
        yield Difference(f"`{source.name}` is {words}", is_breaking=fails)
    if source.is_required != stub.is_required:
        words = "optional in the stub and required" if source.is_required else "required in the stub and optional"
        yield Difference(f"`{source.name}` is {words} in the source", is_breaking=source.is_required)
    elif None not in {stub.default_value, source.default_value} and stub.default_value != source.default_value:
        yield Difference(f"`{source.name}` is {stub.default} by default in the stub and {source.default} in the source")


def _named(signature: Signature, one: Parameter) -> Parameter | None:
    if one.kind in _VARIADIC:
        return next((each for each in signature.parameters if each.kind is one.kind), None)
    return next((each for each in signature.parameters if each.name == one.name and each.kind not in _VARIADIC), None)


def _words(kind: ParameterKind) -> str:
    return kind.value.replace("_", " ")
