"""One type has one writing: the laws of unions and literals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pybridge.model.names import SymbolPath
from pybridge.model.types import (
    AnyType,
    Literal,
    LiteralKind,
    LiteralValue,
    Named,
    Never,
    NoneType,
    Tuple,
    TypeExpr,
    Union,
    Unknown,
    UnknownReason,
)
from pybridge.resolve.algebra import literal_of, union_of

INT = Named(path=SymbolPath("builtins:int"))
STR = Named(path=SymbolPath("builtins:str"))
NONE = NoneType()
A = LiteralValue(kind=LiteralKind.STR, text="a")
B = LiteralValue(kind=LiteralKind.STR, text="b")

_values = st.one_of(
    st.builds(LiteralValue, kind=st.just(LiteralKind.STR), text=st.sampled_from(["a", "b"])),
    st.builds(LiteralValue, kind=st.just(LiteralKind.INT), text=st.integers(-12, 12).map(str)),
    st.just(LiteralValue(kind=LiteralKind.NONE)),
)
_leaves: st.SearchStrategy[TypeExpr] = st.one_of(
    st.sampled_from([INT, STR, NONE, Never(), AnyType(), Unknown(reason=UnknownReason.UNANNOTATED)]),
    st.lists(_values, min_size=1, max_size=3).map(lambda values: Literal(values=tuple(values))),
)
_types: st.SearchStrategy[TypeExpr] = st.recursive(
    _leaves,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=4).map(lambda members: Union(members=tuple(members))),
        st.lists(inner, max_size=3).map(lambda items: Tuple(items=tuple(items))),
    ),
    max_leaves=8,
)


@given(st.lists(_types, max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_members_does_not_matter(members: list[TypeExpr], random) -> None:
    shuffled = list(members)
    random.shuffle(shuffled)

    assert union_of(shuffled) == union_of(members)


@given(st.lists(_types, max_size=5))
def test_joining_a_union_again_changes_nothing(members: list[TypeExpr]) -> None:
    once = union_of(members)

    assert union_of((once,)) == once
    assert union_of((once, once)) == once


@given(st.lists(_types, max_size=4), st.lists(_types, max_size=4))
def test_joining_in_steps_is_joining_at_once(left: list[TypeExpr], right: list[TypeExpr]) -> None:
    assert union_of((union_of(left), union_of(right))) == union_of((*left, *right))


@given(st.lists(_types, max_size=5))
def test_a_union_is_flat_and_has_at_least_two_members(members: list[TypeExpr]) -> None:
    joined = union_of(members)

    if isinstance(joined, Union):
        assert len(joined.members) >= 2
        assert not any(isinstance(member, Union | Never) for member in joined.members)
        assert len(set(joined.members)) == len(joined.members)
        assert NONE not in joined.members[:-1]


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ((), Never()),
        ((INT,), INT),
        ((INT, INT), INT),
        ((INT, Never()), INT),
        ((NONE, INT), Union(members=(INT, NONE))),
        ((STR, NONE, INT), Union(members=(INT, STR, NONE))),
        ((AnyType(), INT), Union(members=(INT, AnyType()))),
        ((Literal(values=(B,)), Literal(values=(A,))), Literal(values=(A, B))),
    ],
)
def test_union(members: tuple[TypeExpr, ...], expected: TypeExpr) -> None:
    assert union_of(members) == expected


def test_literals_are_sorted_as_numbers_and_none_leaves_them() -> None:
    numbers = [LiteralValue(kind=LiteralKind.INT, text=text) for text in ("10", "-10", "9", "-9", "9")]

    assert literal_of([*numbers, LiteralValue(kind=LiteralKind.NONE)]) == Union(
        members=(
            Literal(values=tuple(LiteralValue(kind=LiteralKind.INT, text=text) for text in ("-10", "-9", "9", "10"))),
            NONE,
        )
    )
