"""What a descriptor holds, in figures."""

from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec

from pybridge.model.callables import Function, Signature
from pybridge.model.classes import Class
from pybridge.model.evidence import TypeClaim
from pybridge.model.library import LibraryDescriptor, Module
from pybridge.model.names import Digest
from pybridge.model.types import AnyType, Unknown


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """Counts of a descriptor; members are those that a class defines itself."""

    library: str
    distribution: str | None
    version: str | None
    python_version: str
    platform: str
    digest: Digest
    modules: int
    classes: int
    functions: int
    methods: int
    properties: int
    parameters: int
    typed_parameters: int
    """With a type that is neither unknown nor ``Any``."""
    returns: int
    typed_returns: int
    skipped: dict[str, int]
    """By reason."""


class Counts(msgspec.Struct, frozen=True, array_like=True):
    """What of a `Summary` is the sum over modules."""

    classes: int
    functions: int
    methods: int
    properties: int
    parameters: int
    typed_parameters: int
    returns: int
    typed_returns: int
    skipped: dict[str, int]


def count(module: Module) -> Counts:
    """Count what a module holds."""
    classes = [one for top in module.classes for one in _with_nested(top)]
    methods = [method for one in classes for method in one.methods]
    signatures = [signature for one in (*module.functions, *methods) for signature in one.signatures]
    constructors = [signature for one in classes for signature in one.constructor.signatures]
    parameters = [parameter.type for one in (*signatures, *constructors) for parameter in one.parameters]
    returns = [_returned(one) for one in signatures]
    return Counts(
        classes=len(classes),
        functions=len(module.functions),
        methods=len(methods),
        properties=sum(len(one.properties) for one in classes),
        parameters=len(parameters),
        typed_parameters=sum(map(is_known, parameters)),
        returns=len(returns),
        typed_returns=sum(map(is_known, returns)),
        skipped=Counter(skip.reason.value for skip in module.skipped),
    )


def summarize(descriptor: LibraryDescriptor, digest: Digest) -> Summary:
    """Count what a descriptor holds."""
    return total(descriptor, [count(one) for one in descriptor.modules], digest)


def total(header: LibraryDescriptor, modules: Sequence[Counts], digest: Digest) -> Summary:
    """Add up what modules hold; of the descriptor, all but its modules is read."""
    skipped = Counter(skip.reason.value for skip in header.skipped)
    for one in modules:
        skipped.update(one.skipped)
    return Summary(
        library=header.name,
        distribution=header.distribution,
        version=header.version,
        python_version=header.target.python_version,
        platform=header.target.platform,
        digest=digest,
        modules=len(modules),
        classes=sum(one.classes for one in modules),
        functions=sum(one.functions for one in modules),
        methods=sum(one.methods for one in modules),
        properties=sum(one.properties for one in modules),
        parameters=sum(one.parameters for one in modules),
        typed_parameters=sum(one.typed_parameters for one in modules),
        returns=sum(one.returns for one in modules),
        typed_returns=sum(one.typed_returns for one in modules),
        skipped=dict(sorted(skipped.items())),
    )


def is_known(claim: TypeClaim) -> bool:
    """Tell whether a claim says anything: neither unknown nor ``Any``."""
    return not isinstance(claim.expr, Unknown | AnyType)


def share(part: int, whole: int) -> str:
    """Write a share as people read it, ``96.1 %``; of nothing it is ``-``."""
    return f"{100 * part / whole:.1f} %" if whole else "-"


def callables_of(owner: Class) -> Iterator[Function]:
    """Every method of a class and of the classes nested in it."""
    for one in _with_nested(owner):
        yield from one.methods


def _returned(signature: Signature) -> TypeClaim:
    return signature.returns


def _with_nested(owner: Class) -> Iterator[Class]:
    yield owner
    for nested in owner.nested_classes:
        yield from _with_nested(nested)
