"""Variables and defaults: what the assigned expression says of the type."""

import pytest

from pybridge.model.evidence import Confidence, Tier
from pybridge.model.expressions import Boolean, Comparison, Conditional, Constant, Expr, Lambda, Name
from pybridge.model.library import SymbolKind
from pybridge.model.names import SymbolPath
from pybridge.model.types import (
    Callable,
    LiteralKind,
    LiteralValue,
    Named,
    NoneType,
    TypeExpr,
    Union,
    Unknown,
    UnknownReason,
)
from pybridge.resolve.annotations import parse_expression
from pybridge.resolve.evidence import Place, infer_default, infer_value


def builtin(name: str, *arguments: TypeExpr) -> Named:
    return Named(path=SymbolPath(f"builtins:{name}"), arguments=arguments)


INT, STR, BOOL = builtin("int"), builtin("str"), builtin("bool")
ONE = Constant(LiteralValue(kind=LiteralKind.INT, text="1"))
A = Constant(LiteralValue(kind=LiteralKind.STR, text="a"))
NONE = Constant(LiteralValue(kind=LiteralKind.NONE))


@pytest.fixture
def scope(table_scope):
    return table_scope({"Foo": ("lib:Foo", SymbolKind.CLASS)})


def expression(text: str) -> Expr:
    read = parse_expression(text)
    assert read is not None
    return read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5", INT),
        ("'a'", STR),
        ("{}", builtin("dict")),
        ("Foo(1)", Named(path=SymbolPath("lib:Foo"))),
        ("None", None),
        ("unknown()", None),
        ("Foo", builtin("type", Named(path=SymbolPath("lib:Foo")))),
    ],
)
def test_value(scope, text: str, expected: TypeExpr | None) -> None:
    claim = infer_value(expression(text), scope)

    assert (claim and claim.expr) == expected
    assert claim is None or claim.evidence.confidence is not Confidence.HIGH


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Conditional(Name("x"), ONE, NONE), Union(members=(INT, NoneType()))),
        (Conditional(Name("x"), ONE, Name("y")), None),
        (Boolean("or", (ONE, A)), Union(members=(INT, STR))),
        (Boolean("or", (Name("x"), A)), None),
        (Comparison(("is",), (Name("x"), NONE)), BOOL),
        (Lambda((), ONE), Callable(parameters=None, returns=Unknown(reason=UnknownReason.UNANNOTATED))),
    ],
)
def test_operators(scope, value: Expr, expected: TypeExpr | None) -> None:
    claim = infer_value(value, scope)

    assert (claim and claim.expr) == expected


def test_comparing_what_may_be_an_array_is_unsure(scope) -> None:
    unsure = infer_value(Comparison(("<",), (Name("x"), Name("y"))), scope)
    surer = infer_value(Comparison(("==",), (Name("x"), A)), scope)

    assert unsure is not None
    assert surer is not None
    assert (unsure.evidence.confidence, surer.evidence.confidence) == (Confidence.LOW, Confidence.MEDIUM)


def test_an_attribute_takes_the_declared_type_of_a_parameter(scope) -> None:
    claim = infer_value(Name("size"), scope, place=Place(parameters={"size": INT}))

    assert claim is not None
    assert (claim.expr, claim.evidence.confidence) == (INT, Confidence.LOW)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("True", BOOL),
        ("0", INT),
        ("-1", INT),
        ("1.5", builtin("float")),
        ("'a'", STR),
        ("b''", builtin("bytes")),
        ("()", builtin("tuple")),
        ("(1, 2)", builtin("tuple")),
        ("[1]", builtin("list")),
        ("{'a': 1}", builtin("dict")),
        ("None", None),
        ("Foo()", None),
        ("Foo", None),
        ("len(x)", None),
        ("...", None),
    ],
)
def test_default(scope, text: str, expected: TypeExpr | None) -> None:
    claim = infer_default(expression(text), scope)

    assert (claim and claim.expr) == expected
    if claim is not None:
        assert (claim.evidence.tier, claim.evidence.confidence) == (Tier.DEFAULT, Confidence.LOW)
