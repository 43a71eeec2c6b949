"""Names and defaults of a constructor's parameters, read off the file of another package."""

from pathlib import Path

import pytest

from pybridge.model.types import AnyType, ParameterKind
from pybridge.resolve.types.answers import ParameterAnswer, SignatureAnswer
from pybridge.resolve.types.written import WrittenParameters

CLASS = "class C:\n    def __init__(self, first, /, key=1): ...\n"
OTHER = "class Other:\n    def __init__(self, wrong, /, key=2): ...\n"
ASKED = SignatureAnswer(
    parameters=(
        ParameterAnswer(name=None, kind=ParameterKind.POSITIONAL_ONLY, type=AnyType()),
        ParameterAnswer(name="key", kind=ParameterKind.POSITIONAL_OR_KEYWORD, type=AnyType(), is_required=False),
    ),
    returns=AnyType(),
)


@pytest.mark.parametrize(
    "text",
    [
        OTHER + CLASS + OTHER.replace("Other", "Another"),
        OTHER + "@decorated\n" + CLASS + "# a comment\n\nx = 1\n",
        "if here:\n" + "".join(f"    {line}\n" for line in CLASS.splitlines()) + OTHER,
        CLASS.replace("class C:", "class C(\n    A,\n    B,\n):") + OTHER,
        CLASS.replace("class C:", 'class C:\n    """Text\nat the margin."""') + OTHER,
        '"""\nclass C:\n    def __init__(self, wrong, /, key=3): ...\n"""\n' + CLASS,
        "# -*- coding: latin-1 -*-\n" + CLASS.replace(": ...", ": 'é'"),
    ],
    ids=["alone", "decorated", "conditional", "long header", "docstring", "quoted", "encoded"],
)
def test_parameters_are_those_of_the_class(text: str, tmp_path: Path) -> None:
    path = tmp_path / "far.py"
    path.write_bytes(text.encode("latin-1"))
    (found,) = WrittenParameters({"far": str(path)}).completed([ASKED], module="far", owner="C", method="__init__")

    assert [(one.name, one.default) for one in found.parameters] == [("first", None), ("key", "1")]


@pytest.mark.parametrize("text", [b"class C:\n    def __init__(self, first, /, key=1: ...", b"\xff\xfe", b""])
def test_file_that_does_not_parse_tells_nothing(text: bytes, tmp_path: Path) -> None:
    path = tmp_path / "far.py"
    path.write_bytes(text)
    (found,) = WrittenParameters({"far": str(path)}).completed([ASKED], module="far", owner="C", method="__init__")

    assert found == ASKED
