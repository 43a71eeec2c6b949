"""What a descriptor holds, in figures."""

from collections import Counter
from collections.abc import Iterator

import msgspec

from pybridge.model.callables import Function, Signature
from pybridge.model.classes import Class
from pybridge.model.evidence import TypeClaim
from pybridge.model.library import LibraryDescriptor
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


def summarize(descriptor: LibraryDescriptor, digest: Digest) -> Summary:
    """Count what a descriptor holds."""
    classes = [one for module in descriptor.modules for top in module.classes for one in _with_nested(top)]
    functions = [one for module in descriptor.modules for one in module.functions]
    methods = [method for one in classes for method in one.methods]
    signatures = [signature for one in (*functions, *methods) for signature in one.signatures]
    constructors = [signature for one in classes for signature in one.constructor.signatures]
    parameters = [parameter.type for one in (*signatures, *constructors) for parameter in one.parameters]
    returns = [_returned(one) for one in signatures]
    skips = [*descriptor.skipped, *(skip for module in descriptor.modules for skip in module.skipped)]
    return Summary(
        library=descriptor.name,
        distribution=descriptor.distribution,
        version=descriptor.version,
        python_version=descriptor.target.python_version,
        platform=descriptor.target.platform,
        digest=digest,
        modules=len(descriptor.modules),
        classes=len(classes),
        functions=len(functions),
        methods=len(methods),
        properties=sum(len(one.properties) for one in classes),
        parameters=len(parameters),
        typed_parameters=sum(map(is_known, parameters)),
        returns=len(returns),
        typed_returns=sum(map(is_known, returns)),
        skipped=dict(sorted(Counter(skip.reason.value for skip in skips).items())),
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
