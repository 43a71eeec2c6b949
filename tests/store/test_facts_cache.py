import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pybridge.model.names import Digest
from pybridge.store.facts_cache import FILE_NAME, FactsCache, Run

RUN = Run(signature=b"\x00stat", descriptor_digest=Digest("d" * 64), commit="c" * 40)


def keep(folder, items):
    with FactsCache.open(folder) as cache:
        cache.put_many(items)
        assert cache.diagnostics == ()


def known(folder, keys):
    with FactsCache.open(folder) as cache:
        return cache.get_many(keys)


@given(st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=8), st.binary(max_size=400), max_size=8))
@settings(max_examples=30)
def test_what_was_put_is_got_by_another_process_opening_it(tmp_path_factory, items):
    folder = tmp_path_factory.mktemp("cache")
    keep(folder, items)

    assert known(folder, [*items, "missing!"]) == items


def test_more_keys_than_one_statement_takes(tmp_path):
    items = {f"{number:064x}": b"x" * number for number in range(2_500)}
    keep(tmp_path, items)

    assert known(tmp_path, [*items, *items]) == items


def test_a_key_gets_its_newest_value(tmp_path):
    keep(tmp_path, {"a": b"old", "b": b"b"})
    keep(tmp_path, {"a": b"new"})

    assert known(tmp_path, ["a", "b"]) == {"a": b"new", "b": b"b"}


def test_a_run_is_kept_and_replaced(tmp_path):
    with FactsCache.open(tmp_path) as cache:
        assert cache.get_run("tree") is None
        cache.put_run("tree", Run(signature=b"old", descriptor_digest=Digest("e" * 64), commit="e" * 40))
        cache.put_run("tree", RUN)

    with FactsCache.open(tmp_path) as cache:
        assert cache.get_run("tree") == RUN
        assert cache.get_run("other") is None


def test_deleting_the_file_loses_time_only(tmp_path):
    keep(tmp_path, {"a": b"1"})
    for one in tmp_path.iterdir():
        one.unlink()

    assert known(tmp_path, ["a"]) == {}
    keep(tmp_path, {"a": b"2"})
    assert known(tmp_path, ["a"]) == {"a": b"2"}


@pytest.mark.parametrize(
    "damage", [b"", b"not a database at all" * 99, None, "tables"], ids=["empty", "text", "middle", "tables"]
)
def test_a_damaged_file_is_moved_aside_and_made_anew(tmp_path, damage):
    keep(tmp_path, {f"{number}": os.urandom(3_000) for number in range(50)})
    path = tmp_path / FILE_NAME
    if damage is None:
        good = path.read_bytes()
        path.write_bytes(good[:2_000] + os.urandom(len(good) - 2_000))
    elif damage == "tables":
        database = sqlite3.connect(path)
        database.execute("ALTER TABLE facts RENAME COLUMN value TO worth")
        database.close()
    else:
        path.write_bytes(damage)

    with FactsCache.open(tmp_path) as cache:
        cache.get_many([f"{number}" for number in range(50)])
        cache.put_many({"a": b"1"})
        cache.put_many({"a": b"1"})
        assert cache.get_many(["a"]) == {"a": b"1"}
        assert {one.code for one in cache.diagnostics} <= {"cache-damaged"}
        assert bool(cache.diagnostics) == (damage != b"")
    assert known(tmp_path, ["a"]) == {"a": b"1"}


def test_a_damaged_value_is_a_miss(tmp_path):
    keep(tmp_path, {"a": b"x" * 5_000, "b": b"y" * 5_000})
    database = sqlite3.connect(tmp_path / FILE_NAME)
    database.execute("UPDATE facts SET value = substr(value, 1, 20) WHERE key = 'a'")
    database.commit()
    database.close()

    assert known(tmp_path, ["a", "b"]) == {"b": b"y" * 5_000}


def test_a_place_where_nothing_can_be_written_is_a_miss_and_a_note(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with FactsCache.open(tmp_path / "file" / "cache") as cache:
        cache.put_many({"a": b"1"})
        cache.put_run("tree", RUN)

        assert cache.get_many(["a"]) == {}
        assert cache.get_run("tree") is None
        (note,) = cache.diagnostics
        assert note.code == "cache-unavailable"
        assert str(tmp_path) in note.message
        assert "--cache" in note.hint


def test_a_read_only_cache_is_read(tmp_path, monkeypatch):
    keep(tmp_path, {"a": b"1"})
    refuse = sqlite3.OperationalError("attempt to write a readonly database")
    monkeypatch.setattr("pybridge.store.facts_cache._open", lambda _: (_ for _ in ()).throw(refuse))

    with FactsCache.open(tmp_path) as cache:
        cache.put_many({"b": b"2"})

        assert cache.get_many(["a", "b"]) == {"a": b"1"}
        assert [one.code for one in cache.diagnostics] == ["cache-read-only"]


def test_a_cache_locked_by_another_is_a_miss_and_a_note(tmp_path):
    keep(tmp_path, {"a": b"1"})
    other = sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)
    with FactsCache.open(tmp_path) as cache:
        cache._database.execute("PRAGMA busy_timeout = 0")
        other.execute("BEGIN IMMEDIATE")
        cache.put_many({"b": b"2"})

        assert cache.get_many(["a", "b"]) == {"a": b"1"}
        assert [one.code for one in cache.diagnostics] == ["cache-busy"]
        other.execute("ROLLBACK")
        cache.put_many({"b": b"2"})
        assert cache.get_many(["b"]) == {"b": b"2"}
    other.close()


def test_the_file_stays_below_its_size_and_what_was_used_last_stays(tmp_path):
    limit = 2_000_000
    for session in range(20):
        with FactsCache.open(tmp_path, max_bytes=limit) as cache:
            cache.put_many({f"{session}.{number}": os.urandom(20_000) for number in range(10)})
            cache.put_many({"favourite": b"kept"} if session == 0 else {})
            assert cache.get_many(["favourite"]) == {"favourite": b"kept"}

    assert (tmp_path / FILE_NAME).stat().st_size <= limit * 1.1
    assert len(known(tmp_path, [f"19.{number}" for number in range(10)])) == 10
    assert known(tmp_path, [f"0.{number}" for number in range(10)]) == {}


def test_closing_twice_and_using_after_closing_is_harmless(tmp_path):
    cache = FactsCache.open(tmp_path)
    cache.close()
    cache.close()
    cache.put_many({"a": b"1"})

    assert cache.get_many(["a"]) == {}


WRITER = """
import sys
from pathlib import Path
from pybridge.store.facts_cache import FactsCache
for turn in range(10):
    with FactsCache.open(Path(sys.argv[1])) as cache:
        cache.put_many({f"{sys.argv[2]}.{turn}.{number}": b"v" * 500 for number in range(20)})
        assert cache.diagnostics == (), cache.diagnostics
"""


@pytest.mark.e2e
def test_many_processes_write_at_once(tmp_path):
    running = [subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), str(who)]) for who in range(4)]

    assert [one.wait(timeout=120) for one in running] == [0] * 4
    keys = [f"{who}.{turn}.{number}" for who in range(4) for turn in range(10) for number in range(20)]
    assert len(known(tmp_path, keys)) == 800


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("pybridge.store", {"pygit2", "sqlite3", "filelock"}),
        ("pybridge.store.facts_cache", {"pygit2", "filelock"}),
        ("pybridge.store.snapshots", {"sqlite3", "mypy", "libcst"}),
    ],
)
def test_a_door_loads_only_what_stands_behind_it(module, unwanted):
    program = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert unwanted.isdisjoint(done.stdout.split())


def test_the_format_is_part_of_the_files_name(tmp_path):
    keep(tmp_path, {"a": b"1"})

    assert [one.name for one in Path(tmp_path).iterdir()] == ["facts-1.sqlite3"]
