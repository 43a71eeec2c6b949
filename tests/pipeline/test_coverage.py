"""Every public type is counted once: as known with its evidence, or as unknown with its reason."""

import pytest

from described import describe
from pybridge.model.callables import Binding, Function, Signature
from pybridge.model.evidence import Confidence, Evidence, Tier, TypeClaim
from pybridge.model.library import LibraryDescriptor, Module, Target
from pybridge.model.types import AnyType, NoneType, Unknown, UnknownReason
from pybridge.pipeline.coverage import measure, percentage


@pytest.fixture
def measured(tmp_path):
    """Measures a library of one module."""
    return lambda text: measure(describe(tmp_path, {"lib.py": text}).descriptor)


def counts(figures):
    return figures.positions, figures.known


def test_parameters_and_returns_count_one_each(measured):
    coverage = measured("def f(a: int, b) -> str: ...\n")

    assert (counts(coverage.parameters), counts(coverage.returns)) == ((2, 1), (1, 1))
    assert coverage.all.unknown == {"unannotated": 1}


def test_any_is_not_known(measured):
    coverage = measured("from typing import Any\ndef f(a: Any, b: list[Any]) -> None: ...\n")

    assert counts(coverage.parameters) == (2, 1)
    assert coverage.all.unknown == {"any": 1}


def test_receivers_are_not_counted_and_constructors_are(measured):
    coverage = measured("class A:\n    def __init__(self, x: int, y): ...\n    def m(self) -> int: ...\n")

    assert (counts(coverage.parameters), counts(coverage.returns)) == ((2, 1), (1, 1))


def test_an_inherited_constructor_counts_where_it_is_written(measured):
    coverage = measured("class A:\n    def __init__(self, x: int): ...\nclass B(A):\n    pass\n")

    assert counts(coverage.parameters) == (1, 1)


def test_a_synthesised_constructor_is_counted_by_its_fields(measured):
    coverage = measured("import dataclasses\n@dataclasses.dataclass\nclass A:\n    x: int\n    y: str = ''\n")

    assert (counts(coverage.parameters), counts(coverage.attributes)) == ((0, 0), (2, 2))


def test_attributes_are_properties_fields_and_variables(measured):
    coverage = measured(
        "LIMIT: int = 3\nclass A:\n    tag: str\n    @property\n    def size(self): return unknown()\n"
        "    class B:\n        deep: bytes\n"
    )

    assert counts(coverage.attributes) == (4, 3)


def test_what_has_no_public_path_is_not_counted(measured):
    coverage = measured("class _Base:\n    def m(self, a): ...\ndef _f(a): ...\ndef g(a: int) -> int: ...\n")

    assert counts(coverage.all) == (2, 2)


def test_evidence_is_told_by_tier_best_first(measured):
    coverage = measured(
        'def f(a=1, b: int = 2):\n    """Do.\n\n    Returns:\n        str: text.\n    """\n    return g()\n'
    )

    assert coverage.all.tiers == {"annotation": 1, "docstring": 1, "default": 1}
    assert coverage.all.less_certain == 2


def test_figures_of_modules_add_up_to_those_of_the_library(tmp_path):
    described = describe(
        tmp_path,
        {"lib/__init__.py": "", "lib/a.py": "def f(x: int): return g()\n", "lib/b.py": "def g(y: int) -> int: ...\n"},
    )

    coverage = measure(described.descriptor)

    assert [(one.module, counts(one.figures)) for one in coverage.modules] == [("lib.a", (2, 1)), ("lib.b", (2, 2))]
    assert counts(coverage.all) == (4, 3)


def test_a_library_without_types_is_known_whole(measured):
    coverage = measured("")

    assert coverage.modules == ()
    assert percentage(coverage.all) == 100


@pytest.mark.parametrize("reason", UnknownReason)
def test_every_reason_is_counted_by_its_name(reason):
    unknown = TypeClaim(expr=Unknown(reason=reason), evidence=Evidence(tier=Tier.NONE, confidence=Confidence.LOW))

    coverage = measure(library(unknown))

    assert coverage.returns.unknown == {reason.value: 1}


@pytest.mark.parametrize("tier", Tier)
@pytest.mark.parametrize("expr", [NoneType(), AnyType()])
def test_known_and_unknown_add_up(tier, expr):
    coverage = measure(library(TypeClaim(expr=expr, evidence=Evidence(tier=tier, confidence=Confidence.HIGH))))

    figures = coverage.all
    assert figures.positions == figures.known + sum(figures.unknown.values()) == 1
    assert sum(figures.tiers.values()) == figures.known


def library(returns):
    function = Function(
        path="lib:f",
        name="f",
        binding=Binding.FUNCTION,
        signatures=(Signature(returns=returns),),
        public_paths=("lib.f",),
    )
    module = Module(name="lib", functions=(function,))
    target = Target(python_version="3.11", platform="linux")
    return LibraryDescriptor(name="lib", roots=("lib",), target=target, modules=(module,))
