"""What both readers of a file share: its text, the numbering of spans and blocks, and how guards are made."""

from collections.abc import Callable, Sequence

import msgspec

from pybridge.codec import digest_bytes
from pybridge.extract.annotations import literal_names, read_annotation
from pybridge.extract.frame import Frame
from pybridge.extract.text import SourceLines
from pybridge.model.expressions import Attribute, Expr, Lambda, Name
from pybridge.model.facts import (
    Annotation,
    Assignment,
    ClassFacts,
    FromImport,
    FunctionFacts,
    Guard,
    GuardKind,
    Import,
    ParameterFacts,
    Return,
    SelfAssignment,
    Span,
    Statement,
)
from pybridge.model.names import Digest, SourceText

_QUOTES = frozenset("\"'")
_STRING_BEGINS = _QUOTES | frozenset("rRuU")


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What a reader got out of a file."""

    docstring: str | None
    body: tuple[Statement, ...]
    spans: tuple[Span, ...]
    code_digest: Digest
    """Of the text without its docstrings."""
    frame: Frame


class BodyFacts(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of `FunctionFacts` that come from the body."""

    is_generator: bool
    yielded: tuple[Expr, ...]
    returned: tuple[Expr, ...]
    can_fall_through: bool
    is_stub_body: bool
    self_assignments: tuple[SelfAssignment, ...]
    deprecation: str | None
    nested: tuple[FunctionFacts | ClassFacts, ...]


class Recorder:
    """Numbers the places and compound statements of one file, in order of appearance."""

    def __init__(self, lines: SourceLines) -> None:
        self.lines = lines
        self.spans: list[Span] = []
        self._literals = literal_names(lines.text)
        self._blocks = 0

    def span(self, line: int, column: int, end_line: int) -> int:
        """Record a place (``column`` counts from 0) and return its number."""
        self.spans.append(Span(line, column + 1, end_line))
        return len(self.spans) - 1

    def block(self) -> int:
        """Number the next compound statement."""
        self._blocks += 1
        return self._blocks - 1

    def annotation(self, text: str) -> Annotation:
        """Read an annotation from its text."""
        return read_annotation(text, self._literals)


def code_digest(text: str, documentation: Sequence[tuple[int, int]]) -> Digest:
    """Digest a text without the documentation at these positions, on which neither names nor types depend."""
    at, kept = 0, list[str]()
    for start, end in sorted(documentation):
        if start >= at and text[start : start + 1] in _STRING_BEGINS and text[end - 1 : end] in _QUOTES:
            kept.append(text[at:start])
            at = end
    kept.append(text[at:])
    return digest_bytes("\0".join(kept).encode(errors="surrogatepass"))


def if_guard(block: int, test: Expr, text: SourceText, *, is_negated: bool = False) -> Guard:
    """Guard the body of an ``if``, or what comes after it when negated."""
    return Guard(kind=GuardKind.IF, block=block, test=test, text=text, is_negated=is_negated)


def is_module_hook(name: str, parameters: Sequence[ParameterFacts], level: int) -> bool:
    """Tell a module's ``__getattr__`` (PEP 562), which takes the name alone, from a method of that name."""
    return name == "__getattr__" and len(parameters) == 1 and level == 0


def answers_of(
    statements: Sequence[Statement], returns: Sequence[tuple[int, Return]]
) -> tuple[FromImport | Import | Assignment | Return, ...]:
    """Put the returns of a hook back between its statements; each has the number of statements before it."""
    found: list[FromImport | Import | Assignment | Return] = []
    waiting = list(reversed(returns))
    for at in range(len(statements) + 1):
        while waiting and waiting[-1][0] <= at:
            found.append(waiting.pop()[1])
        statement = statements[at] if at < len(statements) else None
        if isinstance(statement, FromImport | Import | Assignment):
            found.append(statement)
    return tuple(found)


def names_in(expr: Expr, depth: int = 4) -> set[str]:
    """Every plain name in the upper part of an expression, attributes' owners included."""
    found: set[str] = set()
    _collect_names(expr, depth, found.add)
    return found


def _collect_names(value: object, depth: int, add: Callable[[str], None]) -> None:
    if isinstance(value, Name):
        add(value.id)
    elif isinstance(value, Attribute):
        _collect_names(value.value, depth, add)
    elif isinstance(value, tuple):
        for one in value:
            _collect_names(one, depth, add)
    elif isinstance(value, msgspec.Struct) and not isinstance(value, Lambda) and depth > 0:
        for field in value.__struct_fields__:
            _collect_names(getattr(value, field), depth - 1, add)
