"""Values come back as they went, in both formats, or the worker says that they cannot."""

import collections
import dataclasses
import datetime as dt
import decimal
import enum
import json
import math
import pathlib
import typing
from zoneinfo import ZoneInfo

import attrs
import msgspec
import pydantic
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pybridge_worker.frames import Reference
from pybridge_worker.values import as_json, as_msgpack, records
from pybridge_worker.values.trees import NoForm, Unreadable

CODECS = [as_json, as_msgpack]


class Colour(enum.Enum):
    RED = "r"


class Permission(enum.Flag):
    READ = 1
    WRITE = 2


class Level(enum.IntEnum):
    HIGH = 3


class Described(dict):
    pass


class Point(typing.NamedTuple):
    x: object
    y: object = 0


@dataclasses.dataclass(frozen=True)
class Order:
    number: object
    parts: object = ()
    count: int = dataclasses.field(init=False, default=1)


@attrs.frozen
class Place:
    _street: object
    city: object = ""


class Person(pydantic.BaseModel):
    name: str
    age: int = pydantic.Field(0, alias="Age")


class Pair(msgspec.Struct):
    left: object
    right: object


@dataclasses.dataclass
class Secret:
    key: dataclasses.InitVar[str]


CLASSES = {
    f"lib.{one.__name__}": one
    for one in (Colour, Permission, Level, Described, Point, Order, Place, Person, Pair, Secret)
}


class Names:
    """Describes Colour and Described, and nothing else."""

    def symbol_of(self, cls):
        return next((path.replace("lib.", "lib:") for path, one in CLASSES.items() if one is cls), None)

    def class_named(self, dotted):
        return CLASSES.get(dotted)

    def may_create(self, cls):
        return cls in CLASSES.values()


class Objects:
    """Holds everything it is given."""

    def __init__(self):
        self.held = []

    def hold(self, value):
        self.held.append(value)
        return Reference("s", len(self.held), 5, type(value).__name__)

    def find(self, held):
        return self.held[held.object_id - 1]

    def earlier(self, index):
        return ("result", index)


def nothing_held(_value):
    return None


def round_trip(codec, value):
    return codec.read(codec.write(value, Names(), nothing_held), Names(), Objects())


def same(left, right):
    """Equality that knows NaN, signs of zero and types."""
    if type(left) is not type(right):
        return False
    if isinstance(left, float):
        return (math.isnan(left) and math.isnan(right)) or (
            left == right and math.copysign(1, left) == math.copysign(1, right)
        )
    if isinstance(left, complex):
        return same(left.real, right.real) and same(left.imag, right.imag)
    if isinstance(left, (list, tuple)):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict):
        return len(left) == len(right) and all(map(same, left.items(), right.items()))
    if isinstance(left, decimal.Decimal):
        return str(left) == str(right)
    if type(left) in {Order, Place, Pair}:
        return all(same(getattr(left, name), getattr(right, name)) for name in records.fields_of(type(left)))
    return left == right


keys = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(),
    st.binary(),
    st.tuples(st.integers(), st.text()),
    st.just(Colour.RED),
)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(min_value=-(2**200), max_value=2**200),
    st.floats(),
    st.text(),
    st.binary(),
    st.complex_numbers(),
    st.decimals(),
    st.dates(),
    st.times(),
    st.timedeltas(),
    st.datetimes(timezones=st.none() | st.timezones()),
    st.just(Colour.RED),
    st.sets(st.integers()),
    st.frozensets(st.text()),
    st.binary().map(bytearray),
    st.fractions(),
    st.uuids(),
    st.slices(100),
    st.builds(range, st.integers(), st.integers(), st.integers(1)),
    st.text(st.characters(exclude_characters="\0")).map(pathlib.Path),
    st.sampled_from([pathlib.PureWindowsPath("c:/x"), pathlib.PurePosixPath("/x/./y")]),
    st.sampled_from([Permission.READ, Permission.READ | Permission.WRITE, Permission(0), Level.HIGH]),
    st.builds(Person, name=st.text(), Age=st.integers()),
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(keys, inner, max_size=4),
        st.dictionaries(st.text().map(lambda text: f"__pybridge_{text}"), inner, max_size=1),
        st.builds(Point, inner, inner),
        st.builds(Order, inner, inner),
        st.builds(Place, inner, inner),
        st.builds(Pair, inner, inner),
    ),
    max_leaves=20,
)


@pytest.mark.parametrize("codec", CODECS)
@given(value=values)
def test_values_come_back_as_they_went(codec, value):
    assert same(round_trip(codec, value), value)


@given(value=values)
def test_what_is_written_as_json_is_json(value):
    data = as_json.write(value, Names(), nothing_held)

    assert json.loads(data, parse_constant=pytest.fail) is not ...


@pytest.mark.parametrize("codec", CODECS)
@given(data=st.binary(max_size=200))
def test_bytes_are_a_value_or_unreadable(codec, data):
    try:
        value = codec.read(data, Names(), Objects())
    except Unreadable:
        return

    assert same(round_trip(codec, value), value)


@pytest.mark.parametrize("codec", CODECS)
def test_a_zone_keeps_its_name_and_the_repeated_hour_its_fold(codec):
    paris = ZoneInfo("Europe/Paris")
    first, second = (dt.datetime(2026, 10, 25, 2, 30, tzinfo=paris, fold=fold) for fold in (0, 1))

    assert [round_trip(codec, one).fold for one in (first, second)] == [0, 1]
    assert round_trip(codec, first).tzinfo is paris


@pytest.mark.parametrize("codec", CODECS)
def test_subclasses_of_builtin_types_come_as_what_they_are_built_on(codec):
    Point = collections.namedtuple("Point", "x y")  # noqa: PYI024 - the untyped kind is the case
    shout = type("Shout", (str,), {"__str__": lambda _: "never asked"})
    level = enum.IntEnum("level", {"HIGH": 3})
    bag = type("Bag", (set,), {})({1})
    value = [Point(1, 2), collections.OrderedDict(a=1), shout("x"), level.HIGH, bag, bytearray(b"y")]

    assert same(round_trip(codec, value), [(1, 2), {"a": 1}, "x", 3, {1}, bytearray(b"y")])


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("value", [Point(1), Order(1), Place("x"), Person(name="x"), Pair(1, 2)], ids=repr)
def test_an_instance_that_is_its_fields_is_held_where_it_may_be(codec, value):
    objects = Objects()
    data = codec.write({"one": value}, Names(), objects.hold)

    assert codec.read(data, Names(), objects)["one"] is value


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("value", [Secret("x"), Order(object())], ids=["init only", "a part without a form"])
def test_an_instance_that_is_more_than_its_fields_has_no_form(codec, value):
    with pytest.raises(NoForm):
        codec.write(value, Names(), nothing_held)


@pytest.mark.parametrize(
    "payload",
    [
        ["lib.Gone", {}],
        ["lib.Colour", {}],
        ["lib.Described", {"a": 1}],
        ["lib.Order", {"count": 2}],
        ["lib.Order", {"number": 1, "__class__": 2}],
        ["lib.Person", {"name": 1}],
        ["lib.Order", []],
        [1, {}],
        "lib.Order",
    ],
)
def test_fields_that_make_no_object_are_unreadable(payload):
    data = json.dumps({"__pybridge_object__": payload}).encode()

    with pytest.raises(Unreadable):
        as_json.read(data, Names(), Objects())


@pytest.mark.parametrize("codec", CODECS)
def test_a_described_class_is_held_even_when_it_is_a_dictionary(codec):
    objects, value = Objects(), Described(a=1)
    data = codec.write([value, {"b": 2}], Names(), objects.hold)

    assert codec.read(data, Names(), objects) == [value, {"b": 2}]
    assert codec.read(data, Names(), objects)[0] is value
    assert round_trip(codec, value) == {"a": 1}


@pytest.mark.parametrize("codec", CODECS)
def test_what_has_no_form_is_held_where_it_stands_or_refused(codec):
    objects, thing = Objects(), object()
    data = codec.write({"list": [thing, 1]}, Names(), objects.hold)

    assert codec.read(data, Names(), objects)["list"][0] is thing
    with pytest.raises(NoForm, match=r"builtins\.object"):
        codec.write([thing], Names(), nothing_held)


@pytest.mark.parametrize("codec", CODECS)
def test_a_value_that_contains_itself_has_no_form(codec):
    loop = []
    loop.append(loop)

    with pytest.raises(NoForm, match="contains itself"):
        codec.write(loop, Names(), nothing_held)


@pytest.mark.parametrize("codec", CODECS)
def test_a_container_in_itself_is_held_where_it_comes_again(codec):
    objects, loop = Objects(), {"name": "loop"}
    loop["again"] = [loop]
    read = codec.read(codec.write(loop, Names(), objects.hold), Names(), objects)

    assert read["name"] == "loop"
    assert read["again"][0] is loop
    assert objects.held == [loop]


@pytest.mark.parametrize("codec", CODECS)
def test_a_container_that_comes_twice_beside_itself_is_written_twice(codec):
    inner = [1]

    assert round_trip(codec, [inner, {"again": inner}]) == [[1], {"again": [1]}]


@pytest.mark.parametrize("codec", CODECS)
@given(value=st.text(st.characters(), max_size=5) | st.just("\ud800") | st.text(st.characters(categories=["Cs", "Ll"])))
def test_surrogates_come_back_in_texts_keys_and_paths(codec, value):
    whole = {value: [value, (value,)], "path": pathlib.PurePosixPath(f"/{value}")}

    assert round_trip(codec, whole) == whole


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (float("nan"), '{"__pybridge_float__":"nan"}'),
        (b"\0", '{"__pybridge_bytes__":"AA=="}'),
        ((1,), '{"__pybridge_tuple__":[1]}'),
        ({1: 2}, '{"__pybridge_dict__":[[1,2]]}'),
        (2**70, str(2**70)),
        (Colour.RED, '{"__pybridge_enum__":["lib.Colour","RED"]}'),
        (dt.date(2026, 1, 2), '{"__pybridge_time__":["date","2026-01-02"]}'),
        (decimal.Decimal("1.50"), '{"__pybridge_decimal__":"1.50"}'),
    ],
)
def test_json_is_written_as_the_protocol_says(value, text):
    assert as_json.write(value, Names(), nothing_held).decode() == text


@pytest.mark.parametrize(
    ("value", "code", "data"),
    [
        (2**64, 3, b"\x01" + b"\0" * 8),
        (-(2**63) - 1, 3, b"\xff\x7f" + b"\xff" * 7),
        ((1, 2), 4, b"\x92\x01\x02"),
        ({(1,): 2}, 13, None),
    ],
)
def test_msgpack_is_written_as_the_protocol_says(value, code, data):
    found = msgspec.msgpack.decode(as_msgpack.write(value, Names(), nothing_held))

    assert found.code == code
    assert data is None or bytes(found.data) == data


def test_a_reference_is_written_as_the_protocol_says():
    text = as_json.write(object(), Names(), Objects().hold)
    packed = msgspec.msgpack.decode(as_msgpack.write(object(), Names(), Objects().hold))

    assert json.loads(text) == {"__pybridge_ref__": {"session": "s", "id": 1, "epoch": 5, "type": "object"}}
    assert (packed.code, msgspec.msgpack.decode(packed.data)) == (1, ["s", 1, 5, "object"])


@pytest.mark.parametrize("codec", CODECS)
def test_an_int_of_more_digits_than_python_writes_comes_back(codec):
    assert round_trip(codec, -(10**5000)) == -(10**5000)


class Rude(type):
    def __getattribute__(cls, name):
        raise RuntimeError("do not look at me")


@pytest.mark.parametrize("codec", CODECS)
def test_an_object_whose_class_must_not_be_looked_at_is_held_all_the_same(codec):
    value, reference = Rude("Untouchable", (), {})(), Reference("s", 1, 1, "x")

    class Nameless(Names):
        def symbol_of(self, cls):
            return None

    assert codec.write([value], Nameless(), lambda _: reference) == codec.write([reference], Nameless(), nothing_held)


def extension(code, data):
    return b"\xc9" + len(data).to_bytes(4, "big") + bytes([code]) + data


def nested(code, depth):
    data = b"\x90"
    for _ in range(depth):
        data = extension(code, b"\x91" + data)
    return data


@pytest.mark.parametrize(
    ("codec", "data"),
    [
        (as_msgpack, b"\xdd\xff\xff\xff\xff"),
        (as_msgpack, b"\xdf\xff\xff\xff\xff"),
        (as_msgpack, b"\xc6\xff\xff\xff\xff"),
        (as_msgpack, b"\xc9\xff\xff\xff\xff\x04"),
        (as_msgpack, b"\x91" * 100_000 + b"\x90"),
        (as_msgpack, b"\x81\xa1a" * 100_000 + b"\xc0"),
        (as_msgpack, nested(4, 3000)),
        (as_msgpack, nested(13, 3000)),
        (as_msgpack, extension(7, msgspec.msgpack.encode(["1", 0]))),
        (as_msgpack, extension(7, msgspec.msgpack.encode(["a" * 1_000_000, 0]))),
        (as_msgpack, extension(17, msgspec.msgpack.encode("a" * 1_000_000))),
        (as_json, b"[" * 100_000 + b"]" * 100_000),
        (as_json, b'{"a":' * 100_000),
        (as_json, b'{"__pybridge_tuple__":[' * 50_000 + b"]}" * 50_000),
        (as_json, b"1" * 100_000),
    ],
    ids=range(15),
)
def test_what_is_huge_or_deep_costs_one_short_refusal(codec, data):
    with pytest.raises(Unreadable) as caught:
        codec.read(data, Names(), Objects())

    assert len(str(caught.value)) < 300


plain_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
)


@given(value=plain_json, is_ascii=st.booleans(), indent=st.none() | st.integers(0, 2))
def test_json_of_any_writer_is_read_as_python_reads_it(value, is_ascii, indent):
    data = json.dumps(value, ensure_ascii=is_ascii, indent=indent).encode("utf-8", "surrogatepass")
    try:
        expected = json.loads(data.decode())
    except UnicodeDecodeError:
        with pytest.raises(Unreadable):
            as_json.read(data, Names(), Objects())
        return

    assert same(as_json.read(data, Names(), Objects()), expected)


@given(data=st.text(st.sampled_from('[]{},:"\\u0123456789eE+-.truefalsn _pybridge')).map(str.encode))
def test_what_python_does_not_read_as_json_is_unreadable(data):
    try:
        value = as_json.read(data, Names(), Objects())
    except Unreadable:
        return

    assert same(value, json.loads(data))
