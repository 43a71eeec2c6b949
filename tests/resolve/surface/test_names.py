"""Names used in a module are resolved for whoever reads annotations and bases."""

import pytest

from evaluated import evaluate
from pybridge.model.expressions import Attribute, Constant, Expr, Name
from pybridge.model.names import ModuleName, SymbolPath
from pybridge.model.types import LiteralKind, LiteralValue
from pybridge.resolve.surface import class_statement, resolve_name

SURFACE = evaluate(
    {
        "lib/__init__.py": """
import numpy as np
import torch
import lib.sub
import lib
from collections import abc
from .sub import leaf, Outer as Out
from typing import Optional
class Child(Out): ...
class int: ...
""",
        "lib/sub/__init__.py": "from . import leaf\nclass Outer:\n    class Inner:\n        class Deep: ...\n    x = 1\n",
        "lib/sub/leaf.py": "class Leaf: ...\n",
        "lib/space/module.py": "from lib.space import module\nimport lib.native\nclass M: ...\n",
    },
    compiled=["lib.native"],
)


def dotted(text: str) -> Expr:
    head, *rest = text.split(".")
    expr: Expr = Name(head)
    for part in rest:
        expr = Attribute(expr, part)
    return expr


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("str", "builtins:str"),
        ("int", "lib:int"),
        ("str.maketrans", "builtins:str.maketrans"),
        ("np", "numpy:"),
        ("np.ndarray", "numpy:ndarray"),
        ("np.random.Generator", "numpy.random:Generator"),
        ("torch.nn.Module", "torch.nn:Module"),
        ("torch.nn.Module.forward", "torch.nn:Module.forward"),
        ("abc.Mapping", "collections.abc:Mapping"),
        ("Optional", "typing:Optional"),
        ("leaf.Leaf", "lib.sub.leaf:Leaf"),
        ("lib.sub.leaf.Leaf", "lib.sub.leaf:Leaf"),
        ("lib.sub.Outer", "lib.sub:Outer"),
        ("lib.space.module.M", "lib.space.module:M"),
        ("Out.Inner", "lib.sub:Outer.Inner"),
        ("Out.Inner.Deep", "lib.sub:Outer.Inner.Deep"),
        ("Child.Inner", "lib.sub:Outer.Inner"),
        ("Out.x", "lib.sub:Outer.x"),
        ("Out.missing", None),
        ("leaf.missing", None),
        ("missing", None),
    ],
)
def test_a_dotted_name_is_resolved(name: str, path: str | None) -> None:
    found = resolve_name(SURFACE, ModuleName("lib"), dotted(name))

    assert (found and found.path) == path


def test_names_of_a_class_body_come_first() -> None:
    found = resolve_name(SURFACE, ModuleName("lib.sub"), Name("Inner"), scope="Outer")

    assert found is not None
    assert found.path == "lib.sub:Outer.Inner"
    assert resolve_name(SURFACE, ModuleName("lib.sub"), Name("Inner")) is None


def test_other_expressions_and_modules_resolve_to_nothing() -> None:
    constant = Constant(LiteralValue(kind=LiteralKind.NONE))

    assert resolve_name(SURFACE, ModuleName("lib"), constant) is None
    assert resolve_name(SURFACE, ModuleName("nowhere"), Name("x")) is None


def test_the_statement_of_a_nested_class_is_found() -> None:
    found = class_statement(SURFACE, SymbolPath("lib.sub:Outer.Inner.Deep"))

    assert found is not None
    assert found.name == "Deep"
    assert class_statement(SURFACE, SymbolPath("lib.sub:Outer.x")) is None


def test_bases_in_a_circle_end() -> None:
    surface = evaluate({"lib.py": "class A(B): ...\nclass B(A): ...\n"})

    assert resolve_name(surface, ModuleName("lib"), dotted("A.x")) is None
