"""`read_docstring`: a docstring to `DocFacts`, in time linear in its length whatever it holds.

Scanners of our own find the fields, because docstring-parser's patterns take minutes on a few kilobytes of brackets
and one bad line costs it the whole docstring; `headers` tells names, types and options of each field apart.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Final

from pybridge.resolve.annotations.text import escape_surrogates
from pybridge.resolve.evidence.documentation.cleaning import clean_docstring
from pybridge.resolve.evidence.documentation.facts import DocFacts, DocStyle, DocValue, Field, FieldKind
from pybridge.resolve.evidence.documentation.google import count_google, google_fields
from pybridge.resolve.evidence.documentation.headers import Value, read_headers
from pybridge.resolve.evidence.documentation.markup import count_epydoc, count_sphinx, epydoc_fields, sphinx_fields
from pybridge.resolve.evidence.documentation.numpy_style import count_numpy, numpy_fields
from pybridge.resolve.evidence.documentation.writing import restored

MAX_TEXT: Final = 16_384
"""Characters of a docstring that are read; the rest is ignored."""
MAX_FIELDS: Final = 256

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
_NOTHING: Final = DocFacts()


def read_docstring(text: str) -> DocFacts:
    """Read a docstring of any style, cleaned or not; never raises.

    The style with most marks wins; without any the docstring is PLAIN and tells nothing.
    """
    cleaned = _cleaned(text)
    style = detect_style(cleaned)
    if style is DocStyle.PLAIN:
        return _NOTHING
    return _facts(style, tuple(islice(_SCANNERS[style](cleaned.split("\n")), MAX_FIELDS)))


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
    cleaned = clean_docstring(beginning)[:MAX_TEXT]
    return cleaned if cleaned.isascii() else escape_surrogates(cleaned)


def _facts(style: DocStyle, fields: tuple[Field, ...]) -> DocFacts:
    raises = tuple(dict.fromkeys(field.name for field in fields if field.kind is FieldKind.RAISES))
    headers = read_headers(style, fields)
    if headers is None:
        return DocFacts(style=style, raises=raises)
    return DocFacts(
        style=style,
        parameters=tuple(headers.parameters.values()),
        returns=_value(headers.returned),
        yields=_value(headers.yielded),
        raises=raises,
        attributes=tuple(headers.attributes.values()),
    )


def _value(results: Sequence[Value]) -> DocValue | None:
    """One value; several that have names and types are a tuple, several that have not are told in prose only."""
    if not results:
        return None
    types = [restored(type_name) for _, type_name, _ in results]
    description = "\n".join(text for _, _, text in results if text)
    if len(results) == 1:
        return DocValue(type_text=types[0] or None, description=description)
    is_tuple = all(name and type_text for (name, _, _), type_text in zip(results, types, strict=True))
    return DocValue(type_text=f"({', '.join(types)})" if is_tuple else None, description=description)
