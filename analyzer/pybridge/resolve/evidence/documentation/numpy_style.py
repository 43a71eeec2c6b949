"""Fields of NumPy-style docstrings: a title, a line under it, and entries at its margin."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from pybridge.resolve.evidence.documentation.facts import Field, FieldKind
from pybridge.resolve.evidence.documentation.scanning import (
    MAX_HEADER,
    description_of,
    indent_of,
    is_prose,
    looks_like_type,
    names_in,
    one_line,
    top_level,
)

_TITLES: Final[dict[str, FieldKind]] = {
    **dict.fromkeys(
        ("parameters", "parameter", "params", "other parameters", "arguments", "args", "keyword arguments"),
        FieldKind.PARAMETER,
    ),
    **dict.fromkeys(("attributes", "attribute"), FieldKind.ATTRIBUTE),
    **dict.fromkeys(("returns", "return"), FieldKind.RETURNS),
    **dict.fromkeys(("yields", "yield"), FieldKind.YIELDS),
    **dict.fromkeys(("raises", "raise"), FieldKind.RAISES),
}
_UNDERLINE: Final = re.compile(r" *(?:-{3,}|={3,}) *")
_UNDER_A_LINE: Final = re.compile(r"\n *(?:-{3,}|={3,}) *$", re.MULTILINE)
_ANY_TITLE: Final = re.compile(rf" *(?:{'|'.join(_TITLES)}) *", re.IGNORECASE)
_EXCEPTION: Final = re.compile(r"[^\W\d][\w.]*")


def count_numpy(text: str) -> int:
    """Number of underlined titles of this style in a cleaned docstring."""
    if "---" not in text and "===" not in text:
        return 0
    lines = (text[text.rfind("\n", 0, found.start()) + 1 : found.start()] for found in _UNDER_A_LINE.finditer(text))
    return sum(_ANY_TITLE.fullmatch(line) is not None for line in lines)


def numpy_fields(lines: Sequence[str]) -> Iterator[Field]:
    """Fields of a docstring, in order; what is not well-formed is left out."""
    titles = [
        place
        for place, below in enumerate(lines[1:])
        if ("---" in below or "===" in below)
        and _UNDERLINE.fullmatch(below)
        and lines[place].strip()
        and not _UNDERLINE.fullmatch(lines[place])
    ]
    for title, following in zip(titles, (*titles[1:], len(lines)), strict=True):
        kind = _TITLES.get(lines[title].strip().lower())
        if kind is not None:
            yield from _section(kind, lines[title + 2 : following])


def _section(kind: FieldKind, body: Sequence[str]) -> Iterator[Field]:
    margin = next((indent_of(line) for line in body if line.strip()), 0)
    entry: str | None = None
    rest: list[str] = []
    for line in body:
        if line.strip() and indent_of(line) <= margin:
            if entry is not None:
                yield from _entry(kind, entry, rest)
            entry, rest = line.strip(), []
        else:
            rest.append(line)
    if entry is not None:
        yield from _entry(kind, entry, rest)


def _entry(kind: FieldKind, entry: str, rest: Sequence[str]) -> Iterator[Field]:
    if len(entry) > MAX_HEADER:
        return
    description = description_of("", rest)
    match kind:
        case FieldKind.RETURNS | FieldKind.YIELDS:
            yield _value(kind, entry, description)
        case FieldKind.RAISES:
            for name in entry.replace(" or ", ",").split(","):
                if _EXCEPTION.fullmatch(name.strip().strip("`")):
                    yield Field(kind=kind, name=name.strip().strip("`"), description=description)
        case _:
            before, _, after = entry.partition(":")
            type_text = one_line(after)
            if is_prose(type_text):
                type_text, description = "", f"{type_text}\n{description}".rstrip()
            for name in names_in(before):
                yield Field(kind=kind, name=name, type_text=type_text, description=description)


def _value(kind: FieldKind, entry: str, description: str) -> Field:
    """``name : type``, or a type alone, or prose."""
    for colon in top_level(entry, ":")[:1]:
        names = names_in(entry[:colon])
        if len(names) == 1:
            return Field(kind=kind, name=names[0], type_text=one_line(entry[colon + 1 :]), description=description)
    if looks_like_type(one_line(entry)):
        return Field(kind=kind, type_text=one_line(entry), description=description)
    return Field(kind=kind, description=f"{entry}\n{description}".rstrip())
