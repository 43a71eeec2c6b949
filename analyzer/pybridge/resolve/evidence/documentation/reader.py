"""`read_docstring`: a docstring to `DocFacts`, in time linear in its length whatever it holds.

Scanners of our own find the fields, because docstring-parser's patterns take minutes on a few kilobytes of brackets
and one bad line costs it the whole docstring. It is given only well-formed headers, one a field, under the number of the
field in place of the description; it tells names, types and options apart.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Final

from pybridge.resolve.annotations.text import escape_surrogates
from pybridge.resolve.evidence.documentation.cleaning import clean_docstring
from pybridge.resolve.evidence.documentation.facts import DocFacts, DocParameter, DocStyle, DocValue, Field, FieldKind
from pybridge.resolve.evidence.documentation.google import count_google, google_fields
from pybridge.resolve.evidence.documentation.markup import count_epydoc, count_sphinx, epydoc_fields, sphinx_fields
from pybridge.resolve.evidence.documentation.numpy_style import count_numpy, numpy_fields
from pybridge.resolve.evidence.documentation.scanning import one_line, without_default
from pybridge.resolve.evidence.documentation.writing import restored, write_fields

if TYPE_CHECKING:
    from docstring_parser import Docstring, DocstringParam

MAX_TEXT: Final = 16_384
"""Characters of a docstring that are read; the rest is ignored."""
MAX_FIELDS: Final = 256
_MAX_SUMMARY: Final = 400

_COUNTERS: Final[tuple[tuple[DocStyle, Callable[[str], int]], ...]] = (
    (DocStyle.NUMPY, count_numpy),
    (DocStyle.GOOGLE, count_google),
    (DocStyle.SPHINX, count_sphinx),
    (DocStyle.EPYDOC, count_epydoc),
)
_SCANNERS: Final[dict[DocStyle, Callable[[Sequence[str]], Iterator[Field]]]] = {
    DocStyle.NUMPY: numpy_fields,
    DocStyle.GOOGLE: google_fields,
    DocStyle.SPHINX: sphinx_fields,
    DocStyle.EPYDOC: epydoc_fields,
}
_STARTS_A_SECTION: Final = re.compile(r"[:@]\w+[^:\n]{0,200}:|[A-Z][\w ]{0,40}:$")


def read_docstring(text: str) -> DocFacts:
    """Read a docstring of any style, cleaned or not; never raises.

    The style with most marks wins; without any the docstring is PLAIN and only the summary is told.
    """
    cleaned = _cleaned(text)
    style = detect_style(cleaned)
    summary = _summary(cleaned)
    if style is DocStyle.PLAIN:
        return DocFacts(summary=summary)
    fields = tuple(islice(_SCANNERS[style](cleaned.split("\n")), MAX_FIELDS))
    return _facts(style, summary, fields)


def detect_style(cleaned: str) -> DocStyle:
    """Tell the style of a cleaned docstring by counting marks; PLAIN when it has none."""
    best, most = DocStyle.PLAIN, 0
    for style, count in _COUNTERS:
        marks = count(cleaned)
        if marks > most:
            best, most = style, marks
    return best


def _cleaned(text: str) -> str:
    """The beginning of a docstring, cleaned, with one kind of line end."""
    beginning = text[:MAX_TEXT].replace("\r\n", "\n").replace("\r", "\n")
    return escape_surrogates(clean_docstring(beginning)[:MAX_TEXT])


def _summary(cleaned: str) -> str:
    """The first paragraph on one line."""
    paragraph: list[str] = []
    for line in cleaned.split("\n"):
        if not line.strip() or _STARTS_A_SECTION.match(line):
            break
        if paragraph and set(line.strip()) <= set("-=~*"):
            # The line above was a title.
            return ""
        paragraph.append(line)
        if len(paragraph) == 8:
            break
    summary = one_line(" ".join(paragraph))
    return summary if len(summary) <= _MAX_SUMMARY else f"{summary[: _MAX_SUMMARY - 3]}..."


def _facts(style: DocStyle, summary: str, fields: tuple[Field, ...]) -> DocFacts:
    raises = tuple(dict.fromkeys(field.name for field in fields if field.kind is FieldKind.RAISES))
    parsed = _parsed(style, fields)
    if parsed is None:
        return DocFacts(style=style, summary=summary, raises=raises)
    parameters = [one for one in parsed.params if one.args[0] not in _ATTRIBUTE_KEYS]
    attributes = [one for one in parsed.params if one.args[0] in _ATTRIBUTE_KEYS]
    results = [(one.is_generator, one.return_name, one.type_name, one.description) for one in parsed.many_returns]
    return DocFacts(
        style=style,
        summary=summary,
        parameters=_parameters(parameters, fields),
        returns=_value([result[1:] for result in results if not result[0]], fields),
        yields=_value([result[1:] for result in results if result[0]], fields),
        raises=raises,
        attributes=_parameters(attributes, fields),
    )


_ATTRIBUTE_KEYS: Final = frozenset({"attribute", "ivar", "cvar", "var"})


def _parsed(style: DocStyle, fields: tuple[Field, ...]) -> "Docstring | None":
    """What docstring-parser makes of the headers; None when it refuses."""
    from docstring_parser import DocstringStyle, ParseError, parse  # noqa: PLC0415 - only where docstrings are read

    styles = {
        DocStyle.GOOGLE: DocstringStyle.GOOGLE,
        DocStyle.NUMPY: DocstringStyle.NUMPYDOC,
        DocStyle.SPHINX: DocstringStyle.REST,
        DocStyle.EPYDOC: DocstringStyle.EPYDOC,
    }
    try:
        return parse(write_fields(style, fields), style=styles[style])
    except (ParseError, ValueError, LookupError, AssertionError, AttributeError, TypeError, RecursionError):
        return None


def _parameters(parsed: "Iterable[DocstringParam]", fields: tuple[Field, ...]) -> tuple[DocParameter, ...]:
    """Parameters in order, the first of each name."""
    found: dict[str, DocParameter] = {}
    for one in parsed:
        type_text, has_default = without_default(restored(one.type_name))
        parameter = DocParameter(
            name=one.arg_name,
            type_text=type_text or None,
            description=_described(one.description, fields),
            is_optional=bool(one.is_optional) or has_default,
        )
        found.setdefault(parameter.name, parameter)
    return tuple(found.values())


def _value(results: list[tuple[str | None, str | None, str | None]], fields: tuple[Field, ...]) -> DocValue | None:
    """One value; several that have names and types are a tuple, several that have not are told in prose only."""
    if not results:
        return None
    types = [restored(type_name) for _, type_name, _ in results]
    description = "\n".join(text for _, _, number in results if (text := _described(number, fields)))
    if len(results) == 1:
        return DocValue(type_text=types[0] or None, description=description)
    is_tuple = all(name and type_text for (name, _, _), type_text in zip(results, types, strict=True))
    return DocValue(type_text=f"({', '.join(types)})" if is_tuple else None, description=description)


def _described(number: str | None, fields: tuple[Field, ...]) -> str:
    """Description of the field that a number stands for."""
    place = int(number) if number is not None and number.isdecimal() else -1
    return fields[place].description if 0 <= place < len(fields) else ""
