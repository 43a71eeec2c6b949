"""Names of other packages: where they are defined and what they are."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pybridge.model.names import SymbolPath
from pybridge.resolve.types import ExternalAnswer, TypeAnswers
from type_spelling import spell, spell_parameter, spell_signature

ASKED = (
    "typing:Mapping",
    "os:PathLike",
    "os.path:join",
    "os.path:",
    "collections.abc:Iterable",
    "_typeshed:StrPath",
    "typing:AnyStr",
    "pathlib:Path",
    "datetime:datetime",
    "json.encoder:JSONEncoder.encode",
    "nowhere:Thing",
    "typing:Nothing",
    "far:Base",
    "far:exported",
    "unread:Thing",
    "not a name:x",
    "",
)


@pytest.fixture(scope="module")
def found(ask: Callable[..., TypeAnswers], tmp_path_factory: pytest.TempPathFactory) -> dict[str, ExternalAnswer]:
    site: Path = tmp_path_factory.mktemp("site")
    (site / "far.py").write_text(
        "from inner import exported\nclass Base:\n    def __init__(self, n: int) -> None: ...\n"
    )
    (site / "inner").mkdir()
    (site / "inner" / "__init__.pyi").write_text("def exported() -> int: ...\n")
    (site / "unread.py").write_text("class Thing: ...\n")
    answers = ask({"lib.py": "import far\n"}, search_paths=(site,), externals=ASKED, follow=("far",), cache_dir=None)
    return {str(path): answer for path, answer in answers.externals.items()}


def test_every_question_has_an_answer(found: dict[str, ExternalAnswer]) -> None:
    assert set(ASKED) == set(found)


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ("typing:Mapping", "typing:Mapping"),
        ("os.path:join", "posixpath:join"),
        ("os.path:", "os.path:"),
        ("collections.abc:Iterable", "typing:Iterable"),
        ("json.encoder:JSONEncoder.encode", "json.encoder:JSONEncoder.encode"),
        ("far:Base", "far:Base"),
        ("far:exported", "inner:exported"),
        ("nowhere:Thing", None),
        ("typing:Nothing", None),
        ("unread:Thing", None),
        ("not a name:x", None),
        ("", None),
    ],
)
def test_external_name_leads_to_its_definition(asked: str, path: str | None, found: dict[str, ExternalAnswer]) -> None:
    assert found[asked].path == path


def test_external_class_has_its_shape_without_members(found: dict[str, ExternalAnswer]) -> None:
    answer = found["datetime:datetime"].class_answer

    assert answer is not None
    assert answer.mro == (SymbolPath("datetime:datetime"), SymbolPath("datetime:date"))
    assert answer.constructor_method == "__new__"
    assert dict(answer.members) == {}


def test_external_class_of_a_followed_package_has_its_constructor(found: dict[str, ExternalAnswer]) -> None:
    answer = found["far:Base"].class_answer

    assert answer is not None
    assert [spell_signature(one) for one in answer.constructor] == ["(n: int) -> far:Base"]


def test_external_alias_is_expanded(found: dict[str, ExternalAnswer]) -> None:
    answer = found["_typeshed:StrPath"]

    assert answer.is_alias
    assert answer.target is not None
    assert spell(answer.target) == "os:PathLike[str] | str"


def test_external_type_variable_is_declared(found: dict[str, ExternalAnswer]) -> None:
    variable = found["typing:AnyStr"].type_variable

    assert variable is not None
    assert spell_parameter(variable) == "AnyStr in str bytes"
