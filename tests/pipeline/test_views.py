"""What is shown of a descriptor: counts, names that lead to symbols, and the API as one text."""

import contextlib
import random

import msgspec
import pytest

from pybridge.errors import SymbolNotFound
from pybridge.model.classes import Class
from pybridge.model.library import Module
from pybridge.pipeline.api_text import api_text
from pybridge.pipeline.query import Index
from pybridge.pipeline.summary import share, summarize

API = """\
# shelf 1.0 (Python 3.11, linux)

## shelf
from shelf._store.Box as Box
from shelf.colours.Colour as Colour
from shelf._store.fetch as get
LIMIT: int

## shelf._store
class Base
    def __init__()
    tag: str
    @property size: int
    def close() -> None
class Box(shelf._store.Base)
    def __init__(width: int, *, name: str = 'box')
    def items() -> Iterator[str]
    class Lid
        def __init__()
        def open() -> bool
def fetch(name: str, default=None) -> shelf._store.Box

## shelf.colours
class Colour(enum.Enum)
    def __init__(value: object)
    RED = 1
    BLUE = 2
"""


@pytest.fixture
def index(shelf):
    return Index(shelf.descriptor)


class TestFindingNames:
    @pytest.mark.parametrize(
        ("name", "path"),
        [
            ("shelf.Box", "shelf._store:Box"),
            ("Box", "shelf._store:Box"),
            ("shelf._store.Box", "shelf._store:Box"),
            ("shelf._store:Box", "shelf._store:Box"),
            ("get", "shelf._store:fetch"),
            ("shelf.get", "shelf._store:fetch"),
            ("LIMIT", "shelf:LIMIT"),
            ("Box.items", "shelf._store:Box.items"),
            ("Box.Lid", "shelf._store:Box.Lid"),
            ("shelf.Box.Lid.open", "shelf._store:Box.Lid.open"),
            ("shelf._store:Box.items", "shelf._store:Box.items"),
        ],
    )
    def test_public_and_defining_paths_lead_to_a_symbol(self, index, name, path):
        answer = index.find(name)

        assert (answer.symbol.path, answer.owner) == (path, None)

    @pytest.mark.parametrize("member", ["close", "size", "tag"])
    def test_an_inherited_member_is_found_with_its_owner(self, index, member):
        answer = index.find(f"Box.{member}")

        assert (answer.symbol.path, answer.owner) == (f"shelf._store:Base.{member}", "shelf._store:Base")

    @pytest.mark.parametrize("name", ["shelf", "shelf.colours", "colours", "shelf.colours:"])
    def test_modules_are_found(self, index, name):
        assert isinstance(index.find(name).symbol, Module)

    @pytest.mark.parametrize(
        ("name", "suggestion"),
        [
            ("shelf.Bxo", "shelf.Box"),
            ("Colours", "shelf.Colour"),
            ("box", "shelf.Box"),
            ("other.Colour", "shelf.Colour"),
        ],
    )
    def test_a_misspelt_name_suggests_what_there_is(self, index, name, suggestion):
        with pytest.raises(SymbolNotFound) as caught:
            index.find(name)

        assert suggestion in caught.value.suggestions
        assert len(caught.value.suggestions) <= 3

    @pytest.mark.parametrize("name", ["", ".", "zzz", "Box.", "Box..items", "x" * 100_000, "\ud800"])
    def test_odd_names_are_found_or_refused(self, index, name):
        with contextlib.suppress(SymbolNotFound):
            index.find(name)

    def test_inherited_methods_come_without_what_is_overridden(self, index):
        box = index.find("Box").symbol
        assert isinstance(box, Class)

        inherited = index.inherited(box)

        assert [(owner, method.name) for owner, method in inherited] == [("shelf._store:Base", "close")]


class TestCounting:
    def test_a_summary_counts_what_is_described(self, shelf):
        summary = summarize(shelf.descriptor, shelf.analysis.summary.digest)

        assert summary == shelf.analysis.summary
        counts = (summary.modules, summary.classes, summary.functions, summary.methods, summary.properties)
        assert counts == (3, 4, 1, 3, 1)
        assert (summary.parameters, summary.typed_parameters) == (5, 4)
        assert (summary.returns, summary.typed_returns) == (4, 4)
        assert summary.skipped == {}

    @pytest.mark.parametrize(
        ("part", "whole", "text"), [(0, 0, "-"), (1, 3, "33.3 %"), (0, 5, "0.0 %"), (5, 5, "100.0 %")]
    )
    def test_a_share_of_nothing_is_no_number(self, part, whole, text):
        assert share(part, whole) == text


class TestTheApiAsText:
    def test_every_public_name_is_there_with_its_signature(self, shelf):
        assert api_text(shelf.descriptor) == API

    def test_the_text_is_a_function_of_the_descriptor(self, shelf):
        again = msgspec.msgpack.decode(msgspec.msgpack.encode(shelf.descriptor), type=type(shelf.descriptor))
        random.seed(7)

        assert api_text(again) == api_text(shelf.descriptor)

    def test_a_name_is_one_line(self, shelf):
        assert [line for line in api_text(shelf.descriptor).split("\n") if line != line.rstrip() or "\r" in line] == []
