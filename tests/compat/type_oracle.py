"""An oracle: random type expressions over a small library, as our descriptor has them and as mypy itself has them.

Each expression is the annotation of a parameter; every function has two, and the pair is asked both ways.
"""

import random
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec
from mypy import build
from mypy.checker_state import checker_state
from mypy.modulefinder import BuildSource
from mypy.nodes import FuncDef
from mypy.options import Options
from mypy.subtypes import is_subtype
from mypy.types import CallableType

from described import describe
from pybridge.compat.library import Library
from pybridge.compat.types.ask import Scope
from pybridge.compat.types.relate import TypesOfBoth
from pybridge.compat.types.relation import Answer, Relation
from pybridge.model.library import Target

FIXTURE = Path(__file__).parent / "types" / "oracle_library.txt"
TARGET = Target(python_version="3.13", platform="linux")
IMPORTS = """\
import datetime, decimal, enum, fractions, io, os, pathlib, re, collections
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import (AsyncIterator, Awaitable, Callable, Collection, Container, Coroutine, Generator, Hashable,
    ItemsView, Iterable, Iterator, KeysView, Mapping, MutableMapping, MutableSequence, MutableSet, Reversible, Sequence,
    Set as AbstractSet, Sized)
from contextlib import AbstractContextManager
from typing import (IO, Any, AnyStr, BinaryIO, Concatenate, Literal, NamedTuple, Never, Optional, SupportsAbs, SupportsFloat,
    SupportsIndex, SupportsInt, TextIO, Union)
from lib.shapes import *
"""


class Asked(msgspec.Struct, frozen=True):
    """One pair, and both answers."""

    left: str
    right: str
    theirs: bool
    ours: Answer


def answers(pairs: list[tuple[str, str]]) -> Iterator[Asked]:
    """Ask both about every pair, left for right and right for left."""
    sources = {"lib/__init__.py": "", "lib/shapes.py": FIXTURE.read_text(), "lib/pairs.py": IMPORTS + _functions(pairs)}
    with tempfile.TemporaryDirectory() as folder:
        library = Library.of(describe(Path(folder), sources, TARGET).descriptor)
        result = _build(Path(folder))
        types = TypesOfBoth(library, library)
        described = {one.name: one.signatures[0] for one in library.modules["lib.pairs"].functions}
        names = result.files["lib.pairs"].names
        with checker_state.set(result.graph["lib.pairs"].type_checker()):
            for number, (left, right) in enumerate(pairs):
                node = names[f"f{number}"].node
                assert isinstance(node, FuncDef)
                assert isinstance(node.type, CallableType)
                signature = described[f"f{number}"]
                a, b = (types.world.places[0].type(one.type.expr) for one in signature.parameters)
                variables = {one.name: types.world.places[0].parameter(one) for one in signature.type_parameters}
                scope = Scope(variables=variables)
                first, second = node.type.arg_types
                yield Asked(left, right, is_subtype(first, second), types.fits(a, b, scope))
                yield Asked(right, left, is_subtype(second, first), types.fits(b, a, scope))


def described(pairs: list[tuple[str, str]], *, is_moved: bool = False) -> Library:
    """The library with the pairs, its classes where users find them, or behind that in another module."""
    text = FIXTURE.read_text()
    sources = {"lib/__init__.py": "", "lib/shapes.py": text, "lib/pairs.py": IMPORTS + _functions(pairs)}
    if is_moved:
        names = (one["class"] or one["name"] for one in _DEFINED.finditer(text))
        passed_on = "".join(f"from lib._hidden.place import {name} as {name}\n" for name in names)
        sources |= {"lib/_hidden/__init__.py": "", "lib/_hidden/place.py": text, "lib/shapes.py": passed_on}
    with tempfile.TemporaryDirectory() as folder:
        return Library.of(describe(Path(folder), sources, TARGET).descriptor)


def relations(old: Library, new: Library, *, is_swapped: bool = False) -> Iterator[Relation]:
    """How the second type of each pair, on the new side, lies to the first, on the old one; or the other way round."""
    types = TypesOfBoth(old, new)
    sides = [
        sorted(one.modules["lib.pairs"].functions, key=lambda one: int(one.name.removeprefix("f")))
        for one in (old, new)
    ]
    for ours, theirs in zip(*sides, strict=True):
        first, second = ours.signatures[0], theirs.signatures[0]
        scope = types.scope(first.type_parameters, second.type_parameters)
        before, after = (1, 0) if is_swapped else (0, 1)
        yield types.relate(first.parameters[before].type.expr, second.parameters[after].type.expr, scope)


def _functions(pairs: list[tuple[str, str]]) -> str:
    return "".join(
        f"def f{number}{_VARIABLES}(a: {left}, b: {right}) -> None: ...\n" for number, (left, right) in enumerate(pairs)
    )


_DEFINED = re.compile(r"^(?:class|type) (?P<class>\w+)|^(?P<name>\w+) = ", re.MULTILINE)
_VARIABLES = "[T, U, B: Animal, C: (int, str), **P]"


def _build(folder: Path) -> build.BuildResult:
    options = Options()
    options.python_version = (3, 13)
    options.platform = "linux"
    options.cache_dir = "/dev/null"
    options.incremental = False
    options.preserve_asts = True
    options.export_types = False
    sources = [
        BuildSource(str(folder / "lib" / f"{name}.py"), "lib" if name == "__init__" else f"lib.{name}", None)
        for name in ("__init__", "shapes", "pairs")
    ]
    return build.build(sources, options)


class Generator:
    """Makes type expressions, and expressions near to others."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def pairs(self, count: int) -> list[tuple[str, str]]:
        """Pairs of expressions, most of them near to each other."""
        found = []
        for _ in range(count):
            left = self.type(self._random.choice((1, 2, 2, 3)))
            right = self.near(left, 3) if self._random.random() < 0.75 else self.type(self._random.choice((1, 2, 2, 3)))
            found.append((str(left), str(right)))
        return found

    def type(self, depth: int) -> "Term":
        """A random expression."""
        if depth <= 0 or self._random.random() < 0.25:
            return Term(self._random.choice(LEAVES))
        head = self._random.choice(HEADS)
        count = {"Union": self._random.choice((2, 2, 3)), "tuple": self._random.choice((0, 1, 2, 2, 3))}.get(
            head, ARITY.get(head, 1)
        )
        if head == "type":
            # ``type[Literal[1]]`` is no type.
            return Term(head, (Term(self._random.choice([*_CLASSES, *_BUILTINS, *_PARAMETERS])),))
        return Term(head, tuple(self.type(depth - 1) for _ in range(count)))

    def near(self, term: "Term", depth: int) -> "Term":
        """An expression that differs in one or two places."""
        choice = self._random.random()
        if term.arguments and term.head != "type" and choice < 0.6 and depth > 0:
            place = self._random.randrange(len(term.arguments))
            arguments = list(term.arguments)
            arguments[place] = self.near(arguments[place], depth - 1)
            return Term(term.head, tuple(arguments))
        for family in FAMILIES:
            if term.head in family and choice < 0.92:
                head = self._random.choice(family)
                if ARITY.get(head, 0) == len(term.arguments):
                    return Term(head, term.arguments)
        if choice < 0.7:
            return Term("Union", (term, self.type(1)))
        return self.type(2)


class Term(msgspec.Struct, frozen=True):
    """An expression: a head and its arguments, which ``str`` writes as Python does."""

    head: str
    arguments: tuple["Term", ...] = ()

    def __str__(self) -> str:
        inside = [str(one) for one in self.arguments]
        match self.head:
            case "tuple":
                return f"tuple[{', '.join(inside) or '()'}]"
            case "tuple...":
                return f"tuple[{inside[0]}, ...]"
            case "Callable0":
                return f"Callable[[], {inside[0]}]"
            case "Callable1":
                return f"Callable[[{inside[0]}], {inside[1]}]"
            case "Callable2":
                return f"Callable[[{inside[0]}, {inside[1]}], {inside[2]}]"
            case "Callable...":
                return f"Callable[..., {inside[0]}]"
            case "CallableP":
                return f"Callable[P, {inside[0]}]"
            case "Concatenate":
                return f"Callable[Concatenate[{inside[0]}, P], {inside[1]}]"
            case _:
                return f"{self.head}[{', '.join(inside)}]" if inside else self.head


_CLASSES = [
    *("Animal", "Dog", "Puppy", "Cat", "Stone", "HasName", "HasMutableName", "Closeable", "Sayer", "Comparer"),
    *("Color", "Flavor", "Number", "Point", "Point3", "Movie", "LongMovie", "ReadMovie", "OptionalMovie", "UserId"),
    *("Json", "IntOrStr", "Tree", "Callback", "NamedCallback", "KeywordCallback", "OverloadedCallback", "Meta", "Made"),
    *("Called", "CalledTwice", "Counted", "FrozenPair", "MutablePair", "Chain", "SubInt", "SubStr", "Opened", "Node"),
    *(
        "HasClassName",
        "Linked",
        "AsyncThing",
        "Slotted",
        "ListOfInts",
        "Loops",
        "Unhashable",
        "ReadOnlyName",
        "Settings",
    ),
]
_CALLS = [*(f"Call{number}" for number in range(16)), "Generic1", "Generic2", "Generic3"]
_BUILTINS = [
    *(
        "int",
        "bool",
        "float",
        "complex",
        "str",
        "bytes",
        "bytearray",
        "object",
        "None",
        "Any",
        "range",
        "slice",
        "type",
    ),
    *(
        "int",
        "bool",
        "float",
        "str",
        "object",
        "None",
        "list",
        "dict",
        "tuple",
        "BaseException",
        "ValueError",
        "OSError",
    ),
]
_TYPING = [
    *(
        "Hashable",
        "Sized",
        "SupportsIndex",
        "SupportsInt",
        "SupportsFloat",
        "TextIO",
        "BinaryIO",
        "Never",
        "NamedTuple",
    ),
    *(
        "datetime.datetime",
        "datetime.date",
        "pathlib.Path",
        "pathlib.PurePath",
        "decimal.Decimal",
        "fractions.Fraction",
    ),
    *("io.StringIO", "io.BytesIO", "io.TextIOWrapper", "enum.Enum", "os.stat_result", "Callable"),
]
_LITERALS = [
    *(
        "Literal[1]",
        "Literal[2]",
        "Literal[1, 2]",
        "Literal['a']",
        "Literal['a', 'b']",
        "Literal[True]",
        "Literal[False]",
    ),
    *("Literal[True, False]", "Literal[Color.RED]", "Literal[Color.BLUE]", "Literal[Color.RED, Color.BLUE]"),
    *("Literal[b'x']", "Literal[None]", "Literal[1, 'a', None]"),
]
_PARAMETERS = ["T", "U", "B", "C"]
LEAVES = [*_CLASSES, *_CALLS, *_BUILTINS, *_BUILTINS, *_TYPING, *_LITERALS, *_PARAMETERS]
ARITY = {
    **dict.fromkeys(
        (
            *("list", "set", "frozenset", "deque", "Sequence", "MutableSequence", "Iterable", "Iterator", "Collection"),
            *("Container", "Reversible", "AbstractSet", "MutableSet", "Awaitable", "AsyncIterator", "Optional", "type"),
            *("SupportsAbs", "AbstractContextManager", "tuple...", "Callable0", "Callable...", "CallableP", "KeysView"),
            *(
                "Counter",
                "Box",
                "Source",
                "Sink",
                "Reader",
                "Writer",
                "Inferred",
                "InferredSink",
                "InferredCell",
                "Maybe",
            ),
            *("Nested", "Group", "Getter", "ListLike", "Wrapped", "Labelled"),
        ),
        1,
    ),
    **dict.fromkeys(
        (
            *(
                "dict",
                "Mapping",
                "MutableMapping",
                "OrderedDict",
                "defaultdict",
                "ItemsView",
                "Callable1",
                "Concatenate",
            ),
            *("Pair", "Table", "Either"),
        ),
        2,
    ),
    **dict.fromkeys(("Generator", "Coroutine", "Callable2"), 3),
    "IO": 1,
}
HEADS = [*ARITY, "Union", "Union", "Union", "tuple", "tuple", "Optional", "list", "dict", "Callable1", "Callable2"]
FAMILIES = [
    ["int", "bool", "float", "complex", "SubInt", "SupportsIndex", "Literal[1]", "object", "UserId", "Number", "Any"],
    ["str", "SubStr", "Literal['a']", "Literal['a', 'b']", "object", "Hashable", "Any"],
    ["Animal", "Dog", "Puppy", "HasName", "Sayer", "Cat", "object", "HasMutableName", "B", "Any", "ReadOnlyName"],
    ["Color", "Literal[Color.RED]", "Literal[Color.RED, Color.BLUE]", "enum.Enum", "Flavor"],
    ["Movie", "LongMovie", "ReadMovie", "OptionalMovie"],
    ["Point", "Point3", "NamedTuple", "tuple"],
    ["Callback", "NamedCallback", "KeywordCallback", "OverloadedCallback", "Called", "CalledTwice", "Callable"],
    _CALLS,
    [*_CALLS, "Callback", "NamedCallback", "KeywordCallback", "OverloadedCallback", "Called"],
    ["FrozenPair", "MutablePair", "HasName", "HasMutableName", "ReadOnlyName", "HasClassName", "Settings"],
    ["BaseException", "ValueError", "OSError"],
    ["io.StringIO", "io.BytesIO", "TextIO", "BinaryIO", "io.TextIOWrapper", "Closeable", "Opened"],
    ["T", "U", "B", "C"],
    [
        *(
            "list",
            "Sequence",
            "MutableSequence",
            "Iterable",
            "Collection",
            "Container",
            "Reversible",
            "deque",
            "tuple...",
        ),
        *(
            "set",
            "frozenset",
            "AbstractSet",
            "MutableSet",
            "KeysView",
            "Iterator",
            "Getter",
            "ListLike",
            "Group",
            "Box",
        ),
    ],
    ["Source", "Box", "Reader", "Inferred", "InferredCell", "Maybe", "Nested", "Wrapped"],
    ["Sink", "Box", "Writer", "InferredSink", "InferredCell"],
    ["dict", "Mapping", "MutableMapping", "OrderedDict", "defaultdict", "Pair", "Table"],
    ["Callable0", "Callable...", "CalledTwice", "CallableP"],
    ["Awaitable", "AsyncIterator"],
    ["Generator", "Coroutine"],
]
