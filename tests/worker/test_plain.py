"""The short way for values that need no tags writes what the long way writes, and only them."""

import collections
import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pybridge_worker.values import as_json, as_msgpack
from pybridge_worker.values.plain import JSON_SCALARS, MSGPACK_SCALARS, is_plain
from pybridge_worker.values.trees import MAX_DEPTH, NoForm

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None)) | st.binary()
KEYS = st.text(max_size=3) | st.sampled_from(["__pybridge_ref__", "__pybridge_"]) | st.integers() | st.binary()
VALUES = st.recursive(
    SCALARS | st.just(collections.OrderedDict(a=1)),
    lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner) | st.tuples(inner),
    max_leaves=20,
)


class Nameless:
    """A bundle that describes nothing."""

    def symbol_of(self, cls):
        return None

    def class_named(self, dotted):
        return None


def nothing_held(value):
    return None


def nested(levels, value):
    for _ in range(levels):
        value = [value]
    return value


def written(codec, value):
    try:
        return codec.write(value, Nameless(), nothing_held)
    except NoForm as error:
        return str(error)


@pytest.mark.parametrize("codec", [as_json, as_msgpack])
@given(value=VALUES)
def test_both_ways_write_the_same(codec, value):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(codec, "is_plain", lambda *_: False)
        long = written(codec, value)

    assert written(codec, value) == long


@pytest.mark.parametrize("levels", [0, 1, MAX_DEPTH - 1, MAX_DEPTH, MAX_DEPTH + 1])
@pytest.mark.parametrize("codec", [as_json, as_msgpack])
def test_both_ways_agree_on_how_deep_a_value_may_be(codec, levels, monkeypatch):
    value = nested(levels, 1)
    short = written(codec, value)
    monkeypatch.setattr(codec, "is_plain", lambda *_: False)

    assert written(codec, value) == short


@pytest.mark.parametrize(
    "value",
    [
        (1,),
        {1},
        {1: 2},
        [{"a": (1,)}],
        b"x",
        collections.OrderedDict(),
        [True, [collections.Counter()]],
        nested(500, 1),
    ],
)
def test_what_json_lacks_is_not_plain(value):
    assert not is_plain(value, JSON_SCALARS)


def test_a_subclass_of_a_scalar_is_not_plain():
    class Text(str):
        __slots__ = ()

    assert not is_plain([Text("x")], MSGPACK_SCALARS)
    assert not is_plain({Text("x"): 1}, MSGPACK_SCALARS)


def test_values_in_themselves_and_values_that_double_are_given_up_soon():
    circle = []
    circle.append(circle)
    doubled = [1]
    for _ in range(90):
        doubled = [doubled, doubled]

    assert not is_plain(circle, MSGPACK_SCALARS)
    assert not is_plain(doubled, MSGPACK_SCALARS)


def test_plain_values_are_written_as_they_are():
    value = {"a": [1, -2.5, "é", None, True, {"b": {}}], "": []}

    assert is_plain(value, JSON_SCALARS)
    assert json.loads(written(as_json, value)) == value
    assert msgspec.msgpack.decode(written(as_msgpack, value)) == value
