"""The values of the shared vectors, and their neutral form: what a client of any language can build and compare."""

import dataclasses
import datetime as dt
import decimal
import enum
import fractions
import math
import pathlib
import struct
import uuid
from zoneinfo import ZoneInfo

import numpy as np

from pybridge_worker.frames import Reference

REFERENCE = Reference("s", 7, 5, "lib.Thing")


class Colour(enum.Enum):
    RED = "r"


class Permission(enum.Flag):
    READ = 1
    WRITE = 2

    def __repr__(self):
        return f"Permission({self.value})"


@dataclasses.dataclass
class Order:
    amount: int
    note: object = None


class Thing:
    """Held by the session `s` as object 7."""

    def __repr__(self):
        return "an object"


class EarlierResult:
    """Stands for the result of operation 2 of a batch."""

    def __repr__(self):
        return "the result of operation 2"


THING, EARLIER = Thing(), EarlierResult()
CLASSES = {f"lib.{one.__name__}": one for one in (Colour, Permission, Order, Thing)}
PARIS = ZoneInfo("Europe/Paris")
NAN = float("nan")


def at(*fields, zone=None, fold=0):
    return dt.datetime(*fields, tzinfo=zone, fold=fold)


VALUES = [
    ("none", None),
    ("true", True),
    ("false", False),
    ("int zero", 0),
    ("int negative", -1),
    ("int of 64 bits, greatest", 2**64 - 1),
    ("int of 64 bits, least", -(2**63)),
    ("int past 64 bits", 2**64),
    ("int below 64 bits", -(2**63) - 1),
    ("int of 200 bits", 2**200 + 1),
    ("float", 1.5),
    ("float that is whole", 1.0),
    ("float minus zero", -0.0),
    ("float least", 5e-324),
    ("float greatest", 1.7976931348623157e308),
    ("nan", NAN),
    ("infinity", math.inf),
    ("minus infinity", -math.inf),
    ("text empty", ""),
    ("text", "é 𐀀 \x00"),
    ("text with a lone surrogate", "a\udc80"),
    ("text of two surrogates that are no character", "\ud800\udc00"),
    ("bytes empty", b""),
    ("bytes that are a text", b"text"),
    ("bytes that are none", b"\x00\xff"),
    ("bytearray", bytearray(b"\x01")),
    ("list empty", []),
    ("list", [1, [2, "x"], None]),
    ("tuple empty", ()),
    ("tuple", (1, "x")),
    ("tuple in a list", [(1, [(2,)])]),
    ("set empty", set()),
    ("set", {1}),
    ("frozenset", frozenset({"x"})),
    ("set of tuples", {(1, 2)}),
    ("dict empty", {}),
    ("dict", {"a": 1, "b": [True]}),
    ("dict with int keys", {-2: "minus two", 1: "one"}),
    ("dict with a tuple key", {(1, 2): 3}),
    ("dict with a none key", {None: 0}),
    ("dict with a bytes key", {b"k": b"v"}),
    ("dict with a big key", {2**70: 1}),
    ("dict that looks like a tag", {"__pybridge_tuple__": [1]}),
    ("dict with an odd key", {"\udc80": 1}),
    ("complex", 1.5 - 2j),
    ("complex with nan and minus zero", complex(NAN, -0.0)),
    ("decimal", decimal.Decimal("1.50")),
    ("decimal of many digits", decimal.Decimal("-12345678901234567890.123456789E+5")),
    ("decimal nan", decimal.Decimal("NaN")),
    ("fraction", fractions.Fraction(-3, 7)),
    ("fraction past 64 bits", fractions.Fraction(2**70, 3)),
    ("date", dt.date(2026, 3, 29)),
    ("time", dt.time(2, 30, 0, 5)),
    ("time with an offset", dt.time(2, 30, tzinfo=dt.timezone(dt.timedelta(hours=1)))),
    ("datetime without a zone", at(2026, 3, 29, 2, 30, 0, 123456)),
    ("datetime in UTC", at(2026, 3, 29, 2, 30, zone=dt.timezone.utc)),  # noqa: UP017 - Python 3.10
    ("datetime with an offset", at(2026, 3, 29, 2, 30, zone=dt.timezone(-dt.timedelta(hours=3, minutes=30)))),
    ("datetime in a zone", at(2026, 7, 1, 12, 0, zone=PARIS)),
    ("datetime in a repeated hour, first", at(2026, 10, 25, 2, 30, zone=PARIS, fold=0)),
    ("datetime in a repeated hour, second", at(2026, 10, 25, 2, 30, zone=PARIS, fold=1)),
    ("timedelta", dt.timedelta(days=-1, seconds=5, microseconds=6)),
    ("uuid", uuid.UUID("12345678-1234-5678-1234-567812345678")),
    ("path", pathlib.Path("/a/b c")),
    ("path of Windows", pathlib.PureWindowsPath("c:/x")),
    ("slice", slice(1, None, -1)),
    ("range", range(0, 10, 3)),
    ("enum member", Colour.RED),
    ("flag of two members", Permission.READ | Permission.WRITE),
    ("object that is its fields", Order(7, (1, 2))),
    ("reference", THING),
    ("references in a list", [THING, {"same": THING}]),
    ("result of an earlier operation", EARLIER),
    ("array", np.array([[1.0, 2.0], [3.0, -0.0]])),
    ("array of no dimension", np.array(5, "<i4")),
    ("array without items", np.zeros((2, 0), "u1")),
    ("array of truth values", np.array([True, False])),
    ("array of moments", np.array(["2026-01-02", "NaT"], "M8[D]")),
    ("array beside the value", np.arange(1024).astype("u1")),
]


def neutral(value):
    """A value as one pair of a kind and what it is; numbers are texts, so that no reader of JSON rounds them."""
    match value:
        case None:
            return {"none": None}
        case bool():
            return {"bool": value}
        case enum.Enum():
            path = f"lib.{type(value).__name__}"
            is_one = value.name in type(value).__members__
            return {"enum": [path, value.name]} if is_one else {"flag": [path, str(value.value)]}
        case int():
            return {"int": str(value)}
        case float():
            return {"float": struct.pack(">d", value).hex()}
        case str():
            return {"text": value.encode("utf-8", "surrogatepass").hex()}
        case bytes() | bytearray():
            return {type(value).__name__: value.hex()}
        case list() | tuple() | set() | frozenset():
            return {type(value).__name__: [neutral(one) for one in value]}
        case dict():
            return {"dict": [[neutral(key), neutral(one)] for key, one in value.items()]}
        case complex():
            return {"complex": [neutral(value.real), neutral(value.imag)]}
        case slice() | range():
            return {type(value).__name__: [neutral(one) for one in (value.start, value.stop, value.step)]}
        case fractions.Fraction():
            return {"fraction": [str(value.numerator), str(value.denominator)]}
        case np.ndarray():
            return {"array": [value.dtype.str, list(value.shape), value.tobytes().hex()]}
        case _:
            return named(value)


def named(value):
    """The neutral form of what is told by texts."""
    match value:
        case decimal.Decimal():
            return {"decimal": str(value)}
        case uuid.UUID():
            return {"uuid": str(value)}
        case pathlib.PureWindowsPath():
            return {"path": ["windows", str(value)]}
        case pathlib.Path():
            return {"path": ["path", str(value)]}
        case dt.datetime(tzinfo=ZoneInfo(key=key)):
            return {"datetime": [value.isoformat(), key]}
        case dt.datetime():
            return {"datetime": [value.isoformat(), None]}
        case dt.date() | dt.time():
            return {type(value).__name__: value.isoformat()}
        case dt.timedelta():
            return {"timedelta": [value.days, value.seconds, value.microseconds]}
        case Order():
            return {"object": ["lib.Order", [["amount", neutral(value.amount)], ["note", neutral(value.note)]]]}
        case Thing():
            return {"reference": [REFERENCE.session, REFERENCE.object_id, REFERENCE.epoch, REFERENCE.type_path]}
        case EarlierResult():
            return {"result_of": 2}
    raise AssertionError(value)
