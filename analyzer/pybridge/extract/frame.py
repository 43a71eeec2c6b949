"""The frame of a file: what the type engine reads of it, the functions left out of which it reads no more than the head.

The engine strips the body of a function unless that gives attributes to its first parameter, yields or does nothing.
Where that cannot be told for sure, the function belongs to the frame.
"""

import re
from collections.abc import Iterator, Sequence

import msgspec

from pybridge.codec import digest_bytes
from pybridge.extract.text import SourceLines
from pybridge.model.facts import ClassFacts, FunctionFacts, Span, Statement
from pybridge.model.names import Digest
from pybridge.model.types import ParameterKind

_POSITIONAL = frozenset({ParameterKind.POSITIONAL_ONLY, ParameterKind.POSITIONAL_OR_KEYWORD})
_TELLING_COMMENT = re.compile(r"#\s*(?:mypy\s*:|type\s*:\s*(?!\s*ignore))")
"""Configures the engine, or says a type: nothing else of a function's text reaches beyond its head."""
_ASSIGNED = r"{}\.\w[\w \t.,*()\[\]]{{0,300}}[-+/%@&|^<>]{{0,2}}=(?!=)"
_LOOPED = r"\bfor\b[^:]{{0,300}}?\b{}\.[^:]{{0,300}}?\bin\b"
_BOUND = r"\bas\b[^:\n]{{0,300}}?\b{}\."
"""Where a statement, a loop or a ``with`` may give an attribute of a parameter a value; more than that is found, too."""
_MAX_FUNCTION = 200_000
"""Characters; a longer function belongs to the frame."""


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """Of one file."""

    digest: Digest
    """Of the text without the functions left out, their names and places aside."""
    heads: tuple[int, ...] = ()
    """Numbers of the spans of the functions left out, in order."""


def frame_of(lines: SourceLines, body: Sequence[Statement], spans: Sequence[Span]) -> Frame:
    """Take the functions out of a text of which the engine reads the head only."""
    text = lines.text
    has_telling = _TELLING_COMMENT.search(text) is not None
    at, kept, heads = 0, list[str](), list[int]()
    for function, is_member in _functions(body, is_member=False):
        place = spans[function.span]
        start, end = lines.offset(place.line, 0), lines.offset(place.end_line + 1, 0)
        own = text[start:end]
        if start < at or not _is_only_head(function, own, is_member=is_member):
            continue
        if has_telling and _TELLING_COMMENT.search(own):
            continue
        kept += (text[at:start], f"{place.column} def {function.name}")
        heads.append(function.span)
        at = end
    kept.append(text[at:])
    return Frame(digest=digest_bytes("\0".join(kept).encode(errors="surrogatepass")), heads=tuple(heads))


def _functions(body: Sequence[Statement], *, is_member: bool) -> Iterator[tuple[FunctionFacts, bool]]:
    for one in body:
        if isinstance(one, FunctionFacts):
            yield one, is_member
        elif isinstance(one, ClassFacts):
            yield from _functions(one.body, is_member=True)


def _is_only_head(function: FunctionFacts, text: str, *, is_member: bool) -> bool:
    if function.is_stub_body or function.self_assignments or "yield" in text or len(text) > _MAX_FUNCTION:
        return False
    parameters = function.parameters
    if any(one.default_text is not None and ":=" in one.default_text for one in parameters):
        return False
    if not is_member or not parameters or parameters[0].kind not in _POSITIONAL:
        return True
    name = parameters[0].name
    return f"{name}." not in text or not _may_assign(re.escape(name), text)


def _may_assign(name: str, text: str) -> bool:
    """Tell whether a text may give an attribute of a name a value in another way than facts of a function tell."""
    if re.search(_ASSIGNED.format(name), text):
        return True
    if "for" in text and re.search(_LOOPED.format(name), text):
        return True
    return " as" in text and re.search(_BOUND.format(name), text) is not None
