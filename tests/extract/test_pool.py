"""Child processes of the reader: what one file does to its parser is no other file's business."""

import subprocess
from collections.abc import Generator
from typing import Any

import pytest

from pybridge.errors import EngineFailed
from pybridge.extract import Boot, extract_all, extract_file, pool
from pybridge.model.facts import ModuleFacts
from pybridge.model.source import SourceFile
from readings import source_file

pytestmark = pytest.mark.e2e

FAULTY_BOOT = Boot("""
import sys; sys.path[:] = sys.argv[1:]
import os, threading
from pybridge.extract import child
honest = child.extract_file
def faulty(file, data, **options):
    if b"CRASH" in data or (b"NATIVE" in data and options["parser"].value == "native"):
        os.abort()
    if b"HANG" in data:
        threading.Event().wait()
    return honest(file, data, **options)
child.extract_file = faulty
child.main()
""")


def inputs(*sources: str) -> list[tuple[SourceFile, bytes]]:
    return [(source_file(f"m{number}"), source.encode()) for number, source in enumerate(sources)]


def codes(found: list[ModuleFacts]) -> list[str | None]:
    return [one.diagnostics[0].code if one.diagnostics else None for one in found]


def test_results_come_in_order_and_equal_those_of_this_process() -> None:
    files = inputs(*(f"x{number} = {number}\n" * (1 + 50 * (number % 7)) for number in range(100)))
    expected = [extract_file(file, data, python_version=(3, 11)) for file, data in files]

    assert list(extract_all(files, python_version=(3, 11), jobs=2)) == expected


def test_a_crash_costs_one_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_BOOT", FAULTY_BOOT)
    found = list(extract_all(inputs("a = 1", "CRASH", "b = 2", "CRASH", "c = 3"), python_version=(3, 11)))

    assert codes(found) == [None, "parser-crashed", None, "parser-crashed", None]
    assert [one.is_broken for one in found] == [False, True, False, True, False]
    assert [one.path for one in found] == ["m0.py", "m1.py", "m2.py", "m3.py", "m4.py"]


def test_a_file_that_crashes_the_native_parser_is_read_with_ast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_BOOT", FAULTY_BOOT)
    (found,) = extract_all(inputs("NATIVE = 1"), python_version=(3, 11))

    assert not found.is_broken
    assert len(found.body) == 1
    assert [one.code for one in found.diagnostics] == ["parser-replaced"]
    assert not found.is_for_engine


def test_a_hang_costs_one_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_BOOT", FAULTY_BOOT)
    found = list(extract_all(inputs("HANG", "a = 1"), python_version=(3, 11), timeout_seconds=5))

    assert codes(found) == ["parser-timeout", None]


def test_after_many_crashes_the_rest_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_BOOT", FAULTY_BOOT)
    monkeypatch.setattr(pool, "_MAX_CRASHES", 3)
    found = list(extract_all(inputs("a = 1", *["CRASH"] * 5, "b = 1"), python_version=(3, 11)))

    assert codes(found) == [None, *["parser-crashed"] * 6]


def test_too_much_memory_costs_one_file() -> None:
    files = inputs("a = 1", f"x = [{'1, ' * 5_000_000}]", "b = 2")
    found = list(extract_all(files, python_version=(3, 11), memory_bytes=700 << 20))

    assert [one.is_broken for one in found] == [False, True, False]


def test_a_child_that_cannot_start_is_an_error_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_BOOT", Boot("raise SystemExit('no mypy here')"))
    with pytest.raises(EngineFailed, match="no mypy here"):
        list(extract_all(inputs("a = 1"), python_version=(3, 11)))


def test_closing_half_way_leaves_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []

    class Recorded(subprocess.Popen[bytes]):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            started.append(self)

    monkeypatch.setattr(subprocess, "Popen", Recorded)
    results = extract_all(inputs(*["a = 1"] * 200), python_version=(3, 11), jobs=2)
    next(results)
    assert isinstance(results, Generator)
    results.close()

    assert started
    assert all(one.returncode is not None for one in started)


def test_nothing_to_read_starts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_BOOT", Boot("raise SystemExit(1)"))

    assert list(extract_all([], python_version=(3, 11))) == []


def test_progress_advances_once_a_file() -> None:
    class Count:
        steps = 0

        def stage(self, title: str, total: int | None = None) -> None: ...

        def advance(self, steps: int = 1) -> None:
            self.steps += steps

    count = Count()
    list(extract_all(inputs("a = 1", "b ="), python_version=(3, 11), progress=count))

    assert count.steps == 2
