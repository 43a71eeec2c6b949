"""The shared vectors are what the codecs write, and the codecs read them back. `PYBRIDGE_UPDATE_VECTORS=1` writes them anew."""

import json
import os
from pathlib import Path

import msgspec
import pytest

from pybridge_worker.errors import Refused
from pybridge_worker.values import as_json, as_msgpack
from pybridge_worker.values.trees import Unreadable
from vector_values import CLASSES, EARLIER, REFERENCE, THING, VALUES, neutral

FILE = Path(__file__).parent.parent / "vectors" / "values.json"
CODECS = {"json": as_json, "msgpack": as_msgpack}
RESULT_CODE = 12
REFUSED = [
    ("a tag that there is not", '{"__pybridge_other__":1}', "c70163c0"),
    ("a tuple that is none", '{"__pybridge_tuple__":{"a":1}}', "c7040481a16101"),
    ("a set of lists", '{"__pybridge_set__":[[1]]}', "c70305919101"),
    ("bytes that are not base 64", '{"__pybridge_bytes__":"*"}', None),
    ("a bare NaN", "[NaN]", None),
    ("a float out of range", "1e999", None),
    ("a time of no day", '{"__pybridge_time__":["date","2026-02-30"]}', None),
    ("a zone that there is not", '{"__pybridge_time__":["datetime","2026-01-01T00:00:00+00:00[Nowhere/Here]"]}', None),
    ("a fraction by zero", '{"__pybridge_fraction__":[1,0]}', None),
    ("a buffer that did not come", '{"__pybridge_tensor__":["|u1",[1],3]}', None),
    ("an array of objects", '{"__pybridge_tensor__":["|O",[1],"AAAAAAAAAAA="]}', None),
    ("an array of another size", '{"__pybridge_tensor__":["<f8",[2],"AAAAAAAAAAA="]}', None),
    ("a side below zero", '{"__pybridge_tensor__":["<f8",[-1],"AAAAAAAAAAA="]}', None),
    ("a class that the bundle has not", '{"__pybridge_object__":["os.Thing",{}]}', None),
    ("a member that the bundle has not", '{"__pybridge_enum__":["lib.Colour","GREEN"]}', None),
    ("a reference without an epoch", '{"__pybridge_ref__":{"session":"s","id":7}}', None),
    ("less than a value", "[1,", "92"),
    ("nothing", "", ""),
]


class Library:
    """The classes of the vectors, one held object, and one earlier result."""

    def symbol_of(self, cls):
        return next((path.replace("lib.", "lib:") for path, one in CLASSES.items() if one is cls), None)

    def class_named(self, dotted):
        return CLASSES.get(dotted)

    def may_create(self, cls):
        return cls in CLASSES.values()

    def hold(self, value):
        return REFERENCE if value is THING else None

    def find(self, held):
        assert (held.session, held.object_id, held.epoch) == (REFERENCE.session, REFERENCE.object_id, REFERENCE.epoch)
        return THING

    def earlier(self, index):
        assert index == 2
        return EARLIER


def written(codec, value, buffers):
    if value is EARLIER:  # clients alone write these
        tag = {"__pybridge_result__": 2}
        return json.dumps(tag, separators=(",", ":")).encode() if codec is as_json else as_msgpack_result()
    return codec.write(value, Library(), Library().hold, buffers)


def as_msgpack_result():
    return msgspec.msgpack.encode(msgspec.msgpack.Ext(RESULT_CODE, b"\x02"))


def vector(name, value):
    beside, again = [], []
    found = {
        "name": name,
        "python": repr(value),
        "value": neutral(value),
        "json": written(as_json, value, beside).decode(),
        "msgpack": written(as_msgpack, value, again).hex(),
    }
    assert list(map(bytes, beside)) == list(map(bytes, again))
    return found | ({"buffers": [bytes(one).hex() for one in beside]} if beside else {})


def refused(name, text, packed):
    return {"name": name, "json": text} | ({} if packed is None else {"msgpack": packed})


def made():
    values = ",\n".join(json.dumps(vector(name, value)) for name, value in VALUES)
    refusals = ",\n".join(json.dumps(refused(*one)) for one in REFUSED)
    return f'{{"schema": "pybridge.vectors/1",\n"values": [\n{values}\n],\n"refused": [\n{refusals}\n]}}\n'


def raw(format_, text):
    return text.encode() if format_ == "json" else bytes.fromhex(text)


def test_the_file_is_what_the_codecs_write():
    text = made()
    if os.environ.get("PYBRIDGE_UPDATE_VECTORS"):
        FILE.write_text(text, encoding="utf-8")

    assert FILE.read_text(encoding="utf-8") == text


VECTORS = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {"values": [], "refused": []}


@pytest.mark.parametrize("format_", CODECS)
@pytest.mark.parametrize("one", VECTORS["values"], ids=lambda one: one["name"])
def test_a_vector_is_read_as_its_value(one, format_):
    buffers = [bytearray.fromhex(buffer) for buffer in one.get("buffers", [])]
    value = CODECS[format_].read(raw(format_, one[format_]), Library(), Library(), buffers)

    assert neutral(value) == one["value"]


@pytest.mark.parametrize(
    ("format_", "data"),
    [pytest.param(f, one[f], id=f"{one['name']}-{f}") for one in VECTORS["refused"] for f in CODECS if f in one],
)
def test_what_is_no_value_is_refused(format_, data):
    with pytest.raises((Unreadable, Refused)):
        CODECS[format_].read(raw(format_, data), Library(), Library())


def test_every_tag_has_a_vector():
    text = json.dumps([one["json"] for one in VECTORS["values"]])

    assert {tag for tag in as_msgpack.CODES if f"__pybridge_{tag}__" not in text} == {"int", "arrow"}
