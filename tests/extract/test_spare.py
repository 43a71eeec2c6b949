"""A child that has read its files goes on with something else, once."""

import subprocess
from pathlib import Path

import pytest

from pybridge.extract import Spare, extract_all, pool
from pybridge.protocols import ChildProcess
from readings import source_file

pytestmark = pytest.mark.e2e

GOING_ON = """
import sys; sys.path[:] = sys.argv[1:]
import os, pathlib
from pybridge.extract.child import serve
folder = serve()
if folder is not None:
    pathlib.Path(folder, "done").write_text(str(os.getpid()))
"""


@pytest.fixture
def spare() -> Spare:
    return Spare(GOING_ON)


def read(spare: Spare, *sources: str, jobs: int = 1) -> int:
    files = [(source_file(f"m{number}"), source.encode()) for number, source in enumerate(sources)]
    return len(list(extract_all(files, python_version=(3, 11), jobs=jobs, spare=spare)))


def sent_on(spare: Spare, folder: Path) -> ChildProcess:
    child = spare.go_on(folder)
    assert child is not None
    return child


def test_child_that_read_everything_goes_on(spare: Spare, tmp_path: Path) -> None:
    count = read(spare, "a = 1", "b = 2")
    child = sent_on(spare, tmp_path)

    assert (count, child.wait(timeout=60)) == (2, 0)
    assert (tmp_path / "done").read_text().isdigit()
    spare.close()


def test_it_goes_on_once(spare: Spare, tmp_path: Path) -> None:
    read(spare, "a = 1")
    child = sent_on(spare, tmp_path)

    assert spare.go_on(tmp_path) is None
    child.wait(timeout=60)
    spare.close()


def test_closing_ends_a_child_that_is_not_wanted(spare: Spare, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []
    honest = subprocess.Popen
    monkeypatch.setattr(
        pool.subprocess, "Popen", lambda *args, **more: started.append(honest(*args, **more)) or started[-1]
    )
    read(spare, "a = 1")
    is_alive = started[0].poll() is None
    spare.close()

    assert is_alive
    assert started[0].poll() is not None
    assert spare.go_on(tmp_path) is None


def test_child_that_read_much_is_not_kept(spare: Spare, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_SPARE_BYTES", 5)
    read(spare, "long = 'enough'")

    assert spare.go_on(tmp_path) is None


def test_nothing_to_read_leaves_no_child(spare: Spare, tmp_path: Path) -> None:
    assert (read(spare), spare.go_on(tmp_path)) == (0, None)


def test_of_several_children_one_is_kept(spare: Spare, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_FILES_PER_CHILD", 1)
    read(spare, *(f"x = {number}" for number in range(12)), jobs=3)
    child = sent_on(spare, tmp_path)

    assert child.wait(timeout=60) == 0
    spare.close()
