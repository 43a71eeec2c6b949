"""Headers of fields: names, types and options told apart, as docstring-parser tells them of `write_fields`.

NumPy's and Google's, which most docstrings have, are read here, in a tenth of the time and with the same result, which a
test holds to. The others are left to docstring-parser.
"""

from collections.abc import Iterable
from typing import Final

from pybridge.resolve.evidence.documentation.facts import DocParameter, DocStyle, Field, FieldKind
from pybridge.resolve.evidence.documentation.scanning import without_default
from pybridge.resolve.evidence.documentation.writing import restored, write_fields

Value = tuple[str | None, str | None, str]
"""Name, type and description of something returned."""

_OPTIONAL: Final = (", optional", "(optional)")
_DEFAULT: Final = (", default", "(default)")


class Headers:
    """What the headers of a docstring's fields say."""

    def __init__(self) -> None:
        self.parameters: dict[str, DocParameter] = {}
        """The first of each name, in order."""
        self.attributes: dict[str, DocParameter] = {}
        self.returned: list[Value] = []
        self.yielded: list[Value] = []


def read_headers(style: DocStyle, fields: tuple[Field, ...]) -> Headers | None:
    """Read the headers of fields; None when docstring-parser refuses."""
    if style not in {DocStyle.NUMPY, DocStyle.GOOGLE}:
        return _parsed(style, fields)
    is_numpy = style is DocStyle.NUMPY
    found = Headers()
    for one in fields:
        match one.kind:
            case FieldKind.PARAMETER:
                _add(found.parameters, one.name, _numpy_type(one) if is_numpy else _google_type(one), one.description)
            case FieldKind.ATTRIBUTE:
                _add(found.attributes, one.name, _numpy_type(one) if is_numpy else _google_type(one), one.description)
            case FieldKind.RETURNS:
                found.returned += _values(one, found.returned, is_numpy=is_numpy)
            case FieldKind.YIELDS:
                found.yielded += _values(one, found.yielded, is_numpy=is_numpy)
            case _:
                pass
    return found


def _numpy_type(field: Field) -> tuple[str, bool]:
    """A type without ``, optional`` and what follows ``, default``, and whether one was there."""
    text, is_optional = field.type_text, False
    if text.endswith(_OPTIONAL):
        text, is_optional = text[: -len(_OPTIONAL[0])], True
    places = [place for place in map(text.find, _DEFAULT) if place >= 0]
    return (text[: min(places)], True) if places else (text, is_optional)


def _google_type(field: Field) -> tuple[str, bool]:
    """A type without ``, optional`` or a question mark at its end, and whether one was there."""
    text = field.type_text
    if text.endswith(_OPTIONAL[0]):
        return text[: -len(_OPTIONAL[0])], True
    return (text[:-1], True) if text.endswith("?") else (text, False)


def _values(field: Field, before: list[Value], *, is_numpy: bool) -> Iterable[Value]:
    """One value; a section of Google's has no other, and a name without a type is taken for one by NumPy's."""
    if not is_numpy:
        if before or not _is_for_google(field.type_text):
            return () if before else ((None, None, ""),)
        return ((None, field.type_text or None, field.description),)
    if field.name and field.type_text:
        return ((field.name, field.type_text, field.description),)
    return ((None, field.type_text or field.name, field.description),)


def _is_for_google(type_text: str) -> bool:
    """False for a type with white space that is no blank: it is taken for prose."""
    return type_text.isprintable() or type_text.endswith("]") or not any(map(str.isspace, type_text.replace(" ", "")))


def _add(into: dict[str, DocParameter], name: str, type_text: tuple[str, bool], description: str) -> None:
    if name in into:
        return
    text, is_optional = type_text
    bare, has_default = without_default(restored(text)) if text else ("", False)
    into[name] = DocParameter(
        name=name, type_text=bare or None, description=description, is_optional=is_optional or has_default
    )


def _parsed(style: DocStyle, fields: tuple[Field, ...]) -> Headers | None:
    """What docstring-parser makes of the headers; None when it refuses."""
    from docstring_parser import DocstringStyle, ParseError, parse  # noqa: PLC0415 - only where docstrings are read

    styles = {DocStyle.SPHINX: DocstringStyle.REST, DocStyle.EPYDOC: DocstringStyle.EPYDOC}
    try:
        parsed = parse(write_fields(style, fields), style=styles[style])
    except (ParseError, ValueError, LookupError, AssertionError, AttributeError, TypeError, RecursionError):
        return None
    found = Headers()
    for one in parsed.params:
        into = found.attributes if one.args[0] in _ATTRIBUTE_KEYS else found.parameters
        described = _described(one.description, fields)
        _add(into, one.arg_name, (one.type_name or "", bool(one.is_optional)), described)
    for value in parsed.many_returns:
        results = found.yielded if value.is_generator else found.returned
        results.append((value.return_name, value.type_name, _described(value.description, fields)))
    return found


_ATTRIBUTE_KEYS: Final = frozenset({"attribute", "ivar", "cvar", "var"})


def _described(number: str | None, fields: tuple[Field, ...]) -> str:
    """Description of the field that a number stands for."""
    place = int(number) if number is not None and number.isdecimal() else -1
    return fields[place].description if 0 <= place < len(fields) else ""
