"""Types that are made to take long, or never to end, cost a bounded number of steps and are unknown at worst."""

import tempfile
import time
from pathlib import Path

import pytest

from described import describe
from pybridge.compat.library import Library
from pybridge.compat.types.relate import TypesOfBoth
from pybridge.compat.types.relation import Relation
from pybridge.model.classes import Class, ClassKind, Constructor, ConstructorOrigin
from pybridge.model.library import LibraryDescriptor, Module, Target
from pybridge.model.names import ModuleName, SymbolPath
from pybridge.model.types import Named

MAX_CPU_SECONDS = 3.0


def related(old, new):
    libraries = []
    for text in (old, new):
        with tempfile.TemporaryDirectory() as folder:
            libraries.append(Library.of(describe(Path(folder), {"lib/__init__.py": text}).descriptor))
    exprs = [one.modules["lib"].functions[0].signatures[0].parameters[0].type.expr for one in libraries]
    before = time.process_time()
    found = TypesOfBoth(*libraries).relate(*exprs)
    assert time.process_time() - before < MAX_CPU_SECONDS
    return found


def doubling(leaf):
    aliases = "".join(f"A{number} = tuple[A{number - 1}, A{number - 1}]\n" for number in range(1, 21))
    return f"A0 = list[{leaf}]\n{aliases}def use(one: A20): ...\n"


def test_aliases_that_double_are_compared_in_steps_by_their_number():
    assert related(doubling("int"), doubling("int | int")) is Relation.SAME
    assert related(doubling("int"), doubling("str")) is Relation.OTHER


def test_an_alias_of_itself_ends():
    text = "from typing import Union\n{} = Union[int, list['{}']]\ndef use(one: {}): ...\n"

    assert related(text.replace("{}", "Json"), text.replace("{}", "Tree")) is Relation.SAME


def test_an_alias_that_is_nothing_but_itself_ends():
    text = "type Loop = Loop\ndef use(one: Loop): ...\n"

    assert related(text, text.replace("Loop", "Ring")) in {Relation.SAME, Relation.UNKNOWN}


@pytest.mark.parametrize("count", [1, 12])
def test_protocols_that_ask_for_each_other_end(count):
    def text(result):
        members = "".join(
            f"class P{n}(Protocol):\n    def a(self) -> 'P{(n + 1) % count}': ...\n    def b(self) -> 'P{n * 7 % count}': ...\n"
            f"class Q{n}(Protocol):\n    def a(self) -> 'Q{(n + 1) % count}': ...\n    def b(self) -> 'Q{n * 7 % count}': ...\n"
            for n in range(count)
        )
        return f"from typing import Protocol\n{members}def use(one: {result}): ...\n"

    assert related(text("P0"), text("Q0")) is Relation.SAME


def test_a_type_that_grows_as_it_is_looked_into_ends():
    text = (
        "from typing import Protocol, TypeVar\n"
        "T = TypeVar('T', covariant=True)\n"
        "class P(Protocol[T]):\n    def grow(self) -> 'P[list[T]]': ...\n"
        "class Q(Protocol[T]):\n    def grow(self) -> 'Q[list[T]]': ...\n"
        "def use(one: {}[int]): ...\n"
    )

    assert related(text.replace("{}", "P"), text.replace("{}", "Q")) in {Relation.SAME, Relation.UNKNOWN}


def test_an_alias_that_doubles_its_argument_ends():
    text = "type Grow[T] = list[Grow[tuple[T, T]]]\ndef use(one: Grow[int]): ...\n"

    assert related(text, text.replace("Grow", "More")) in {Relation.SAME, Relation.UNKNOWN}


def test_a_long_chain_of_classes_needs_no_deep_stack():
    def one(number):
        paths = [SymbolPath(f"lib:C{each}") for each in range(number, -1, -1)]
        return Class(
            path=paths[0],
            name=f"C{number}",
            kind=ClassKind.PLAIN,
            bases=tuple(Named(path=path) for path in paths[1:2]),
            mro=tuple(paths),
            constructor=Constructor(origin=ConstructorOrigin.OBJECT),
        )

    module = Module(name=ModuleName("lib"), classes=tuple(one(number) for number in range(1_200)))
    target = Target(python_version="3.11", platform="linux")
    side = Library.of(LibraryDescriptor(name="lib", roots=(ModuleName("lib"),), target=target, modules=(module,)))
    first, last = (Named(path=SymbolPath(f"lib:C{number}")) for number in (0, 1_199))

    assert TypesOfBoth(side, side).relate(first, last) is Relation.NARROWER


def test_a_union_of_many_constants_is_compared():
    def text(start):
        values = ", ".join(str(number) for number in range(start, start + 400))
        return f"from typing import Literal\ndef use(one: Literal[{values}]): ...\n"

    assert related(text(0), text(0)) is Relation.SAME
    assert related(text(0), text(1)) in {Relation.OTHER, Relation.UNKNOWN}
