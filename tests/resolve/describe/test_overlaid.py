"""What overlays change in a description."""

import pytest

from described import TARGET, write_library
from pybridge.extract import extract_file
from pybridge.model.names import ModuleName, SourceText, SymbolPath
from pybridge.model.overlays import (
    ClassRule,
    ConstructorRule,
    DecoratorEffect,
    DecoratorRule,
    OverlayParameter,
    Overlays,
    PhraseRule,
)
from pybridge.model.types import ParameterKind
from pybridge.pipeline.api_text import module_lines
from pybridge.protocols import Silent
from pybridge.resolve.library import resolve_library

SOURCE = """
class dispatched:
    def __new__(cls, function): ...

@dispatched
def paths(graph, *, cutoff: int = 3): ...

@dispatched
def walks(graph, **options): ...

def order(G, root=None, other=1):
    '''Count.

    Parameters
    ----------
    G : a NetworkX graph
    root : networkx graph, optional
    other : NetworkX graph or list
    '''
    return helper(G)

class Config:
    def __init_subclass__(cls): ...

class Priorities(Config):
    names: list[str]
    strict: bool = True

class Function:
    def __new__(cls, *args, **options): ...

class factorial(Function):
    @classmethod
    def eval(cls, n): ...
"""
ADDED = (
    OverlayParameter(name="backend", kind=ParameterKind.KEYWORD_ONLY, type="str | None", default="None"),
    OverlayParameter(name="backend_options", kind=ParameterKind.VAR_KEYWORD),
)


def lines(tmp_path, overlays: Overlays) -> list[str]:
    tree = write_library(tmp_path, {"lib.py": SOURCE})
    facts = extract_file(tree.files[0], tree.files[0].location.read_bytes(), python_version=(3, 11))
    described = resolve_library(
        tree=tree,
        facts={facts.module: facts},
        stubs={},
        target=TARGET,
        cache_dir=None,
        progress=Silent(),
        overlays=overlays,
    )
    return [line.strip() for line in module_lines(described.descriptor.modules[0])]


@pytest.mark.parametrize(
    ("effect", "parameters", "expected"),
    [
        (DecoratorEffect.KEEPS, (), "def paths(graph, *, cutoff: int = 3)"),
        (
            DecoratorEffect.ADDS,
            ADDED,
            "def paths(graph, *, cutoff: int = 3, backend: str | None = None, **backend_options)",
        ),
        (DecoratorEffect.REMOVES, (OverlayParameter(name="graph"),), "def paths(*, cutoff: int = 3)"),
        (DecoratorEffect.REPLACES, ADDED, "def paths(*, backend: str | None = None, **backend_options)"),
    ],
)
def test_a_rule_changes_the_signature_below_its_decorator(tmp_path, effect, parameters, expected: str) -> None:
    rule = DecoratorRule(path=SymbolPath("lib:dispatched"), effect=effect, parameters=parameters)

    found = lines(tmp_path, Overlays(decorators=(rule,)))

    assert any(line.startswith(expected) for line in found), found


def test_parameters_that_are_taken_are_not_added_again(tmp_path) -> None:
    rule = DecoratorRule(path=SymbolPath("lib:dispatched"), effect=DecoratorEffect.ADDS, parameters=ADDED)

    found = lines(tmp_path, Overlays(decorators=(rule,)))

    assert any(line.startswith("def walks(graph, *, backend: str | None = None, **options)") for line in found), found


def test_subclasses_of_a_named_base_are_dataclasses(tmp_path) -> None:
    rule = ClassRule(path=SymbolPath("lib:Config"), fields_are_keyword_only=True)

    found = lines(tmp_path, Overlays(classes=(rule,)))

    assert "def __init__(*, names: list[str], strict: bool = True)" in found


def test_a_named_class_method_is_shown_as_the_constructor(tmp_path) -> None:
    rule = ConstructorRule(path=SymbolPath("lib:Function"), method="eval")
    tree = write_library(tmp_path, {"lib.py": SOURCE})
    facts = extract_file(tree.files[0], tree.files[0].location.read_bytes(), python_version=(3, 11))

    described = resolve_library(
        tree=tree,
        facts={facts.module: facts},
        stubs={},
        target=TARGET,
        cache_dir=None,
        progress=Silent(),
        overlays=Overlays(constructors=(rule,)),
    ).descriptor.modules[0]
    shown = {one.name: one.constructor.implementation for one in described.classes}

    assert [one.name for one in shown["factorial"].parameters] == ["n"]
    assert shown["Function"] is None


def test_phrases_of_the_documentation_are_types_in_their_library_only(tmp_path) -> None:
    rule = PhraseRule(phrases=("NetworkX graph",), type=SourceText("Config"))

    found = lines(tmp_path / "own", Overlays(phrases=((ModuleName("lib"), rule),)))
    elsewhere = lines(tmp_path / "other", Overlays(phrases=((ModuleName("far"), rule),)))

    assert "def order(G: lib.Config, root: lib.Config | None = None, other=1) -> ?" in found
    assert "def order(G, root=None, other=1) -> ?" in elsewhere
