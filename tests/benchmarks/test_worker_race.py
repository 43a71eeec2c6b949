"""The race's own arithmetic, processes and tables; nothing is timed here."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

RACE = Path(__file__).parent.parent.parent / "benchmarks" / "worker"
ECHO = """
import json, sys
print("READY", *sys.argv[1:], flush=True)
for line in sys.stdin:
    told = {"calls": 2, "operations": 4, "wall": 1.0, "cpu": 0.5, "p50": 0.25, "p99": 0.75, "peak_bytes": 1048576}
    print(json.dumps(told), flush=True)
"""


@pytest.fixture(autouse=True)
def _race_can_be_imported(monkeypatch):
    monkeypatch.syspath_prepend(str(RACE))


def piece(p50=1.0, calls=10, operations=10, wall=1.0):
    from race.processes import Slice

    return Slice(
        calls=calls, operations=operations, wall=wall, cpu=2.0, server_cpu=3.0, p50=p50, p99=9.0, peak_bytes=2**20
    )


def goal(title):
    from race.goals import GOALS

    (found,) = [one for one in GOALS if one.title.startswith(title)]
    return found


def session(slices):
    from race.table import Session

    return Session(machine="a machine", options="all on", rounds=1, load=(0.0, 1.0), slices=slices)


def test_every_peer_is_pinned_to_one_version():
    from race.contenders import CONTENDERS, requirements

    environments = {one.environment for one in CONTENDERS} - {None}
    pins = [pin for name in environments for pin in requirements(name)]

    assert [pin for pin in pins if not re.fullmatch(r"[\w\[\]-]+==[\d.]+", pin)] == []


def test_the_unit_always_runs_and_the_dear_peer_only_when_asked_for():
    from race.contenders import MESSAGES, UNIT, chosen

    assert "ray" not in {one.name for one in chosen([])}
    assert [one.name for one in chosen(["ray"])] == [UNIT, MESSAGES, "ray"]


def test_a_ratio_is_taken_within_a_round():
    from race.goals import ratio

    found = ratio(
        goal("one call, p50 / bare"),
        {
            "worker": {"echo": [piece(1.0), piece(9.0), piece(4.0)]},
            "bare-messages": {"echo": [piece(1.0), piece(3.0), piece(2.0)]},
        },
    )

    assert (found.median, found.best) == (2.0, 1.0)


def test_where_more_is_better_the_best_round_is_the_highest():
    from race.goals import ratio, reached

    eight = goal("8 clients")
    found = ratio(
        eight,
        {
            "worker": {"eight": [piece(operations=80), piece(operations=90)]},
            "bare-messages": {"eight": [piece(operations=100)] * 2},
        },
    )

    assert (found.median, found.best) == (pytest.approx(0.85), 0.9)
    assert reached(eight, found)


def test_a_batch_is_judged_by_the_cost_of_one_operation():
    from race.goals import ratio, reached

    batch = goal("an operation of a batch")
    cheap = {"worker": {"echo": [piece(1.0)], "batch": [piece(2.0, calls=3, operations=300)]}}
    dear = {"worker": {"echo": [piece(1.0)], "batch": [piece(2.1, calls=3, operations=300)]}}

    assert ratio(batch, cheap).median == pytest.approx(0.02)
    assert [reached(batch, ratio(batch, one)) for one in (cheap, dear)] == [True, False]


def test_a_side_that_was_not_measured_has_no_ratio():
    from race.goals import ratio

    assert ratio(goal("one call, p50 / RPyC"), {"worker": {"echo": [piece()]}}) is None


def test_the_table_tells_each_contender_that_ran():
    from race.table import lines

    text = "\n".join(lines(session({"bare-messages": {"echo": [piece(0.0003)]}, "worker": {"echo": [piece(0.0006)]}})))

    assert "| one call, p50 / bare gRPC | 1.25 or less | **2.00** | 2.00 | no |" in text
    assert "| bare grpc.aio, the worker's messages | 300 | 300 |" in text
    assert "RPyC" not in text


def test_a_table_replaces_the_one_before_it(tmp_path):
    from race.table import BEGIN, END, update

    page = tmp_path / "page.md"
    page.write_text(f"# Words\n\n{BEGIN}\nold\n{END}\n\nMore.\n", encoding="utf-8")
    update(page, session({"bare": {"echo": [piece()]}}))
    text = page.read_text(encoding="utf-8")

    assert text.startswith("# Words\n")
    assert text.endswith("\n\nMore.\n")
    assert "old" not in text


def test_the_cpu_of_children_counts_for_their_parent():
    from race.processes import cpu_seconds

    busy = "import time\nwhile time.process_time() < 0.1: pass\nprint(flush=True)\ninput()"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {busy!r}])"
    with subprocess.Popen(
        [sys.executable, "-c", parent], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        process.stdout.readline()
        found = cpu_seconds(process.pid)
        process.communicate("\n")

    assert found >= 0.1


def test_a_client_is_given_the_address_that_the_server_told(tmp_path):
    from race.processes import running

    script = [sys.executable, "-c", ECHO]
    with running([*script, "unix:/somewhere"], script, tmp_path / "log") as driver:
        found = driver.run("echo", 1.0)

    assert (found.calls, found.operations, found.p50) == (2, 4, 0.25)
    assert found.server_cpu >= 0


def test_a_server_that_ends_at_once_is_told(tmp_path):
    from race.processes import NotReady, running

    with (
        pytest.raises(NotReady, match="ended with 3"),
        running([sys.executable, "-c", "raise SystemExit(3)"], [], tmp_path / "log"),
    ):
        pass


def test_the_bundle_of_the_race_is_one_that_the_worker_reads(tmp_path):
    from race.bundle import write_bundle

    from pybridge_worker.bundle import load

    write_bundle(tmp_path / "bundle.json")
    (library,) = load(tmp_path / "bundle.json").libraries

    assert set(library.paths) == {f"race_library.{name}" for name in ("BLOCK", "echo", "same", "items", "block")}
