import pytest

from pybridge.extract.annotations import literal_names, read_annotation
from pybridge.model.expressions import (
    Attribute,
    Binary,
    Constant,
    Expr,
    Name,
    Opaque,
    Sequence,
    SequenceKind,
    Starred,
    Subscript,
)
from pybridge.model.types import LiteralKind, LiteralValue

NONE = Constant(LiteralValue(kind=LiteralKind.NONE))


def text(value: str) -> Constant:
    return Constant(LiteralValue(kind=LiteralKind.STR, text=value))


def pair(*items: Expr) -> Sequence:
    return Sequence(SequenceKind.TUPLE, items)


@pytest.mark.parametrize(
    ("source", "expr"),
    [
        ("int", Name("int")),
        ("a.b.C", Attribute(Attribute(Name("a"), "b"), "C")),
        ("None", NONE),
        ("'C'", Name("C")),
        ("'None'", NONE),
        ("'C' 'D'", Name("CD")),
        ("int | 'C'", Binary("|", Name("int"), Name("C"))),
        ("Optional['a.C']", Subscript(Name("Optional"), Attribute(Name("a"), "C"))),
        ("'Optional[\"C\"]'", Subscript(Name("Optional"), Name("C"))),
        ("Literal['C']", Subscript(Name("Literal"), text("C"))),
        ("typing.Literal['C']", Subscript(Attribute(Name("typing"), "Literal"), text("C"))),
        ("Annotated['C', 'D']", Subscript(Name("Annotated"), pair(Name("C"), text("D")))),
        ("*Ts", Starred(Name("Ts"))),
        ("a[*Ts]", Subscript(Name("a"), pair(Starred(Name("Ts"))))),
        ("a[\n  b, # c\n  d]", Subscript(Name("a"), pair(Name("b"), Name("d")))),
        ("'not a type!'", text("not a type!")),
        ("'class'", text("class")),
        ("''", text("")),
    ],
)
def test_annotation(source: str, expr: Expr) -> None:
    found = read_annotation(source)

    assert found.expr == expr
    assert found.text == source


def test_an_alias_of_literal_is_known_by_its_file() -> None:
    names = literal_names("from typing import Literal as L\n")

    assert read_annotation("L['a']", names).expr == Subscript(Name("L"), text("a"))
    assert read_annotation("L['a']").expr == Subscript(Name("L"), Name("a"))


@pytest.mark.parametrize(
    "source", ["'" + "[" * 5_000 + "'", '"' + "A[" * 2_000 + "]" * 2_000 + '"', "x" * 10_000 + "()", "'\"" * 9]
)
def test_hostile_annotations_are_cut(source: str) -> None:
    found = read_annotation(source).expr

    assert isinstance(found, Opaque | Constant)
