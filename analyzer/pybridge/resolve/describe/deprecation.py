"""Whether something is deprecated: its decorator says it (PEP 702), every call warns of it, or its documentation does."""

from collections.abc import Iterable, Iterator

from pybridge.model.expressions import Attribute, Call, Constant, Name
from pybridge.model.facts import ClassFacts, Decorator, FunctionFacts
from pybridge.model.names import SymbolPath
from pybridge.model.types import LiteralKind
from pybridge.resolve.describe.scopes import LexicalScope

DEPRECATING = frozenset({SymbolPath("warnings:deprecated"), SymbolPath("typing_extensions:deprecated")})
_DIRECTIVE = ".. deprecated::"
_LONGEST = 300


def function_deprecation(facts: FunctionFacts, docstring: str | None, scope: LexicalScope) -> str | None:
    """Return the notice of a function, possibly empty; None when it is not deprecated. ``docstring`` is cleaned."""
    decorated = _decorated(facts.decorators, scope)
    return next((one for one in (decorated, facts.deprecation, directive(docstring)) if one is not None), None)


def class_deprecation(facts: ClassFacts, docstring: str | None, scope: LexicalScope) -> str | None:
    """Return the notice of a class: its own, or the one that making an instance gives."""
    decorated = _decorated(facts.decorators, scope)
    made = (one.deprecation for one in facts.body if isinstance(one, FunctionFacts) and one.name == "__init__")
    return next((one for one in (decorated, directive(docstring), *made) if one is not None), None)


def directive(docstring: str | None) -> str | None:
    """Read the ``.. deprecated:: 1.2`` of a cleaned docstring; one that is indented is about a part, such as a parameter."""
    if docstring is None or _DIRECTIVE not in docstring:
        return None
    lines = iter(docstring.splitlines())
    for line in lines:
        if line.startswith(_DIRECTIVE):
            since, _, rest = line.removeprefix(_DIRECTIVE).strip().partition(" ")
            text = " ".join(one for one in (rest.strip(), *_indented(lines)) if one)
            return (f"since {since}: {text}" if text else f"since {since}" if since else "")[:_LONGEST]
    return None


def _indented(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines of the block that follows, up to its first empty line after text."""
    has_text = False
    for line in lines:
        text = line.strip()
        if (text and not line[0].isspace()) or (has_text and not text):
            return
        has_text = has_text or bool(text)
        yield text


def _decorated(decorators: tuple[Decorator, ...], scope: LexicalScope) -> str | None:
    for one in decorators:
        called = one.expr.function if isinstance(one.expr, Call) else one.expr
        target = scope.lookup(called) if isinstance(called, Name | Attribute) else None
        if target is not None and target.path in DEPRECATING:
            call = one.expr
            first = call.arguments[0].value if isinstance(call, Call) and call.arguments else None
            return first.value.text if isinstance(first, Constant) and first.value.kind is LiteralKind.STR else ""
    return None
