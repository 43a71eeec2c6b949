"""Headers of NumPy's and Google's fields are read as docstring-parser reads them."""

from collections.abc import Iterator

from docstring_parser import DocstringStyle, parse
from hypothesis import given
from hypothesis import strategies as st

from pybridge.resolve.evidence.documentation.facts import DocParameter, DocStyle, Field, FieldKind
from pybridge.resolve.evidence.documentation.headers import Headers, Value, read_headers
from pybridge.resolve.evidence.documentation.scanning import without_default

TITLES = {
    FieldKind.PARAMETER: "Parameters",
    FieldKind.ATTRIBUTE: "Attributes",
    FieldKind.RETURNS: "Returns",
    FieldKind.YIELDS: "Yields",
}
COLON, BLANK = "\ue03a", "\ue020"
"""Stand for a colon and a blank inside a type, at which docstring-parser would cut."""

words = st.sampled_from(
    [
        *("int", "list of str", ", optional", "(optional)", "(default)", ", default 3", ", default: 5", "?", "x:y"),
        *("dict(a: b)", "`x`", "{1, 2}", "[int]", "(", "))", "*", "é", "Defaults to 4.", "Returns", " | None"),
    ]
)
types = st.lists(words, max_size=3).map(lambda found: " ".join("".join(found).split()))
names = st.from_regex(r"[^\W\d]\w{0,6}", fullmatch=True)
named = st.builds(Field, kind=st.sampled_from([FieldKind.PARAMETER, FieldKind.ATTRIBUTE]), name=names, type_text=types)
given_back = st.builds(
    Field, kind=st.sampled_from([FieldKind.RETURNS, FieldKind.YIELDS]), name=st.just("") | names, type_text=types
)
nameless = st.builds(Field, kind=st.sampled_from([FieldKind.RETURNS, FieldKind.YIELDS]), type_text=types)


def described(fields: list[Field]) -> tuple[Field, ...]:
    """Give each field a description of its own."""
    return tuple(
        Field(kind=one.kind, name=one.name, type_text=one.type_text, description=f"field {number}")
        for number, one in enumerate(fields)
    )


@given(st.lists(named | given_back, max_size=6).map(described))
def test_fields_of_numpy_are_read_as_docstring_parser_reads_them(fields: tuple[Field, ...]) -> None:
    told = read_headers(DocStyle.NUMPY, fields)

    assert told is not None
    assert facts_of(told) == parsed_facts(fields, numpy_lines(fields), DocstringStyle.NUMPYDOC)


@given(st.lists(named | nameless, max_size=6).map(described))
def test_fields_of_google_are_read_as_docstring_parser_reads_them(fields: tuple[Field, ...]) -> None:
    told = read_headers(DocStyle.GOOGLE, fields)

    assert told is not None
    assert facts_of(told) == parsed_facts(fields, google_lines(fields), DocstringStyle.GOOGLE)


Facts = tuple[dict[str, DocParameter], dict[str, DocParameter], list[Value], list[Value]]


def facts_of(told: Headers) -> Facts:
    plain = [[(name, (text or "").strip(), said) for name, text, said in one] for one in (told.returned, told.yielded)]
    return told.parameters, told.attributes, plain[0], plain[1]


def parsed_facts(fields: tuple[Field, ...], lines: Iterator[str], style: DocstringStyle) -> Facts:
    parsed = parse("\n".join(("Fields.", "", *lines)), style=style)
    tables: dict[bool, dict[str, DocParameter]] = {False: {}, True: {}}
    for one in parsed.params:
        text, has_default = without_default(unmasked(one.type_name))
        made = DocParameter(
            name=one.arg_name,
            type_text=text or None,
            description=fields[int(one.description or "0")].description,
            is_optional=bool(one.is_optional) or has_default,
        )
        tables[one.args[0] == "attribute"].setdefault(made.name, made)
    values: dict[bool, list[Value]] = {False: [], True: []}
    for value in parsed.many_returns:
        described = fields[int(value.description or "0")].description
        values[value.is_generator].append((value.return_name, unmasked(value.type_name), described))
    return tables[False], tables[True], values[False], values[True]


def unmasked(text: str | None) -> str:
    return (text or "").replace(COLON, ":").replace(BLANK, " ").strip()


def numpy_lines(fields: tuple[Field, ...]) -> Iterator[str]:
    for kind, title in TITLES.items():
        chosen = [(number, one) for number, one in enumerate(fields) if one.kind is kind]
        yield from (title, "-" * len(title)) if chosen else ()
        for number, one in chosen:
            yield " : ".join(part for part in (one.name, one.type_text.replace(":", COLON)) if part) or BLANK
            yield f"    {number}"


def google_lines(fields: tuple[Field, ...]) -> Iterator[str]:
    for kind, title in TITLES.items():
        chosen = [(number, one) for number, one in enumerate(fields) if one.kind is kind]
        yield from (f"{title}:",) if chosen else ()
        is_value = kind in {FieldKind.RETURNS, FieldKind.YIELDS}
        # docstring-parser keeps one value a section.
        for number, one in chosen[:1] if is_value else chosen:
            text = one.type_text.replace(":", COLON)
            if is_value:
                yield f"    {text.replace(' ', BLANK)}: {number}" if text else f"    {number}"
            else:
                yield f"    {one.name} ({text}): {number}" if text else f"    {one.name}: {number}"
