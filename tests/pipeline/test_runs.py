"""What a second run does: nothing while nothing has changed, and everything that is needed when something has."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from pybridge.errors import EngineFailed
from pybridge.extract import child, process
from pybridge.model.diagnostic import Diagnostic, Severity
from pybridge.pipeline import analyze
from pybridge.pipeline.analyze import obtain
from pybridge.pipeline.incremental import reading, whole
from pybridge.pipeline.request import AnalyzeRequest, Places
from pybridge.protocols import Silent
from pybridge.resolve.types import engine
from pybridge.store.snapshots import SnapshotStore
from site_folders import SHELF, install

FIRST = (False, True)
SAME_DESCRIPTOR = (False, False)
UNCHANGED = (True, False)


def ended(analysis):
    return analysis.is_unchanged, analysis.is_new_snapshot


def commits(places):
    return len(SnapshotStore.open(places.store).history("shelf"))


@pytest.fixture
def broken_interpreter(monkeypatch):
    """No child process of ours can do anything from now on."""

    def breaks():
        monkeypatch.setattr(sys, "executable", "/bin/false")
        monkeypatch.setattr(process, "can_fork", lambda: False)

    return breaks


def test_the_first_run_makes_a_snapshot(run, places):
    assert ended(run()) == FIRST
    assert commits(places) == 1


def test_the_second_run_starts_no_child(run, places, broken_interpreter):
    first = run()
    broken_interpreter()

    second = run()

    assert ended(second) == UNCHANGED
    assert (second.summary, second.commit, second.diagnostics) == (first.summary, first.commit, first.diagnostics)
    assert second.source_map == first.source_map
    assert commits(places) == 1


def test_the_child_that_reads_the_files_answers_for_the_types(run, monkeypatch):
    monkeypatch.setattr(engine, "_start", lambda _folder: pytest.fail("another child was started"))

    assert run().work.is_engine_asked


def test_a_child_that_dies_on_the_way_to_the_types_costs_another_one(run, monkeypatch):
    expected = run(include_tests=True)
    code = "import sys; sys.path[:] = sys.argv[1:]\nfrom pybridge.extract.child import main; main(); sys.exit(7)"
    monkeypatch.setattr(reading, "_READER", code)
    monkeypatch.setattr(reading, "_read", child.main)

    assert run().summary.digest == expected.summary.digest


def test_the_second_run_loads_no_git(run, places, site):
    run()
    code = (
        "import sys; from pathlib import Path; from pybridge.pipeline.analyze import discover\n"
        "from pybridge.pipeline.request import AnalyzeRequest, Places; from pybridge.protocols import Silent\n"
        "site, store, cache = map(Path, sys.argv[1:])\n"
        "analysis = discover(AnalyzeRequest(name='shelf', site_packages=site), Places(store=store, cache=cache), Silent())\n"
        "sys.exit(not analysis.is_unchanged or 'pygit2' in sys.modules)"
    )
    arguments = (site, places.store, places.cache)

    assert subprocess.run([sys.executable, "-c", code, *map(str, arguments)], check=False).returncode == 0


def test_the_second_run_minds_that_its_snapshot_is_gone(run, places):
    first = run()
    SnapshotStore.open(places.store).forget("shelf")

    second = run()

    assert ended(second) == FIRST
    assert second.summary == first.summary


def test_without_a_child_a_first_run_fails(run, broken_interpreter):
    broken_interpreter()

    with pytest.raises(EngineFailed):
        run()


def test_the_second_run_reads_no_file(run, site):
    for path in site.rglob("*.py"):
        os.utime(path, ns=(7, 7))
    first = run()

    second = run()

    assert ended(second) == UNCHANGED
    assert (first.work.files_read, second.work.files_read) == (3, 0)


def test_a_file_that_changed_a_moment_ago_is_read_again(run, site, places):
    """The file system may tell the same time and size of the next edit."""
    path = site / "shelf" / "colours.py"
    text = path.read_text()
    run()
    before = path.stat()
    path.write_text(text.replace("RED = 1", "RED = 7"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    assert ended(run()) == FIRST


def test_an_unchanged_library_can_be_had_from_the_store(run, site, places, broken_interpreter):
    run()
    broken_interpreter()

    obtained = obtain(AnalyzeRequest(name="shelf", site_packages=site), places, Silent())

    assert [one.name for one in obtained.descriptor.modules] == ["shelf", "shelf._store", "shelf.colours"]


def test_a_file_that_was_only_touched_is_read_and_nothing_else_is_done(run, site, places, broken_interpreter):
    first = run()
    os.utime(site / "shelf" / "colours.py", ns=(7, 7))
    broken_interpreter()

    second = run()

    assert ended(second) == UNCHANGED
    assert (second.summary.digest, second.commit) == (first.summary.digest, first.commit)
    assert commits(places) == 1
    assert ended(run()) == UNCHANGED


def test_an_edited_docstring_is_a_new_snapshot_and_only_its_file_is_parsed(run, site, places):
    first = run()
    text = SHELF["shelf/_store.py"].replace("A box.", "A big box.")
    (site / "shelf" / "_store.py").write_text(text)

    second = run()

    assert ended(second) == FIRST
    assert second.summary.digest != first.summary.digest
    assert commits(places) == 2
    assert (second.work.files_parsed, second.work.modules_described, second.work.is_engine_asked) == (1, 1, False)


def test_moving_code_without_changing_the_api_is_no_new_snapshot(run, site, places):
    first = run()
    path = site / "shelf" / "colours.py"
    path.write_text("# A remark.\n\n" + path.read_text())

    second = run()

    assert ended(second) == SAME_DESCRIPTOR
    lines = [one.source_map.places["shelf.colours:Colour"].line for one in (first, second)]
    assert lines == [3, 5]


def test_going_back_to_what_was_is_a_snapshot_of_its_own(run, site, places):
    first = run()
    path = site / "shelf" / "colours.py"
    before = path.read_text()
    path.write_text(f"{before}    GREEN = 3\n")
    run()
    path.write_text(before)

    third = run()

    assert third.summary.digest == first.summary.digest
    assert ended(third) == FIRST
    assert commits(places) == 3


def test_a_new_file_and_a_deleted_file_are_noticed(run, site):
    run()
    (site / "shelf" / "more.py").write_text("def more() -> int: ...\n")
    added = run()
    (site / "shelf" / "more.py").unlink()
    removed = run()

    assert [one.summary.modules for one in (added, removed)] == [4, 3]
    assert (ended(added), ended(removed)) == (FIRST, FIRST)


def test_another_version_of_a_neighbour_is_noticed(run, site):
    neighbour = {"near/__init__.py": "class Near: ...\n"}
    install(site, "near", neighbour, version="1.0")
    run()
    (site / "near-1.0.dist-info").rename(site / "near-2.0.dist-info")

    assert ended(run()) == SAME_DESCRIPTOR


def test_without_the_cache_the_same_descriptor_is_made_again(run, places):
    first = run()
    shutil.rmtree(places.cache)

    second = run()

    assert ended(second) == SAME_DESCRIPTOR
    assert second.summary == first.summary


def test_without_the_store_the_library_is_described_again(run, places):
    first = run()
    shutil.rmtree(places.store)

    second = run()

    assert ended(second) == FIRST
    assert second.summary == first.summary


def test_a_damaged_memory_of_the_last_run_is_a_miss(run, places, monkeypatch):
    run()
    monkeypatch.setattr(analyze.FactsCache, "get_many", lambda self, keys: dict.fromkeys(keys, b"\x81damaged"))

    assert ended(run()) == SAME_DESCRIPTOR


def test_a_cache_that_cannot_be_used_costs_time_and_is_told(run, places):
    places.cache.write_text("mine")

    first, second = run(), run()

    assert [one.code for one in second.diagnostics] == ["cache-unavailable"]
    assert ended(second) == SAME_DESCRIPTOR
    assert first.summary == second.summary
    assert places.cache.read_text() == "mine"


def test_a_disturbed_run_is_not_remembered(run, monkeypatch):
    real = whole.ask_engine
    failed = Diagnostic(code="engine-failed", severity=Severity.WARNING, message="no answer within 1 s")

    def disturbed(request, **options):
        return msgspec.structs.replace(real(request, **options), diagnostics=(failed,))

    monkeypatch.setattr(whole, "ask_engine", disturbed)
    first = run()
    monkeypatch.undo()

    second = run()

    assert [one.code for one in first.diagnostics] == ["engine-failed"]
    assert second.diagnostics == ()
    assert ended(second) == SAME_DESCRIPTOR


def test_targets_and_options_have_runs_of_their_own(run):
    target = analyze.default_target(None)
    other = type(target)(python_version="3.13", platform="win32")
    run()

    assert ended(run(target=other)) == FIRST
    assert ended(run(target=other)) == UNCHANGED
    assert ended(run(include_tests=True)) == SAME_DESCRIPTOR
    assert ended(run()) == UNCHANGED


def test_two_environments_with_different_versions_do_not_take_each_other_for_unchanged(run, places, tmp_path):
    files = {**SHELF, "shelf/colours.py": "class Colour: ...\n"}
    other = install(tmp_path / "other", "shelf", files, version="2.0")
    first = run()

    second = analyze.discover(AnalyzeRequest(name="shelf", site_packages=other), places, Silent())
    third = run()

    assert [ended(one) for one in (first, second, third)] == [FIRST, FIRST, FIRST]
    assert third.summary == first.summary


def test_a_relative_folder_means_where_the_run_is_started(site, tmp_path, monkeypatch):
    files = {**SHELF, "shelf/colours.py": "class Colour: ...\n"}
    install(tmp_path / "other", "shelf", files, version="2.0")
    places = Places(store=tmp_path / "store.git", cache=tmp_path / "cache")
    request = AnalyzeRequest(name="shelf", site_packages=Path())
    versions = []
    for folder in (site, tmp_path / "other"):
        monkeypatch.chdir(folder)
        analysis = analyze.discover(request, places, Silent())
        versions.append((analysis.summary.version, analysis.diagnostics))

    assert versions == [("1.0", ()), ("2.0", ())]
