import json
import os
import subprocess
import sys

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import strategies
from pybridge.codec import decode, digest, digest_bytes, encode, encode_pretty
from pybridge.errors import DecodeError
from pybridge.model.library import LibraryDescriptor, Module, Target
from pybridge.model.names import ModuleName
from pybridge.model.types import TypeExpr

SMALL = LibraryDescriptor(
    name="größe",
    roots=(ModuleName("größe"),),
    version="1",
    target=Target(python_version="3.11", platform="linux"),
    modules=(Module(name=ModuleName("größe"), docstring="Straße \u2028 \x00 𝄞", declared_names=("b", "a")),),
)


class Holder(msgspec.Struct):
    expr: TypeExpr


@given(strategies.type_exprs)
def test_a_type_survives_the_round_trip(expr):
    assert decode(encode(Holder(expr)), Holder).expr == expr


@given(strategies.descriptors)
@settings(max_examples=40)
def test_a_descriptor_survives_the_round_trip_plain_and_pretty(descriptor):
    assert decode(encode(descriptor), LibraryDescriptor) == descriptor
    assert decode(encode_pretty(descriptor), LibraryDescriptor) == descriptor


@given(strategies.descriptors)
@settings(max_examples=40)
def test_encoding_what_was_decoded_gives_the_same_bytes(descriptor):
    data = encode(descriptor)

    assert encode(decode(data, LibraryDescriptor)) == data


@given(strategies.descriptors)
@settings(max_examples=40)
def test_bytes_do_not_depend_on_the_order_in_which_members_are_written(descriptor):
    shuffled = json.dumps(_reversed(json.loads(encode(descriptor)))).encode()

    assert encode(decode(shuffled, LibraryDescriptor)) == encode(descriptor)


@given(strategies.descriptors)
@settings(max_examples=40)
def test_members_are_sorted_and_nothing_is_indented(descriptor):
    data = encode(descriptor)

    expected = json.dumps(json.loads(data), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert json.loads(data) == json.loads(expected)
    assert [*_keys(json.loads(data))] == [*_keys(json.loads(expected))]
    assert b"\n" not in data


@pytest.mark.parametrize(
    ("seed", "locale"), [("0", "C"), ("1", "C.UTF-8"), ("4242", "POSIX"), ("random", "tr_TR.UTF-8")]
)
def test_bytes_do_not_depend_on_hash_seed_or_locale(seed, locale):
    program = (
        "import sys, locale\n"
        "try: locale.setlocale(locale.LC_ALL, '')\n"
        "except locale.Error: pass\n"
        "from pybridge.codec import encode, decode\n"
        "from pybridge.model.library import LibraryDescriptor\n"
        "found = decode(sys.stdin.buffer.read(), LibraryDescriptor)\n"
        "sys.stdout.buffer.write(encode(found))\n"
    )
    environment = {**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": locale, "PYTHONUTF8": "0"}

    done = subprocess.run(
        [sys.executable, "-c", program], input=encode(SMALL), capture_output=True, check=True, env=environment
    )

    assert done.stdout == encode(SMALL)


def test_order_that_means_something_is_kept():
    one = Module(name=ModuleName("m"), declared_names=("b", "a"))
    two = Module(name=ModuleName("m"), declared_names=("a", "b"))

    assert digest(one) != digest(two)


def test_no_all_and_an_empty_all_differ():
    without = Module(name=ModuleName("m"), declared_names=None)
    empty = Module(name=ModuleName("m"), declared_names=())

    assert decode(encode(without), Module) == without
    assert decode(encode(empty), Module) == empty
    assert digest(without) != digest(empty)


def test_defaults_are_left_out():
    assert encode(Module(name=ModuleName("m"))) == b'{"name":"m"}'


def test_a_digest_is_sha256_of_the_bytes():
    expected = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    assert digest_bytes(b"") == expected


@given(st.binary(max_size=60))
def test_garbage_is_a_decode_error(data):
    with pytest.raises(DecodeError):
        decode(data, LibraryDescriptor)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"null",
        b"[]",
        b"{}",
        b'{"schema":"other/9"}',
        b'{"name":3}',
        b"[" * 100_000,
        b'"\\ud800"',
    ],
)
def test_what_is_not_the_noun_is_a_decode_error(data):
    with pytest.raises(DecodeError):
        decode(data, LibraryDescriptor)


def test_a_type_nested_deeper_than_the_interpreter_allows_is_a_decode_error():
    deep = b'{"name":"m","type_aliases":[{"path":"m:a","name":"a","target":'
    deep += b'{"type":"unpack","packed":' * 100_000

    with pytest.raises(DecodeError):
        decode(deep, Module)


@given(st.text(min_size=1, max_size=12))
def test_a_lone_surrogate_is_written_as_its_escape(text):
    """Source may hold ``"\\ud800"``, which no UTF-8 can say: the digest must not fail on it."""
    hostile = Module(name=ModuleName("m"), docstring=f"\ud800{text}\udfff", declared_names=(f"{text}\udc80",))

    escaped = decode(encode(hostile), Module)

    assert escaped.docstring == f"\\ud800{_escaped(text)}\\udfff"
    assert escaped.declared_names == (f"{_escaped(text)}\\udc80",)
    assert digest(escaped) == digest(hostile)


def test_surrogates_change_nothing_else():
    hostile = msgspec.structs.replace(SMALL, version="\ud800")
    harmless = msgspec.structs.replace(SMALL, version="\\ud800")

    assert encode(hostile) == encode(harmless)


def _escaped(text):
    return text.encode(errors="backslashreplace").decode()


def _reversed(value):
    if isinstance(value, dict):
        return {key: _reversed(value[key]) for key in reversed(value)}
    if isinstance(value, list):
        return [_reversed(item) for item in value]
    return value


def _keys(value):
    if isinstance(value, dict):
        yield tuple(value)
        for item in value.values():
            yield from _keys(item)
    elif isinstance(value, list):
        for item in value:
            yield from _keys(item)
