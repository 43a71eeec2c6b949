"""Compiled functions whose stub takes anything, and whose documentation starts with what they take."""

from pathlib import Path

import pytest
from tests.described import describe, module_api

from pybridge.model.callables import Signature
from pybridge.model.evidence import Confidence, Tier


def _stub(documentation: str, parameters: str = "*args, **kwargs", returns: str = "") -> str:
    return f"class Image: ...\ndef f({parameters}){returns}:\n    '''{documentation}'''\n"


def _signatures(folder: Path, stub: str) -> tuple[Signature, ...]:
    found = describe(folder, {"lib/__init__.py": "", "lib/core.pyi": stub}).descriptor
    module = next(one for one in found.modules if one.name == "lib.core")
    return next(one for one in module.functions if one.name == "f").signatures


def _api(folder: Path, stub: str) -> str:
    found = describe(folder, {"lib/__init__.py": "", "lib/core.pyi": stub}).descriptor
    return "".join(line for line in module_api(found, "lib.core").splitlines(keepends=True) if "f(" in line)


@pytest.mark.parametrize(
    ("documentation", "told"),
    [
        ("f(image: Image, size: int = 3) -> bool\n\n    Does.", "def f(image: lib.core.Image, size: int = 3) -> bool"),
        ("f($module, a, b=None, /, *, c)\n--\n\nDoes.", "def f(a, b=None, /, *, c) -> ?"),
        ("f(*args, **kwargs)\n\nDoes.", "def f(*args, **kwargs) -> ?"),
        ("g(a, b)\n\nDoes.", "def f(*args, **kwargs) -> ?"),
        ("f(a[, b])\n\nDoes.", "def f(*args, **kwargs) -> ?"),
        ("Does f(a, b).", "def f(*args, **kwargs) -> ?"),
    ],
)
def test_the_first_line_of_the_documentation_is_the_signature(tmp_path: Path, documentation: str, told: str) -> None:
    assert _api(tmp_path, _stub(documentation)).startswith(told)


def test_a_signature_of_the_stubs_own_is_believed_and_the_documentation_is_not(tmp_path: Path) -> None:
    assert _api(tmp_path, _stub("f(a, b)", "x: int")).startswith("def f(x: int)")
    assert _api(tmp_path, _stub("f(a) -> str", returns=" -> int")).startswith("def f(a) -> int")
    assert _api(tmp_path, _stub("f(a) -> str", returns=" -> typing.Any")).startswith("def f(a) -> str")


def test_its_types_are_as_sure_as_documentation_is(tmp_path: Path) -> None:
    (signature,) = _signatures(tmp_path, _stub("f(image: Image) -> bool"))

    evidence = signature.parameters[0].type.evidence
    assert (evidence.tier, evidence.confidence) == (Tier.DOCSTRING, Confidence.MEDIUM)
    assert evidence.reason == "the first line of its documentation"


def test_numbered_overloads_are_overloads(tmp_path: Path) -> None:
    documentation = (
        "f(*args, **kwargs)\nOverloaded function.\n\n1. f(a: int) -> int\n\nOne.\n\n2. f(a: str, b: float) -> str\n"
    )

    signatures = _signatures(tmp_path, _stub(documentation))

    assert [[one.name for one in each.parameters] for each in signatures] == [["a"], ["a", "b"]]


@pytest.mark.parametrize("receiver", ["self: Image, ", "self, ", "$self, ", ""])
def test_a_method_takes_its_object_apart(tmp_path: Path, receiver: str) -> None:
    stub = f"class Image:\n    def f(self, *args, **kwargs):\n        '''f({receiver}size: int) -> None'''\n"

    found = describe(tmp_path, {"lib/__init__.py": "", "lib/core.pyi": stub}).descriptor

    assert "    def f(size: int) -> None" in module_api(found, "lib.core")


def test_a_python_function_is_what_it_says(tmp_path: Path) -> None:
    source = "def f(*args, **kwargs):\n    '''f(a, b)'''\n"

    found = describe(tmp_path, {"lib/__init__.py": source}).descriptor

    assert module_api(found, "lib").startswith("def f(*args")
