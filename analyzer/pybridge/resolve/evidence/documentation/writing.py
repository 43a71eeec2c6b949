"""Fields written as a docstring that docstring-parser reads in linear time: headers only, one a line, nothing odd."""

from collections.abc import Iterator
from typing import Final

from pybridge.resolve.evidence.documentation.facts import DocStyle, Field, FieldKind

_COLON: Final = "\ue03a"
_BLANK: Final = "\ue020"
"""Private-use characters that stand for a colon and a blank inside a type."""

_TITLES: Final = (
    ("Parameters", FieldKind.PARAMETER),
    ("Attributes", FieldKind.ATTRIBUTE),
    ("Returns", FieldKind.RETURNS),
    ("Yields", FieldKind.YIELDS),
)
_EPYDOC_KEYWORDS: Final = {FieldKind.PARAMETER: "param", FieldKind.ATTRIBUTE: "ivar"}
_SPHINX_KEYWORDS: Final = {FieldKind.PARAMETER: "param", FieldKind.ATTRIBUTE: "attribute"}


def write_fields(style: DocStyle, fields: tuple[Field, ...]) -> str:
    """Write fields in a style; the description of each is its number. Exceptions are left out."""
    match style:
        case DocStyle.GOOGLE:
            lines = _google(fields)
        case DocStyle.NUMPY:
            lines = _numpy(fields)
        case DocStyle.SPHINX:
            lines = _sphinx(fields)
        case DocStyle.EPYDOC:
            lines = _epydoc(fields)
        case DocStyle.PLAIN:
            lines = iter(())
    return "\n".join(("Fields.", "", *lines))


def restored(text: str | None) -> str:
    """Put back the colons and blanks of a type; empty for None."""
    return "" if text is None else text.replace(_COLON, ":").replace(_BLANK, " ").strip()


def _word(type_text: str) -> str:
    """A type as one word without colons."""
    return type_text.replace(":", _COLON).replace(" ", _BLANK)


def _clause(type_text: str) -> str:
    """A type without colons."""
    return type_text.replace(":", _COLON)


def _google(fields: tuple[Field, ...]) -> Iterator[str]:
    """Sections with a colon; docstring-parser keeps one value a section, so the first."""
    for title, kind in _TITLES:
        chosen = _numbered(fields, kind)
        if not chosen:
            continue
        yield f"{title}:"
        for number, field in chosen[:1] if kind in _VALUES else chosen:
            match kind, field.type_text:
                case FieldKind.RETURNS | FieldKind.YIELDS, "":
                    yield f"    {number}"
                case FieldKind.RETURNS | FieldKind.YIELDS, type_text:
                    yield f"    {_word(type_text)}: {number}"
                case _, "":
                    yield f"    {field.name}: {number}"
                case _, type_text:
                    yield f"    {field.name} ({_clause(type_text)}): {number}"


def _numpy(fields: tuple[Field, ...]) -> Iterator[str]:
    """Sections with a line under their titles."""
    for title, kind in _TITLES:
        chosen = _numbered(fields, kind)
        if chosen:
            yield title
            yield "-" * len(title)
        for number, field in chosen:
            # A value without name and type still needs a header.
            yield " : ".join(part for part in (field.name, _clause(field.type_text)) if part) or _BLANK
            yield f"    {number}"


def _sphinx(fields: tuple[Field, ...]) -> Iterator[str]:
    described = {field.name for field in fields if field.kind in _SPHINX_KEYWORDS}
    for number, field in enumerate(fields):
        match field.kind:
            case FieldKind.PARAMETER | FieldKind.ATTRIBUTE:
                words = (_SPHINX_KEYWORDS[field.kind], _word(field.type_text), field.name)
                yield f":{' '.join(word for word in words if word)}: {number}"
            case FieldKind.TYPE:
                if field.name not in described:
                    yield f":param {field.name}: {number}"
                yield f":type {field.name}: {_clause(field.type_text)}"
            case FieldKind.RETURNS | FieldKind.YIELDS:
                keyword = "returns" if field.kind is FieldKind.RETURNS else "yields"
                yield f":{' '.join(word for word in (keyword, _word(field.type_text)) if word)}: {number}"
            case FieldKind.RETURN_TYPE:
                yield f":rtype: {_clause(field.type_text)}"
            case FieldKind.RAISES:
                pass


def _epydoc(fields: tuple[Field, ...]) -> Iterator[str]:
    """Fields with ``@``; names that docstring-parser's pattern refuses are left out."""
    has_returns = any(field.kind is FieldKind.RETURNS for field in fields)
    for number, field in enumerate(fields):
        if not field.name.isascii():
            continue
        match field.kind:
            case FieldKind.PARAMETER | FieldKind.ATTRIBUTE:
                yield f"@{_EPYDOC_KEYWORDS[field.kind]} {field.name}: {number}"
            case FieldKind.TYPE:
                yield f"@type {field.name}: {_clause(field.type_text)}"
            case FieldKind.RETURNS:
                yield f"@return: {number}"
            case FieldKind.YIELDS if not has_returns:
                yield f"@yield: {number}"
            case FieldKind.RETURN_TYPE if has_returns or not any(one.kind is FieldKind.YIELDS for one in fields):
                yield f"@rtype: {_clause(field.type_text)}"
            case FieldKind.RETURN_TYPE:
                yield f"@ytype: {_clause(field.type_text)}"
            case FieldKind.YIELDS | FieldKind.RAISES:
                pass


def _numbered(fields: tuple[Field, ...], kind: FieldKind) -> list[tuple[int, Field]]:
    return [(number, field) for number, field in enumerate(fields) if field.kind is kind]


_VALUES: Final = frozenset({FieldKind.RETURNS, FieldKind.YIELDS})
