"""The frame of a file changes with whatever the type engine reads of it, and with nothing of a plain function's body."""

import pytest
from mypy.errors import Errors
from mypy.nativeparse import native_parse
from mypy.nodes import ClassDef, FuncDef
from mypy.options import Options
from mypy.parse import load_from_raw

from pybridge.extract import Parser, extract_file
from pybridge.model.facts import ModuleFacts
from readings import source_file

FUNCTION = """
class C:
    x: int = 1

    def plain(self, a, b=2):
        {}
        return self.x == a

    def other(self): return 1

y = C()
"""
PLAIN = "first = a"


def facts(text: str, parser: Parser = Parser.NATIVE) -> ModuleFacts:
    return extract_file(source_file("m"), text.encode(), python_version=(3, 11), parser=parser)


def frame(text: str, parser: Parser = Parser.NATIVE) -> str | None:
    return facts(text, parser).frame_digest


UNREAD = [
    "second = a; third = b",
    "import os, sys",
    "a.y = self.x",
    "self.x.y = a",
    "self.x[0] = a",
    "if self.x: pass",
    "for one in self.x: pass",
    "assert self.x == self.y",
    "return self.x",
    "global y",
    "del self.x",
    "def inner(): return 1",
]
READ = [
    "self.z = 1",
    "self.z: int",
    "self.z: int = 1",
    "first, self.z = 1, 2",
    "first, (self.z, second) = 1, (2, 3)",
    "first, *self.z = a",
    "[*self.z] = a",
    "self . z = 1",
    "self.z, first = 1, 2",
    "self.z = first = 1",
    "first = self.z = 1",
    "self.z += 1",
    "self.z **= 1",
    "self.z >>= 1",
    "for self.z in a: pass",
    "for (first, self.z) in a: pass",
    "for first, self.z in a: pass",
    "with a as self.z: pass",
    "with a as (first, self.z): pass",
    "with a as b, b as self.z: pass",
    "if a: self.z = 1",
    "yield a",
    "first = yield",
    "first = [(yield a)]",
    "yield from a",
]
COMMENTS = ["first = 1  # type: int", "# mypy: ignore-errors\n        first = 1"]


@pytest.mark.parametrize("parser", Parser)
@pytest.mark.parametrize("statement", [one for one in UNREAD if one not in {"self.x.y = a", "self.x[0] = a"}])
def test_bodies_of_plain_functions_are_not_in_it(statement: str, parser: Parser) -> None:
    assert frame(FUNCTION.format(PLAIN), parser) == frame(FUNCTION.format(statement), parser)


@pytest.mark.parametrize("parser", Parser)
@pytest.mark.parametrize("statement", [*READ, *COMMENTS])
def test_bodies_that_say_more_than_statements_are_in_it(statement: str, parser: Parser) -> None:
    texts = [FUNCTION.format(one) for one in (f"{statement}\n        {PLAIN}", f"{statement}\n        second = a")]

    assert len({frame(one, parser) for one in (FUNCTION.format(PLAIN), *texts)}) == 3


@pytest.mark.parametrize("statement", [*UNREAD, *READ])
def test_the_engine_strips_every_body_that_is_not_in_it(statement: str) -> None:
    text = FUNCTION.format(statement)
    options = Options()
    raw, _, _ = native_parse("m.py", options, text, skip_function_bodies=True)
    assert raw.raw_data is not None
    tree = load_from_raw("m.py", "m", raw.raw_data, Errors(options), options)
    (owner,) = (one for one in tree.defs if isinstance(one, ClassDef))
    kept = {one.name for one in owner.defs.body if isinstance(one, FuncDef) and one.body.body}
    found = facts(text)
    heads = [found.spans[number].line for number in found.heads]
    lines = {one.name: one.line for one in owner.defs.body if isinstance(one, FuncDef)}

    assert kept.isdisjoint(name for name, line in lines.items() if line in heads)
    assert ("plain" in kept) == (statement in READ)


@pytest.mark.parametrize(
    "edited",
    [
        FUNCTION.replace("x: int = 1", "x: int = 2"),
        FUNCTION.replace("def other", "def another"),
        FUNCTION.replace("    def other(self): return 1", "    def other(self): ..."),
        FUNCTION.replace("y = C()", "y = C"),
        FUNCTION.replace("class C:", "class C(D):"),
        FUNCTION.replace("    def plain", "    @property\n    def plain"),
        FUNCTION.replace("y = C()", "def y(): pass"),
        FUNCTION.replace("\ny = C()", "    y = C()"),
        FUNCTION + "# a comment\n",
    ],
)
def test_what_stands_around_functions_is_in_it(edited: str) -> None:
    assert frame(FUNCTION.format(PLAIN)) != frame(edited.format(PLAIN))


@pytest.mark.parametrize("head", ["plain(self, a, b=3)", "plain(self, a: int, b=2) -> int", "plain(self)"])
def test_heads_of_plain_functions_are_facts_of_their_own(head: str) -> None:
    before, after = (
        FUNCTION.replace("plain(self, a, b=2)", one).format(PLAIN) for one in ("plain(self, a, b=2)", head)
    )

    assert frame(before) == frame(after)
    assert facts(before).body != facts(after).body


def test_default_that_binds_a_name_is_in_it() -> None:
    assert frame("def f(x=(y := 1)): return x") != frame("def f(x=(y := 2)): return x")


def test_lines_may_move() -> None:
    before, after = facts("def f(x):\n    return x\n\ny = 1\n"), facts("def f(x):\n    a = 1\n    return x\n\ny = 1\n")

    assert before.frame_digest == after.frame_digest
    assert len(before.heads) == len(after.heads) == 1


def test_readers_agree_on_it() -> None:
    text = (
        FUNCTION.format(PLAIN) + FUNCTION.format("self.z = 1") + "async def f(): await g\n@a\n@b\ndef h(): return 1\n"
    )
    native, other = facts(text), facts(text, Parser.AST)

    assert (native.frame_digest, native.heads) == (other.frame_digest, other.heads)


def test_hostile_function_is_looked_at_in_no_time() -> None:
    text = "class C:\n    def f(self):\n        return (" + "self.a," * 20_000 + ")\n"

    assert len(facts(text).heads) <= 1
