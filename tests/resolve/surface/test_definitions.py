"""Statements of one name are grouped as Python groups them, in modules and in classes."""

from evaluated import TARGET, evaluate, exported
from pybridge.model.facts import Assignment, ClassFacts, FunctionFacts
from pybridge.model.library import SymbolKind, Visibility
from pybridge.model.names import ModuleName
from pybridge.resolve.surface import class_scope
from pybridge.resolve.symbols import Definition

LIB = ModuleName("lib")


def members(text: str) -> dict[str, Definition]:
    surface = evaluate({"lib.py": text})
    facts = next(
        definition.statements[0]
        for definition in surface.modules[LIB].definitions.values()
        if isinstance(definition.statements[0], ClassFacts) and definition.name == "C"
    )
    assert isinstance(facts, ClassFacts)
    return dict(class_scope(facts, surface=surface, module=LIB, target=TARGET))


def shapes(definition: Definition) -> list[int]:
    return [len(getattr(one, "parameters", ())) for one in definition.statements]


def test_overloads_and_their_implementation_are_one_definition() -> None:
    text = """
from typing import overload as ov
@ov
def f(a: int) -> int: ...
@ov
def f(a: str, b: int) -> str: ...
def f(*args): ...
"""
    assert shapes(evaluate({"lib.py": text}).modules[LIB].definitions["f"]) == [1, 2, 1]


def test_the_last_of_two_plain_definitions_wins() -> None:
    surface = evaluate({"lib.py": "def f(a): ...\ndef f(a, b): ...\n"})

    assert shapes(surface.modules[LIB].definitions["f"]) == [2]
    assert surface.modules[LIB].definitions["f"].variants == ()


def test_a_deleted_name_is_gone() -> None:
    assert exported(evaluate({"lib.py": "def f(): ...\ndef g(): ...\ndel f\n"}), "lib") == {"g": "lib:g"}


def test_registered_cases_of_a_generic_function_are_not_definitions() -> None:
    text = """
from functools import singledispatch
@singledispatch
def show(a): ...
@show.register
def _(a: int): ...
@show.register(str)
def show(a, b, c): ...
"""
    surface = evaluate({"lib.py": text})

    assert shapes(surface.modules[LIB].definitions["show"]) == [1]
    assert "_" not in surface.modules[LIB].definitions


def test_a_function_wrapped_by_a_call_on_itself_stays_a_function() -> None:
    surface = evaluate({"lib.py": "def f(a): ...\nf = deprecated('x')(f)\n"})

    assert surface.modules[LIB].definitions["f"].kind is SymbolKind.FUNCTION


def test_a_bare_annotation_makes_no_name_by_itself() -> None:
    surface = evaluate({"lib.py": "x: int\ny: int\ny = 1\n"})
    made = surface.modules[LIB].definitions["y"]

    assert exported(surface, "lib") == {"y": "lib:y"}
    assert [isinstance(one, Assignment) and one.annotation is not None for one in made.statements] == [True, False]


def test_calls_that_make_classes_are_classes() -> None:
    text = """
import enum, typing as t
from collections import namedtuple
P = namedtuple("P", "x y")
Q = t.NamedTuple("Q", [("x", int)])
E = enum.Enum("E", "A B")
T = type("T", (), {})
kind = type(P)
"""
    definitions = evaluate({"lib.py": text}).modules[LIB].definitions

    assert {name: one.kind.value for name, one in definitions.items()} == {
        "P": "class",
        "Q": "class",
        "E": "class",
        "T": "class",
        "kind": "variable",
    }


def test_type_aliases_are_told_from_values() -> None:
    text = """
import re
from typing import Dict, List, TypeAlias, Union
A = Union[int, str]
B: TypeAlias = "List[int]"
C = List[int]
D = dict[str, int] | None
FLAGS = re.I | re.M
TABLE = {"a": 1}
ITEM = TABLE["a"]
"""
    definitions = evaluate({"lib.py": text}).modules[LIB].definitions

    assert {name for name, one in definitions.items() if one.kind is SymbolKind.TYPE_ALIAS} == {"A", "B", "C", "D"}


def test_names_of_unpacked_values_are_variables() -> None:
    surface = evaluate({"lib.py": "a, (b, *c) = 1, f()\n"})

    assert {"a", "b"} <= set(exported(surface, "lib"))


def test_nobody_promises_what_loops_and_contexts_leave_over() -> None:
    text = """
for a in range(3):
    b = a
c: int
for c, (d, e) in pairs:
    pass
with open("x") as f, g() as (h, i):
    pass
for k in range(3):
    pass
k = 1
"""
    exports = evaluate({"lib.py": text}).modules[LIB].exports

    promised = {one.name for one in exports if one.visibility is not Visibility.INCIDENTAL}
    assert promised == {"b", "k"}


def test_a_property_its_setter_and_deleter_are_one_definition() -> None:
    text = """
class C:
    @property
    def x(self): ...
    @x.setter
    def x(self, value): ...
    @x.deleter
    def x(self): ...
    def y(self): ...
    __radd__ = y
    z = property(y)
    class Inner: ...
"""
    found = members(text)

    assert list(found) == ["x", "y", "__radd__", "z", "Inner"]
    assert shapes(found["x"]) == [1, 2, 1]
    assert found["__radd__"].kind is SymbolKind.VARIABLE
    assert found["Inner"].kind is SymbolKind.CLASS


def test_a_class_body_is_decided_for_the_target() -> None:
    text = """
import sys
from typing import TYPE_CHECKING, overload
PY2 = False
class C:
    if sys.version_info >= (3, 12):
        def f(self, new): ...
    else:
        def f(self): ...
    if PY2:
        def __nonzero__(self): ...
    if TYPE_CHECKING:
        def __init__(self, a: int): ...
    else:
        def __init__(self, *args): ...
    x: int
    x = 3
"""
    found = members(text)

    assert list(found) == ["f", "__init__", "x"]
    assert shapes(found["f"]) == [1]
    constructor = found["__init__"].statements[0]
    assert isinstance(constructor, FunctionFacts)
    assert constructor.parameters[1].name == "a"
