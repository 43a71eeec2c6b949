"""Fields of Sphinx (``:param x:``) and Epydoc (``@param x:``) docstrings, which differ in their first character."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from pybridge.resolve.evidence.documentation.facts import Field, FieldKind
from pybridge.resolve.evidence.documentation.scanning import MAX_HEADER, description_of, indent_of, names_in, one_line

_KEYWORDS: Final[dict[str, FieldKind]] = {
    **dict.fromkeys(
        ("param", "parameter", "arg", "argument", "key", "keyword", "kwarg", "kwparam"), FieldKind.PARAMETER
    ),
    **dict.fromkeys(("var", "ivar", "cvar", "attribute", "attr"), FieldKind.ATTRIBUTE),
    **dict.fromkeys(("type", "vartype"), FieldKind.TYPE),
    **dict.fromkeys(("return", "returns"), FieldKind.RETURNS),
    **dict.fromkeys(("rtype", "returntype", "ytype"), FieldKind.RETURN_TYPE),
    **dict.fromkeys(("yield", "yields"), FieldKind.YIELDS),
    **dict.fromkeys(("raise", "raises", "except", "exception"), FieldKind.RAISES),
}
_ANY: Final = "|".join(sorted(_KEYWORDS, key=len, reverse=True))
_SPHINX: Final = re.compile(rf"^ *:({_ANY})(?=:(?!`)| )", re.MULTILINE)
_EPYDOC: Final = re.compile(rf"^ *@({_ANY})(?=[: ])", re.MULTILINE)
_EXCEPTION: Final = re.compile(r"[^\W\d][\w.]*")


def count_sphinx(text: str) -> int:
    """Number of fields of Sphinx's style in a cleaned docstring."""
    return len(_SPHINX.findall(text)) if ":" in text else 0


def count_epydoc(text: str) -> int:
    """Number of fields of Epydoc's style in a cleaned docstring."""
    return len(_EPYDOC.findall(text)) if "@" in text else 0


def sphinx_fields(lines: Sequence[str]) -> Iterator[Field]:
    """Fields of a docstring, in order; what is not well-formed is left out."""
    return _fields(lines, _SPHINX)


def epydoc_fields(lines: Sequence[str]) -> Iterator[Field]:
    """Fields of a docstring, in order; what is not well-formed is left out."""
    return _fields(lines, _EPYDOC)


def _fields(lines: Sequence[str], start: re.Pattern[str]) -> Iterator[Field]:
    place = 0
    while place < len(lines):
        line = lines[place]
        place += 1
        found = start.match(line)
        if found is None:
            continue
        first = place
        while place < len(lines) and _continues(lines, place, indent_of(line), start):
            place += 1
        end = _end_of_argument(line, found.end())
        if end >= 0:
            argument = one_line(line[found.end() : end])
            description = description_of(line[end + 1 :], lines[first:place])
            yield from _field(_KEYWORDS[found[1]], argument, description)


def _continues(lines: Sequence[str], place: int, margin: int, start: re.Pattern[str]) -> bool:
    """Tell whether a line belongs to the field above: indented more, or right below it and no field itself."""
    line = lines[place]
    if not line.strip():
        return place + 1 < len(lines) and bool(lines[place + 1].strip()) and indent_of(lines[place + 1]) > margin
    if start.match(line):
        return False
    return indent_of(line) > margin or bool(lines[place - 1].strip())


def _end_of_argument(line: str, start: int) -> int:
    """Place of the colon that ends ``:param Foo x:``; those of roles, back-quoted text and slices are passed over."""
    is_quoted = False
    for place in range(start, min(len(line), start + MAX_HEADER)):
        character = line[place]
        if character == "`":
            is_quoted = not is_quoted
        elif character == ":" and not is_quoted and line[place + 1 : place + 2] in {"", " "}:
            return place
    return -1


def _field(kind: FieldKind, argument: str, description: str) -> Iterator[Field]:
    match kind:
        case FieldKind.PARAMETER | FieldKind.ATTRIBUTE:
            type_text, _, name = argument.rpartition(" ")
            for one in names_in(name):
                yield Field(kind=kind, name=one, type_text=type_text, description=description)
        case FieldKind.TYPE:
            for one in names_in(argument):
                yield Field(kind=kind, name=one, type_text=one_line(description)[:MAX_HEADER])
        case FieldKind.RETURN_TYPE:
            yield Field(kind=kind, type_text=one_line(description)[:MAX_HEADER])
        case FieldKind.RETURNS | FieldKind.YIELDS:
            yield Field(kind=kind, type_text=argument, description=description)
        case FieldKind.RAISES:
            for one in argument.split(","):
                if _EXCEPTION.fullmatch(one.strip().strip("`")):
                    yield Field(kind=kind, name=one.strip().strip("`"), description=description)
