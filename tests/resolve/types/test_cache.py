"""What the engine keeps between runs: it changes no answer, and one library does not cost the next what both need."""

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest

from pybridge.model.names import ModuleName
from pybridge.resolve.types import OwnModule, TypeAnswers, TypeRequest, ask_engine
from pybridge.resolve.types.build import reading
from pybridge.resolve.types.request import ChildTask

Ask = Callable[..., TypeAnswers]
FOLLOWING = {"lib.py": "from typing_extensions import deprecated\n@deprecated('x')\ndef f() -> int: ...\n"}
FALLBACK = """
from pkg.other import Base
try:
    from absent import Found, found
except ImportError:
    class Found(Base):
        far: int = 1
        def go(self, x) -> str: ...
    def found(x: int) -> str: ...
class Own(Found): ...
"""
OTHER = "class Base:\n    def __init__(self, x: int): self.x = x\n"
PACKAGE = {"pkg/__init__.py": "", "pkg/fallback.py": FALLBACK, "pkg/other.py": OTHER, "pkg/apart.py": "x: int\n"}


def asked(folder: Path, cache: Path | None, files: Mapping[str, str], **more: object) -> TypeAnswers:
    modules = []
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text() != text:
            path.write_text(text)
        parts = [part for part in Path(name).with_suffix("").parts if part != "__init__"]
        modules.append(OwnModule(name=ModuleName(".".join(parts)), location=path))
    request = TypeRequest(
        modules=tuple(sorted(modules, key=lambda one: one.name)),
        python_version="3.11",
        platform="linux",
        cache_dir=cache,
        search_paths=(folder,),
    )
    return ask_engine(msgspec.structs.replace(request, **more))


def test_following_what_typeshed_has_leaves_the_kept_standard_library_valid(ask: Ask, tmp_path: Path) -> None:
    ask({"first.py": "import typing_extensions, collections\n"}, cache_dir=tmp_path)
    before = written(tmp_path)

    answers = ask(FOLLOWING, follow=("typing_extensions",), cache_dir=tmp_path)

    assert answers.diagnostics == ()
    assert {name: state for name, state in written(tmp_path).items() if name in before} == before


def test_what_stands_in_for_an_import_is_answered_for_from_the_cache(tmp_path: Path) -> None:
    cold = asked(tmp_path / "site", None, PACKAGE)
    first = asked(tmp_path / "site", tmp_path / "cache", PACKAGE)
    before = written(tmp_path / "cache")
    warm = asked(tmp_path / "site", tmp_path / "cache", PACKAGE)

    assert {"Found", "found", "Own"} <= cold.modules[ModuleName("pkg.fallback")].symbols.keys()
    assert msgspec.json.encode(cold) == msgspec.json.encode(first) == msgspec.json.encode(warm)
    assert written(tmp_path / "cache") == before


@pytest.mark.parametrize(
    "edit",
    [
        ("pkg/fallback.py", "far: int", "far: str"),
        ("pkg/fallback.py", "    class Found(Base):", "    Found = 1\n    class Other:"),
        ("pkg/fallback.py", "def found", "def founds"),
        ("pkg/fallback.py", "from absent import", "from pkg.apart import x as Found, x as found, x as"),
        ("pkg/other.py", "x: int", "x: str, y: int"),
        ("pkg/apart.py", "int", "str"),
    ],
)
def test_edits_of_what_stands_in_and_around_it_are_seen(tmp_path: Path, edit: tuple[str, str, str]) -> None:
    file, before, after = edit
    edited = {**PACKAGE, file: PACKAGE[file].replace(before, after)}
    answers = [asked(tmp_path / "site", tmp_path / "cache", one) for one in (PACKAGE, edited, edited, PACKAGE)]
    cold = [asked(tmp_path / "other", None, one) for one in (PACKAGE, edited)]

    assert [one.modules for one in answers] == [cold[0].modules, cold[1].modules, cold[1].modules, cold[0].modules]


def test_a_library_that_was_read_for_another_one_keeps_its_stand_ins(tmp_path: Path) -> None:
    cold = asked(tmp_path / "site", None, PACKAGE)
    user = {"user.py": "from pkg.fallback import Own\nclass User(Own): ...\n"}
    asked(tmp_path / "site", tmp_path / "cache", user, follow=("pkg",))

    assert asked(tmp_path / "site", tmp_path / "cache", PACKAGE) == cold


def test_a_run_that_ends_early_leaves_the_cache_as_it_was(tmp_path: Path) -> None:
    asked(tmp_path / "site", tmp_path / "cache", PACKAGE)
    before = written(tmp_path / "cache")
    module = OwnModule(name=ModuleName("lib"), location=tmp_path / "site" / "lib.py")
    module.location.write_text("x: int\n")
    request = TypeRequest(
        modules=(module,),
        python_version="3.11",
        platform="linux",
        cache_dir=tmp_path / "cache",
        search_paths=(tmp_path / "site",),
    )
    context = reading(ChildTask(request=request), on_module=lambda: None)
    with suppress(KeyError), context as library:
        has_read = "lib" in library.modules
        raise KeyError

    assert has_read
    assert written(tmp_path / "cache") == before


def test_a_new_environment_begins_with_what_is_kept_of_the_standard_library(tmp_path: Path) -> None:
    asked(tmp_path / "one", tmp_path / "cache", PACKAGE)
    before = {name: state for name, state in written(tmp_path / "cache").items() if name.startswith("builtins.")}
    answers = asked(tmp_path / "two", tmp_path / "cache", PACKAGE)

    folders = databases(tmp_path / "cache")
    assert len(before) == 3
    assert len(folders) == 3
    assert all(
        {name: state for name, state in rows(path).items() if name.startswith("builtins.")} == before
        for path in folders
    )
    assert answers == asked(tmp_path / "two", None, PACKAGE)


def test_what_is_shared_grows_and_holds_nothing_of_a_library(tmp_path: Path) -> None:
    asked(tmp_path / "one", tmp_path / "cache", PACKAGE)
    asked(tmp_path / "two", tmp_path / "cache", {"lib.py": "import wave\n"})
    (shared,) = (tmp_path / "cache").rglob("stdlib-*.db")

    assert "wave.meta.ff" in rows(shared)
    assert not any(name.startswith(("pkg", "lib.", "@")) for name in rows(shared))


def test_a_library_that_is_taken_for_the_standard_library_is_not_shared(tmp_path: Path) -> None:
    asked(tmp_path / "site", tmp_path / "cache", {"wave.py": "def open(f: int) -> int: ...\n"})

    assert list((tmp_path / "cache").rglob("stdlib-*.db")) == []


def test_damage_to_what_is_shared_costs_nothing_but_time(tmp_path: Path) -> None:
    whole = asked(tmp_path / "one", tmp_path / "cache", PACKAGE)
    (shared,) = (tmp_path / "cache").rglob("stdlib-*.db")
    shared.write_bytes(b"this is no database" * 1000)

    assert asked(tmp_path / "two", tmp_path / "cache", PACKAGE).modules == whole.modules
    assert asked(tmp_path / "three", tmp_path / "cache", PACKAGE).modules == whole.modules
    assert "builtins.meta.ff" in rows(shared)


def databases(cache: Path) -> list[Path]:
    return sorted(cache.rglob("*.db"))


def written(cache: Path) -> dict[str, float]:
    """When each part of mypy's cache was written."""
    return {name: state for path in databases(cache) for name, state in rows(path).items()}


def rows(path: Path) -> dict[str, float]:
    with sqlite3.connect(path) as database:
        found = database.execute("SELECT path, mtime FROM files2 WHERE path NOT LIKE '@plugins%'").fetchall()
    return dict(found)
