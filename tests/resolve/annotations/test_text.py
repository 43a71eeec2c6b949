"""Text of types is read under caps, and written for people."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pybridge.model.expressions import Attribute, Binary, Constant, Name, Opaque, Sequence, SequenceKind, Subscript
from pybridge.model.types import LiteralKind, LiteralValue
from pybridge.resolve.annotations import parse_expression, text_of


def test_a_dotted_generic_is_read() -> None:
    assert parse_expression(" typing.List[ 'Foo' ]\n") == Subscript(
        Attribute(Name("typing"), "List"), Constant(LiteralValue(kind=LiteralKind.STR, text="Foo"))
    )


def test_a_chain_of_alternatives_leans_left() -> None:
    assert parse_expression("a | b | c") == Binary("|", Binary("|", Name("a"), Name("b")), Name("c"))


@pytest.mark.parametrize(
    "text",
    [
        *("", "  ", "a b", "list[", "int]", "a = 1", "\x00", "import os", "x" * 5000, "(" * 100 + ")" * 100),
        *("[" * 3000, "a." * 2000 + "b", "-" * 4000 + "1", "0x" + "f" * 4000, "\ud800"),
    ],
)
def test_what_is_not_one_small_expression_is_none(text: str) -> None:
    read = parse_expression(text)

    assert read is None or "too_deep" in repr(read)


def test_what_the_grammar_lacks_is_opaque() -> None:
    assert parse_expression("[x for x in y]") == Opaque("listcomp")


def test_a_lone_surrogate_is_written_with_digits() -> None:
    read = parse_expression(r"'\ud800'")

    assert read == Constant(LiteralValue(kind=LiteralKind.STR, text="\\ud800"))


@pytest.mark.parametrize(
    "text", ["int", "a.b.c", "dict[str, list[int]]", "int | None", "Callable[[int, str], None]", "tuple[()]", "'Foo'"]
)
def test_text_survives_reading_and_writing(text: str) -> None:
    expr = parse_expression(text)
    assert expr is not None

    assert text_of(expr) == text


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    expr = parse_expression(text)

    if expr is not None:
        assert len(text_of(expr)) <= 200


def test_a_long_expression_is_cut() -> None:
    expr = Sequence(SequenceKind.LIST, tuple(Name("x" * 50) for _ in range(1000)))

    assert len(text_of(expr)) == 200
