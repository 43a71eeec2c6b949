"""The parent's side: how it deals with a child that breaks down, and what it remembers of a run."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from pybridge.model.names import ModuleName
from pybridge.resolve.types import OwnModule, TypeAnswers, TypeRequest, ask_engine, engine
from pybridge.resolve.types.request import ChildFault, ChildTask, decode_task, encode_task
from type_spelling import spell_answer

NAMES = tuple(ModuleName(f"lib.m{number:02}") for number in range(20))
REQUEST = TypeRequest(
    modules=tuple(OwnModule(name=name, location=Path(f"/lib/{name}.py")) for name in NAMES),
    python_version="3.11",
    platform="linux",
    time_limit_seconds=60,
)
EMPTY = TypeAnswers(engine="mypy", modules={}, externals={})


class Engine:
    """A child that breaks down whenever one of these modules is read."""

    def __init__(self, bad: set[ModuleName], *, names_culprit: bool, hates_cache: bool = False) -> None:
        self.bad, self.names_culprit, self.hates_cache = bad, names_culprit, hates_cache
        self.tasks: list[ChildTask] = []

    def run(
        self, task: ChildTask, *, seconds: float, on_progress: Callable[[int], None], go_on: engine.Start | None
    ) -> TypeAnswers | ChildFault:
        assert seconds > 0
        self.tasks.append(task)
        on_progress(3)
        if self.hates_cache and task.uses_cache:
            return ChildFault(module=None, reason="database is malformed")
        read = sorted(self.bad - set(task.dropped))
        if read:
            return ChildFault(module=read[0] if self.names_culprit else None, reason="boom")
        return EMPTY


def use(child: Engine, monkeypatch: pytest.MonkeyPatch) -> Engine:
    monkeypatch.setattr(engine, "run_child", child.run)
    return child


class Watcher:
    def __init__(self) -> None:
        self.total: int | None = None
        self.steps = 0

    def stage(self, title: str, total: int | None = None) -> None:
        self.total = total

    def advance(self, steps: int = 1) -> None:
        assert steps > 0
        self.steps += steps


@pytest.mark.parametrize("names_culprit", [True, False])
def test_modules_that_break_the_engine_are_dropped_one_by_one(
    names_culprit: bool,  # noqa: FBT001  a parameter of the test
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    child = use(Engine({NAMES[2], NAMES[11]}, names_culprit=names_culprit), monkeypatch)

    answers = ask_engine(REQUEST)

    assert sorted(found.path or "" for found in answers.diagnostics) == ["lib/lib.m02.py", "lib/lib.m11.py"]
    assert set(child.tasks[-1].dropped) == {NAMES[2], NAMES[11]}


def test_engine_that_always_breaks_gives_one_diagnostic(monkeypatch: pytest.MonkeyPatch) -> None:
    child = use(Engine(set(NAMES), names_culprit=True), monkeypatch)

    answers = ask_engine(REQUEST)

    assert [found.code for found in answers.diagnostics] == ["engine-failed"]
    assert dict(answers.modules) == {}
    assert len(child.tasks) < 50


def test_broken_cache_is_cleared_before_any_module_is_blamed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    child = use(Engine(set(), names_culprit=False, hates_cache=True), monkeypatch)

    answers = ask_engine(msgspec.structs.replace(REQUEST, cache_dir=tmp_path))

    assert answers.diagnostics == ()
    assert [task.uses_cache for task in child.tasks] == [True, False]


def test_watcher_hears_of_every_module_once(monkeypatch: pytest.MonkeyPatch) -> None:
    use(Engine({NAMES[5]}, names_culprit=True), monkeypatch)
    watcher = Watcher()

    ask_engine(REQUEST, progress=watcher)

    assert (watcher.total, watcher.steps) == (len(NAMES), len(NAMES))


def test_task_survives_the_way_to_the_child() -> None:
    odd = OwnModule(name=ModuleName("a"), location=Path(os.fsdecode(b"/x/\xff.py")))
    task = ChildTask(request=msgspec.structs.replace(REQUEST, modules=(odd,), cache_dir=Path("/c")), dropped=NAMES)

    assert task == decode_task(encode_task(task))


def test_warm_answers_are_the_same_bytes_as_cold_ones(tmp_path: Path) -> None:
    library = {
        "pkg/__init__.py": "from .a import A as A\nfrom .b import *\n",
        "pkg/a.py": "import enum, dataclasses, typing as t\nfrom . import b\n"
        "@dataclasses.dataclass\nclass A(t.Generic[t.TypeVar('T')]):\n    x: 'b.B'\n    y: int = 0\n"
        "class E(enum.Enum):\n    P = 1\nclass N(t.NamedTuple):\n    z: int\n    a: str\n"
        "class D(t.TypedDict):\n    z: int\n    a: str\n",
        "pkg/b.py": "import functools\nfrom absent import X\nfrom . import a\n"
        "class B(X):\n    def __init__(self): self.k = a.E.P\n    @functools.lru_cache\n    def f(self, x: int) -> X: ...\n"
        "def plain(x, *, y=1): return x\n",
    }

    def run(cache_dir: Path | None) -> TypeAnswers:
        return ask_engine(msgspec.structs.replace(request, cache_dir=cache_dir))

    request = TypeRequest(modules=written(tmp_path, library), python_version="3.11", platform="linux")
    cold, first, warm = run(None), run(tmp_path / "cache"), run(tmp_path / "cache")

    assert msgspec.json.encode(cold) == msgspec.json.encode(first) == msgspec.json.encode(warm)
    assert cold.diagnostics == ()
    assert any((tmp_path / "cache").rglob("*.db"))


def test_damaged_cache_costs_nothing_but_time(tmp_path: Path) -> None:
    request = TypeRequest(
        modules=written(tmp_path, {"lib.py": "x: int\n"}),
        python_version="3.11",
        platform="linux",
        cache_dir=tmp_path / "cache",
    )
    whole = ask_engine(request)
    for path in (tmp_path / "cache").rglob("*"):
        if path.is_file() and path.suffix != ".lock":
            path.write_bytes(b"this is no database" * 100)

    damaged = ask_engine(request)
    again = ask_engine(request)

    assert whole == damaged == again


def test_cache_folder_that_cannot_be_made_is_done_without(tmp_path: Path) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("")
    request = TypeRequest(
        modules=written(tmp_path, {"lib.py": "x: int\n"}),
        python_version="3.11",
        platform="linux",
        cache_dir=blocker / "cache",
    )

    answers = ask_engine(request)

    assert spell_answer(answers.modules[ModuleName("lib")].symbols["x"]) == ["int", "is_declared"]


def test_edit_that_keeps_size_and_second_is_seen_through_the_cache(tmp_path: Path) -> None:
    def answer_to(text: str) -> list[str]:
        request = TypeRequest(
            modules=written(tmp_path, {"lib.py": text}),
            python_version="3.11",
            platform="linux",
            cache_dir=tmp_path / "cache",
        )
        os.utime(tmp_path / "lib.py", (1_700_000_000, 1_700_000_000))
        return spell_answer(ask_engine(request).modules[ModuleName("lib")].symbols["x"])

    assert [answer_to("x: int\n"), answer_to("x: str\n")] == [["int", "is_declared"], ["str", "is_declared"]]


def test_parent_never_imports_mypy() -> None:
    code = "import sys, pybridge.resolve.types; sys.exit(any(name.split('.')[0] == 'mypy' for name in sys.modules))"

    done = subprocess.run([sys.executable, "-c", code], check=False)

    assert done.returncode == 0


def written(folder: Path, files: dict[str, str]) -> tuple[OwnModule, ...]:
    modules = []
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        parts = [part for part in Path(name).with_suffix("").parts if part != "__init__"]
        modules.append(OwnModule(name=ModuleName(".".join(parts)), location=path))
    return tuple(sorted(modules, key=lambda one: one.name))
