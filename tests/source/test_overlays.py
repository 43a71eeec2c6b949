from pathlib import Path

import pytest

from pybridge.errors import DecodeError
from pybridge.model.names import SourceText, SymbolPath
from pybridge.model.overlays import DecoratorEffect, DecoratorRule, OverlayParameter, Overlays, PhraseRule
from pybridge.model.types import ParameterKind
from pybridge.source import read_overlays, shipped_overlays


def write(folder: Path, text: str) -> Path:
    (folder / "lib").mkdir()
    (folder / "lib" / "decorators.toml").write_text(text)
    return folder


def test_every_shipped_overlay_is_read_and_names_each_decorator_once() -> None:
    paths = [one.path for one in shipped_overlays().decorators]

    assert paths
    assert len(set(paths)) == len(paths)
    assert all(path.count(":") == 1 for path in paths)


def test_an_overlay_says_what_a_decorator_adds(tmp_path: Path) -> None:
    text = """
[[decorator]]
path = "lib.tools:traced"
effect = "adds"
parameters = [{ name = "trace", kind = "keyword_only", type = "bool", default = "False" }]
"""
    rule = DecoratorRule(
        path=SymbolPath("lib.tools:traced"),
        effect=DecoratorEffect.ADDS,
        parameters=(OverlayParameter(name="trace", kind=ParameterKind.KEYWORD_ONLY, type="bool", default="False"),),
    )

    assert read_overlays(write(tmp_path, text)) == Overlays(decorators=(rule,))


@pytest.mark.parametrize(
    "text",
    [
        "[[decorator",
        '[[decorator]]\npath = "lib:x"\neffect = "doubles"',
        '[[decorator]]\npath = "lib:x"\neffect = "keeps"\nreason = "none"',
        '[[decorators]]\npath = "lib:x"\neffect = "keeps"',
    ],
)
def test_an_overlay_with_a_mistake_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(DecodeError, match=r"lib/decorators\.toml"):
        read_overlays(write(tmp_path, text))


def test_an_overlay_says_how_classes_get_their_constructors(tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "classes.toml").write_text(
        '[[dataclass_base]]\npath = "lib:Config"\nfields_are_keyword_only = true\n'
        '[[constructor_method]]\npath = "lib:Function"\nmethod = "eval"\n'
    )

    found = read_overlays(tmp_path)

    assert [(one.path, one.fields_are_keyword_only) for one in found.classes] == [("lib:Config", True)]
    assert [(one.path, one.method) for one in found.constructors] == [("lib:Function", "eval")]


def test_an_overlay_says_what_phrases_mean_in_its_library(tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "phrases.toml").write_text('[[phrase]]\nphrases = ["a graph"]\ntype = "Graph"\n')

    assert read_overlays(tmp_path).phrases == (("lib", PhraseRule(phrases=("a graph",), type=SourceText("Graph"))),)


def test_a_folder_without_overlays_says_nothing(tmp_path: Path) -> None:
    assert read_overlays(tmp_path) == Overlays()
