"""Fields written as a docstring that docstring-parser reads in linear time: headers only, one a line, nothing odd."""

from collections.abc import Iterator
from typing import Final

from pybridge.resolve.evidence.documentation.facts import DocStyle, Field, FieldKind

_COLON: Final = "\ue03a"
_BLANK: Final = "\ue020"
"""Private-use characters that stand for a colon and a blank inside a type."""

_EPYDOC_KEYWORDS: Final = {FieldKind.PARAMETER: "param", FieldKind.ATTRIBUTE: "ivar"}
_SPHINX_KEYWORDS: Final = {FieldKind.PARAMETER: "param", FieldKind.ATTRIBUTE: "attribute"}


def write_fields(style: DocStyle, fields: tuple[Field, ...]) -> str:
    """Write fields in Sphinx's style or Epydoc's; the description of each is its number. Exceptions are left out."""
    lines = _sphinx(fields) if style is DocStyle.SPHINX else _epydoc(fields)
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
