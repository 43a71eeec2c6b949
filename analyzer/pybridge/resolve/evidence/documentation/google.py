"""Fields of Google-style docstrings: ``Args:`` and what is indented below it."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from pybridge.resolve.evidence.documentation.facts import Field, FieldKind
from pybridge.resolve.evidence.documentation.scanning import (
    MAX_HEADER,
    closing_bracket,
    description_of,
    indent_of,
    looks_like_type,
    names_in,
    one_line,
    top_level,
)

_PARAMETERS: Final = (
    *("Args", "Arguments", "Parameters", "Params", "Keyword Args", "Keyword Arguments", "Other Parameters", "Kwargs"),
)
_TITLES: Final[dict[str, FieldKind]] = {
    **dict.fromkeys(_PARAMETERS, FieldKind.PARAMETER),
    **dict.fromkeys(("Attributes",), FieldKind.ATTRIBUTE),
    **dict.fromkeys(("Returns", "Return"), FieldKind.RETURNS),
    **dict.fromkeys(("Yields", "Yield"), FieldKind.YIELDS),
    **dict.fromkeys(("Raises", "Raise", "Exceptions", "Except"), FieldKind.RAISES),
}
_TITLE: Final = re.compile(
    rf"^ *(?=[{''.join(sorted({title[0] for title in _TITLES}))}])({'|'.join(_TITLES)}): *$", re.MULTILINE
)
"""Looks at the first letter before it looks at the words, for the sake of all the other lines."""
_WORDS: Final = tuple({f"{title.rpartition(' ')[2]}:": None for title in _TITLES})
"""One of them ends each title: soon looked for, where most docstrings have none."""
_EXCEPTION: Final = re.compile(r"[^\W\d][\w.]*")


def count_google(text: str) -> int:
    """Number of titles of this style in a cleaned docstring."""
    if ":\n" not in text and ": " not in text:
        return 0
    return len(_TITLE.findall(text)) if any(word in text for word in _WORDS) else 0


def google_fields(lines: Sequence[str]) -> Iterator[Field]:
    """Fields of a docstring, in order; what is not well-formed is left out."""
    place = 0
    while place < len(lines):
        title = _TITLE.match(lines[place])
        place += 1
        if title is None:
            continue
        start = place
        place = _end_of_section(lines, place)
        yield from _section(_TITLES[title[1]], lines[start:place])


def _end_of_section(lines: Sequence[str], start: int) -> int:
    """Place of the first line that is indented no more than the title above ``start``.

    Cleaning takes the indentation of a section away when its title is the first line and nothing else follows: such a
    section ends at a blank line or a title.
    """
    place = start
    if start == 1 and place < len(lines) and lines[place].strip() and indent_of(lines[place]) == 0:
        while place < len(lines) and lines[place].strip() and not _TITLE.match(lines[place]):
            place += 1
        return place
    margin = indent_of(lines[start - 1])
    while place < len(lines) and (not lines[place].strip() or indent_of(lines[place]) > margin):
        place += 1
    return place


def _section(kind: FieldKind, body: Sequence[str]) -> Iterator[Field]:
    if kind is FieldKind.RETURNS or kind is FieldKind.YIELDS:
        field = _value(kind, body)
        if field is not None:
            yield field
        return
    margin = next((indent_of(line) for line in body if line.strip()), 0)
    items: list[tuple[tuple[str, ...], str, str, list[str]]] = []
    for line in body:
        header = None
        if line.strip() and indent_of(line) == margin:
            header = _exception(line) if kind is FieldKind.RAISES else _parameter(line)
        if header is not None:
            items.append((*header, []))
        elif items:
            items[-1][3].append(line)
    for names, type_text, first, rest in items:
        description = description_of(first, rest)
        for name in names:
            yield Field(kind=kind, name=name, type_text=type_text, description=description)


def _parameter(line: str) -> tuple[tuple[str, ...], str, str] | None:
    """Names, type and description of ``x, y (int): text``; None when the line is not that."""
    text = line.strip()
    text = text[2:].lstrip() if text.startswith(("- ", "* ")) else text
    colon = text.find(":", 0, MAX_HEADER)
    bracket = text.find("(", 0, MAX_HEADER if colon < 0 else colon)
    if bracket < 0:
        names = names_in(text[:colon]) if colon > 0 else ()
        return (names, "", text[colon + 1 :]) if names else None
    names = names_in(text[:bracket])
    end = closing_bracket(text, bracket) if names else -1
    if end < 0:
        return None
    after = text[end + 1 :].lstrip()
    if after and after[0] not in ":-":
        return None
    return names, one_line(text[bracket + 1 : end]), after[1:]


def _exception(line: str) -> tuple[tuple[str, ...], str, str] | None:
    """Names and description of ``ValueError: text``; None when the line is not that."""
    name, colon, rest = line.strip().partition(":")
    names = tuple(part.strip().strip("`") for part in name[:MAX_HEADER].replace(" or ", ",").split(","))
    if not colon or not all(_EXCEPTION.fullmatch(one) for one in names):
        return None
    return names, "", rest


def _value(kind: FieldKind, body: Sequence[str]) -> Field | None:
    """What is returned: ``int: text``, a type alone, or prose."""
    text = description_of("", body)
    if not text:
        return None
    first, _, rest = text.partition("\n")
    for colon in top_level(first, ":"):
        if first[colon + 1 : colon + 2] in {"", " "} and looks_like_type(one_line(first[:colon])):
            description = description_of(first[colon + 1 :], rest.split("\n"))
            return Field(kind=kind, type_text=one_line(first[:colon]), description=description)
        if first[colon + 1 : colon + 2] != "`":
            break
    is_type = not rest and looks_like_type(first)
    return Field(kind=kind, type_text=first if is_type else "", description="" if is_type else text)
