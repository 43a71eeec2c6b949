"""A child that has read its files goes on with something else, once."""

import _thread
import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Generator
from pathlib import Path

import pytest

from pybridge.errors import EngineFailed
from pybridge.extract import Boot, Spare, extract_all, pool, process
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
    return Spare(Boot(GOING_ON))


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
        process.subprocess, "Popen", lambda *args, **more: started.append(honest(*args, **more)) or started[-1]
    )
    read(spare, "a = 1")
    is_alive = started[0].poll() is None
    spare.close()

    assert is_alive
    assert started[0].poll() is not None
    assert spare.go_on(tmp_path) is None


def test_child_that_read_much_is_not_kept(spare: Spare, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "SPARE_BYTES", 5)
    read(spare, "long = 'enough'")

    assert spare.go_on(tmp_path) is None


def test_nothing_to_read_leaves_no_child(spare: Spare, tmp_path: Path) -> None:
    assert (read(spare), spare.go_on(tmp_path)) == (0, None)


def test_of_several_children_one_is_kept(spare: Spare, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "FILES_PER_CHILD", 1)
    read(spare, *(f"x = {number}" for number in range(12)), jobs=3)
    child = sent_on(spare, tmp_path)

    assert child.wait(timeout=60) == 0
    spare.close()


# Begun before anybody knows what is to be read


def going_on() -> None:
    exec(GOING_ON.split("\n", 2)[2], {})


IS_ALONE = "PYBRIDGE_TEST_FORKS" in os.environ
"""Nothing is forked beside another thread, as other tests leave some: what forks is run in a process of its own."""
FORKED = [pytest.param(Boot(GOING_ON, going_on), id="forked")] if IS_ALONE else []
BOOTS = pytest.mark.parametrize("boot", [pytest.param(Boot(GOING_ON), id="started"), *FORKED])
forks = pytest.mark.skipif(not IS_ALONE, reason="run by test_forks_in_a_process_of_their_own")


@pytest.mark.skipif(IS_ALONE, reason="they are, in this one")
def test_forks_in_a_process_of_their_own() -> None:
    command = [sys.executable, "-m", "pytest", "-n", "0", "-vv", "-k", "fork", __file__]
    variables = {**os.environ, "PYBRIDGE_TEST_FORKS": "1"}
    done = subprocess.run(command, capture_output=True, check=False, text=True, timeout=240, env=variables)

    assert done.returncode == 0, done.stdout
    assert "[400-10-forked] PASSED" in done.stdout


def begin(spare: Spare, *, files: int, size_bytes: int = 10, jobs: int = 2) -> None:
    spare.begin(python_version=(3, 11), files=files, size_bytes=size_bytes, jobs=jobs)


def of_our_own() -> set[int]:
    """Processes that this one has started, and theirs, as long as they run.

    Other tests make this process adopt orphans: those that have ended stay here until somebody asks for them.
    """
    found, waiting = set(), [os.getpid()]
    while waiting:
        one = waiting.pop()
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            with contextlib.suppress(OSError):
                waiting += map(int, task.read_text().split())
        found.add(one)
    return {one for one in found if one != os.getpid() and runs(one)}


def runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in {"Z", "X"}


@BOOTS
@pytest.mark.parametrize(("count", "size_bytes"), [(3, 10), (400, 10), (3, 10 << 20)])
def test_what_was_begun_reads_and_goes_on(boot: Boot, count: int, size_bytes: int, tmp_path: Path) -> None:
    spare, before = Spare(boot), of_our_own()
    begin(spare, files=count, size_bytes=size_bytes)
    found = read(spare, *(f"x = {number}" for number in range(count)), jobs=2)
    child = sent_on(spare, tmp_path)

    assert (found, child.wait(timeout=60)) == (count, 0)
    assert int((tmp_path / "done").read_text()) not in before
    spare.close()
    assert of_our_own() <= before


@BOOTS
def test_what_was_begun_for_nothing_is_ended(boot: Boot) -> None:
    spare, before = Spare(boot), of_our_own()
    begin(spare, files=400)
    has_begun = of_our_own() != before
    spare.close()

    assert has_begun
    assert wait_for(before)


@BOOTS
def test_stopping_half_way_ends_all_readers(boot: Boot) -> None:
    spare, before = Spare(boot), of_our_own()
    begin(spare, files=400)
    files = [(source_file(f"m{number}"), b"a = 1") for number in range(400)]
    results = extract_all(files, python_version=(3, 11), jobs=2, spare=spare)
    next(results)
    assert isinstance(results, Generator)
    results.close()
    spare.close()

    assert wait_for(before)


@BOOTS
def test_a_reader_that_dies_costs_one_file(boot: Boot, tmp_path: Path) -> None:
    spare = Spare(boot)
    begin(spare, files=400)
    deep = b"x = " + b"(" * 200_000
    files = [(source_file(f"m{number}"), deep if number == 7 else b"a = 1") for number in range(200)]
    found = list(extract_all(files, python_version=(3, 11), jobs=2, spare=spare))
    child = sent_on(spare, tmp_path)

    assert [number for number, one in enumerate(found) if one.is_broken] == [7]
    assert child.wait(timeout=60) == 0
    spare.close()


def test_other_settings_than_were_begun_begin_anew(spare: Spare, tmp_path: Path) -> None:
    spare.begin(python_version=(3, 12), files=1, size_bytes=1, jobs=1)

    assert read(spare, "a = 1") == 1
    assert sent_on(spare, tmp_path).wait(timeout=60) == 0
    spare.close()


def test_a_child_that_cannot_begin_is_an_error_of_ours() -> None:
    spare = Spare(Boot("raise SystemExit('no mypy here')"))
    begin(spare, files=400)
    with pytest.raises(EngineFailed, match="no mypy here"):
        read(spare, *["a = 1"] * 5)
    spare.close()


@forks
def test_a_fork_has_nothing_of_ours_but_its_pipes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "x")
    held = os.open(tmp_path / "held", os.O_CREAT | os.O_RDWR)
    told = tmp_path / "told"

    def tell() -> None:
        ends = [place for place in list(Path("/proc/self/fd").iterdir()) if place.exists()]
        told.write_text(f"{sorted(os.environ)} {Path.cwd()} {len(ends)} {os.getsid(0) == os.getpid()}")

    status = status_of(Boot("", tell))

    assert status == 0
    assert told.read_text() == "[] / 3 True"
    os.close(held)


@forks
def test_a_fork_that_fails_says_so_by_its_status() -> None:
    def fail() -> None:
        raise ValueError

    assert status_of(Boot("", fail)) == 1


def test_a_process_with_threads_is_not_forked() -> None:
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    status = status_of(Boot("raise SystemExit(5)", lambda: None))
    done.set()
    thread.join()

    assert status == 5


def wait_for(before: set[int]) -> bool:
    """Tell whether all others end; those of a child that was killed end a moment after it."""
    deadline = time.monotonic() + 20
    while not of_our_own() <= before and time.monotonic() < deadline:
        os.sched_yield()
    return of_our_own() <= before


def status_of(boot: Boot) -> int:
    child = process.start(boot)
    status = child.wait(timeout=60)
    process.end(child)
    return status


def die() -> None:
    os._exit(1)


@forks
@pytest.mark.parametrize("count", [3, 400])
def test_a_fork_that_dies_before_it_is_ready_is_replaced_by_an_interpreter(count: int) -> None:
    spare, before = Spare(Boot(GOING_ON, die)), of_our_own()
    begin(spare, files=count)

    assert read(spare, *(f"x = {number}" for number in range(count)), jobs=2) == count
    spare.close()
    assert wait_for(before)


@forks
def test_beside_a_thread_that_python_does_not_count_nothing_is_forked() -> None:
    held, ended = _thread.allocate_lock(), threading.Event()
    held.acquire()

    def wait() -> None:
        held.acquire()
        ended.set()

    _thread.start_new_thread(wait, ())
    assert threading.active_count() == 1
    try:
        child = process.start(Boot("import sys; sys.exit(3)", die))
        assert child.wait(timeout=60) == 3
        process.end(child)
    finally:
        held.release()
        assert ended.wait(timeout=60)
