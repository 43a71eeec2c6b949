"""Signatures that only the documentation tells: what compiled code says of itself in the first line.

A stub or a Cython header that takes ``(*args, **kwargs)`` knows nothing. Where its documentation starts with a header of
the same name, as the makers of compiled modules write it, that is what callers should use.
"""

import re
from collections.abc import Iterator, Sequence

import msgspec

from pybridge.model.callables import Signature
from pybridge.model.evidence import Confidence, TypeClaim
from pybridge.model.facts import FunctionFacts, ParameterFacts
from pybridge.model.types import ParameterKind
from pybridge.resolve.annotations import Header, read_header

UNTOLD = frozenset({"Any", "object", "Incomplete"})
"""Annotations by which the makers of stubs say that they do not know."""
REASON = "the first line of its documentation"
_KINDS = [ParameterKind.VAR_POSITIONAL, ParameterKind.VAR_KEYWORD]
_MAX_HEADERS = 64
_OVERLOADED = re.compile(r"Overloaded function\.\s*$", re.MULTILINE)
_NUMBERED = re.compile(r"^\d+\.\s+(?P<header>\S.*)$", re.MULTILINE)


def told_by_documentation(facts: FunctionFacts, docstring: str | None, *, has_receiver: bool) -> list[FunctionFacts]:
    """Give the ``def``s that a function's documentation starts with; empty where its own text says more, or neither does.

    More than one where the documentation numbers overloads, as pybind11 does.
    """
    if docstring is None or not _knows_nothing(facts, has_receiver=has_receiver):
        return []
    receiver = facts.parameters[:1] if has_receiver else ()
    headers = [one for text in _headers(docstring) if (one := read_header(text, facts.name)) is not None]
    return [_replaced(facts, one, receiver) for one in headers if not _says_nothing(one)]


def as_told(signature: Signature) -> Signature:
    """The signature with its claims as sure as documentation is."""
    return msgspec.structs.replace(
        signature,
        parameters=tuple(msgspec.structs.replace(one, type=_told(one.type)) for one in signature.parameters),
        returns=_told(signature.returns),
    )


def _headers(docstring: str) -> Iterator[str]:
    first, _, rest = docstring.strip().partition("\n")
    overloaded = _OVERLOADED.match(rest.lstrip())
    if overloaded is None:
        yield first.strip()
        return
    for count, found in enumerate(_NUMBERED.finditer(rest)):
        if count == _MAX_HEADERS:
            return
        yield found["header"].strip()


def _knows_nothing(facts: FunctionFacts, *, has_receiver: bool) -> bool:
    written = facts.parameters[1:] if has_receiver else facts.parameters
    texts = [one.annotation.text.rpartition(".")[2] for one in written if one.annotation is not None]
    return [one.kind for one in written] == _KINDS and UNTOLD.issuperset(texts)


def _says_nothing(header: Header) -> bool:
    return [one.kind for one in header.parameters] == _KINDS


def _replaced(facts: FunctionFacts, header: Header, receiver: Sequence[ParameterFacts]) -> FunctionFacts:
    leads = bool(header.parameters) and header.parameters[0].name in {"self", "cls"}
    parameters = header.parameters if leads or not receiver else (*receiver, *header.parameters)
    return msgspec.structs.replace(facts, parameters=parameters, returns=header.returns)


def _told(claim: TypeClaim) -> TypeClaim:
    evidence = claim.evidence
    if evidence.annotation is None or evidence.confidence is not Confidence.HIGH:
        return claim
    return TypeClaim(
        expr=claim.expr,
        evidence=msgspec.structs.replace(evidence, confidence=Confidence.MEDIUM, reason=REASON),
    )
