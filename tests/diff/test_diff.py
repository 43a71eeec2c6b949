"""`diff` and `apply` are each other's inverse, on any two descriptors."""

import random

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

import strategies
from pybridge.codec import decode, encode
from pybridge.diff import apply, diff
from pybridge.diff.collections import in_order, is_unordered
from pybridge.model.change import Change, ChangeKind
from pybridge.model.names import SymbolPath

SWAPPED = {ChangeKind.ADDED: ChangeKind.REMOVED, ChangeKind.REMOVED: ChangeKind.ADDED}


def reordered(struct, order):
    """Give every unordered field of a noun, at any depth, another order of its items."""

    def value(field, one):
        if isinstance(one, msgspec.Struct):
            return reordered(one, order)
        if not isinstance(one, tuple):
            return one
        items = tuple(value("", item) for item in one)
        return order(field, items) if is_unordered(field) else items

    fields = {field: value(field, getattr(struct, field)) for field in struct.__struct_fields__}
    return msgspec.structs.replace(struct, **fields)


@st.composite
def edited(draw, struct):
    """Change some fields of a noun at some depth, and leave the rest as it is."""
    fields = {}
    any_other = draw(strategies.build(type(struct)))
    for field in struct.__struct_fields__:
        value = getattr(struct, field)
        match draw(st.sampled_from(["same", "same", "other", "inside"])):
            case "other":
                fields[field] = getattr(any_other, field)
            case "inside" if isinstance(value, tuple) and value and isinstance(value[0], msgspec.Struct):
                items = [draw(edited(one)) if draw(st.booleans()) else one for one in value]
                fields[field] = tuple(draw(st.permutations([*items, *draw(st.just(getattr(any_other, field)))])))
            case "inside" if type(value).__module__ == "pybridge.model.evidence":
                fields[field] = draw(edited(value))
    return msgspec.structs.replace(struct, **fields)


def distinct(descriptor):
    """Keep one module of a name, as the model promises."""
    by_name = {one.name: one for one in descriptor.modules}
    return in_order(msgspec.structs.replace(descriptor, modules=tuple(by_name.values())))


@st.composite
def pairs(draw):
    """Two descriptors with much in common."""
    old = draw(strategies.descriptors)
    return distinct(old), distinct(draw(edited(old)))


@given(strategies.descriptors)
@settings(max_examples=40)
def test_a_descriptor_does_not_differ_from_itself(descriptor):
    assert diff(descriptor, decode(encode(descriptor), type(descriptor))) == ()


@given(pairs())
@settings(max_examples=150, deadline=None)
def test_applying_the_changes_gives_the_new_descriptor(pair):
    old, new = pair

    assert apply(old, diff(old, new)) == new


@given(strategies.descriptors.map(in_order), strategies.descriptors.map(in_order))
@settings(max_examples=40, deadline=None)
def test_applying_the_changes_of_two_strangers_gives_the_new_one(old, new):
    assert apply(old, diff(old, new)) == new


@given(pairs(), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_changes_do_not_depend_on_the_order_of_what_is_unordered(pair, chance: random.Random):
    def shuffled(_field, items):
        return tuple(chance.sample(items, len(items)))

    old, new = pair

    assert diff(reordered(old, shuffled), reordered(new, shuffled)) == diff(old, new)


@given(pairs())
@settings(max_examples=60, deadline=None)
def test_changes_are_sorted_and_each_told_once(pair):
    changes = diff(*pair)

    keys = [(one.symbol, one.member) for one in changes]
    assert keys == sorted(set(keys))


@given(pairs())
@settings(max_examples=60, deadline=None)
def test_swapping_the_sides_swaps_the_changes(pair):
    old, new = pair

    swapped = tuple(
        msgspec.structs.replace(one, kind=SWAPPED.get(one.kind, one.kind), old=one.new, new=one.old)
        for one in diff(old, new)
    )
    assert diff(new, old) == swapped


@given(pairs(), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_changes_apply_in_any_order_and_through_their_bytes(pair, chance: random.Random):
    old, new = pair
    changes = list(diff(old, new))
    chance.shuffle(changes)

    assert apply(old, decode(encode(changes), tuple[Change, ...])) == new


def test_a_change_has_bytes_and_is_read_from_them():
    absent = Change(kind=ChangeKind.ADDED, symbol=SymbolPath("lib:f"), member=("docstring",), new=msgspec.Raw(b'"x"'))

    data = encode(absent)
    assert data == b'{"kind":"added","member":["docstring"],"new":"x","symbol":"lib:f"}'
    assert decode(data, Change) == absent
