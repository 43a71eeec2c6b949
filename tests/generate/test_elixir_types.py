"""Every type of Python has one of Elixir, short enough to stand where it is used."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import strategies
from library_samples import ANY, BOOL, BYTES, FLOAT, INT, NONE, STR, named, optional, texts
from pybridge.generate.targets.elixir.types import Direction, KnownClass, TypeScope, elixir_type
from pybridge.generate.targets.elixir.typespecs.named_types import INLINE_LIMIT, NamedTypes
from pybridge.generate.targets.elixir.typespecs.typespec import flat
from pybridge.model.classes import ClassKind
from pybridge.model.names import SymbolPath
from pybridge.model.types import Alias, Callable, SelfType, Tuple, TypeExpr, Union

SCOPE = TypeScope(
    classes={
        SymbolPath("lib:Model"): KnownClass(kind=ClassKind.PLAIN, module="Lib.Model"),
        SymbolPath("lib:_Hidden"): KnownClass(kind=ClassKind.PLAIN, module=None, ancestor="Lib.Model"),
        SymbolPath("lib:Options"): KnownClass(kind=ClassKind.TYPED_DICT, module="Lib.Options"),
    },
    aliases={SymbolPath("lib:Name"): STR, SymbolPath("lib:Loop"): Alias(path=SymbolPath("lib:Loop"))},
    has_self=True,
)


@given(strategies.type_exprs, st.sampled_from(Direction))
def test_every_type_translates_to_short_code(expr: TypeExpr, direction: Direction) -> None:
    names = NamedTypes()

    code = names.inline(elixir_type(expr, direction, SCOPE), "load", "value")

    assert len(code) <= INLINE_LIMIT or re.fullmatch(r"[a-z]\w*\(\)", code)
    assert all(len(line) <= 98 for definition in names.definitions for line in definition.splitlines())


@pytest.mark.parametrize(
    ("expr", "sent", "received"),
    [
        (INT, "integer()", "integer()"),
        (FLOAT, "number()", "number()"),
        (BYTES, "binary() | {:bytes, binary()}", "binary()"),
        (optional(STR), "String.t() | nil", "String.t() | nil"),
        (texts("fast", "best"), ":fast | :best", "String.t()"),
        (texts("nil"), "String.t()", "String.t()"),
        (named("list", INT), "[integer()]", "[integer()]"),
        (named("list"), "[term()]", "[term()]"),
        (named("typing:Sequence", INT), "[integer()]", "[integer()] | tuple()"),
        (named("collections.abc:Iterable", INT), "[integer()]", "term()"),
        (
            named("dict", STR, INT),
            "%{optional(String.t() | atom()) => integer()}",
            "%{optional(String.t()) => integer()}",
        ),
        (named("set", STR), "MapSet.t(String.t())", "MapSet.t(String.t())"),
        (Tuple(items=(INT, STR)), "{integer(), String.t()}", "{integer(), String.t()}"),
        (Tuple(items=()), "{}", "{}"),
        (Tuple(items=(INT,), is_variadic=True), "[integer()] | tuple()", "tuple()"),
        (Union(members=(BOOL, ANY)), "term()", "term()"),
        (SelfType(), "t()", "t()"),
        (NONE, "nil", "nil"),
        (Callable(parameters=None, returns=INT), "term()", "term()"),
        (named("lib:Model"), "Lib.Model.instance()", "Lib.Model.instance()"),
        (named("lib:_Hidden"), "term()", "Lib.Model.instance()"),
        (named("lib:Options"), "%{optional(String.t() | atom()) => term()}", "%{optional(String.t()) => term()}"),
        (named("numpy:ndarray"), "term()", "term()"),
        (named("datetime:date"), "Date.t()", "Date.t()"),
        (Alias(path=SymbolPath("lib:Name")), "String.t()", "String.t()"),
        (Alias(path=SymbolPath("lib:Loop")), "term()", "term()"),
    ],
)
def test_types_say_what_may_be_sent_and_what_comes_back(expr: TypeExpr, sent: str, received: str) -> None:
    assert flat(elixir_type(expr, Direction.IN, SCOPE)) == sent
    assert flat(elixir_type(expr, Direction.OUT, SCOPE)) == received


def test_types_nested_beyond_all_measure_end() -> None:
    expr: TypeExpr = INT
    for _ in range(300):
        expr = named("list", expr)

    assert flat(elixir_type(expr, Direction.IN, SCOPE)) == "[" * 12 + "term()" + "]" * 12
