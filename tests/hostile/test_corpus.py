"""Hostile libraries cost diagnostics: never the run, the healthy module beside, much time, much memory, or a foreign file."""

import json

import pytest

from hostile.corpus import CASES
from hostile.running import Bench, state

pytestmark = pytest.mark.e2e

SECONDS = 60
BYTES = 2 << 30
SEVERE = frozenset({"engine-failed"})
"""Problems that cost more than the module at fault."""


@pytest.fixture(scope="session")
def engine_cache(tmp_path_factory):
    """One cache for all: what is cached of one library must not harm the next, and the standard library is read once."""
    return tmp_path_factory.mktemp("cache")


@pytest.mark.parametrize("name", CASES)
def test_hostile_library_is_described_or_refused_within_bounds(name, tmp_path, engine_cache):
    case, bench = CASES[name], Bench(tmp_path, engine_cache)
    case.write(bench.library)
    before = state(bench.library)
    where = ("hostile", case.how, bench.library)

    told = bench.run("discover", *where, "--output-format", "json", seconds=SECONDS)
    check_run(told, case.exits)
    if told.code == 0:
        exported = bench.run("export", *where, seconds=SECONDS)
        check_run(exported, (0,))
        made = bench.run("generate", *where, "--output", bench.output / "client", seconds=SECONDS)
        check_run(made, (0,))
        check_description(case, json.loads(told.out), json.loads(exported.out))
        check_client(bench.output / "client")

    assert bench.left_behind() == []
    assert state(bench.library) == before


def check_run(done, exits):
    """It ended as it may, in time, within memory, with text that is valid and no traceback."""
    said = done.err.decode("utf-8")
    assert done.code in exits, said[-3000:]
    assert "Traceback" not in said
    done.out.decode("utf-8")
    assert done.seconds < SECONDS
    assert done.peak_bytes < BYTES
    if done.code:
        assert said.startswith("error: ")
        assert len(said.splitlines()) <= 3


def check_description(case, told, exported):
    """What is healthy is described, and what is refused is told."""
    modules = {one["name"]: one for one in exported.get("modules", ())}
    skipped = {one["path"]: one["reason"] for one in exported.get("skipped", ())}
    told_of = {one.get("path") or "" for one in told["diagnostics"]}
    codes = {one["code"] for one in told["diagnostics"]} | set(told["summary"]["skipped"])

    assert set(case.tells) <= codes
    assert not codes & SEVERE, told["diagnostics"]
    for name in case.broken:
        assert f"hostile.{name}:" in skipped
        assert any(path.startswith(f"hostile/{name}.") for path in told_of)
    if case.has_healthy:
        check_healthy(modules["hostile.healthy"])
    symbols = {f"{name}:" for name in modules} | {
        symbol["path"] for one in modules.values() for symbol in (*one.get("classes", ()), *one.get("functions", ()))
    }
    assert set(case.describes) <= symbols


def check_healthy(module):
    """The module beside is described as if it were alone, with what only the type engine knows."""
    [box], [make] = module["classes"], module["functions"]
    [parameter] = box["constructor"]["signatures"][0]["parameters"]
    [size] = box["fields"]

    assert (parameter["name"], parameter["type"]["expr"]) == ("size", {"path": "builtins:int", "type": "named"})
    assert (size["name"], size["type"]["expr"]) == ("size", {"path": "builtins:int", "type": "named"})
    assert make["signatures"][0]["returns"]["expr"] == {"path": "hostile.healthy:Box", "type": "named"}


def check_client(folder):
    """Every file of the client is text that Elixir may read."""
    files = [one for one in folder.rglob("*") if one.is_file()]

    assert files
    for one in files:
        one.read_bytes().decode("utf-8")
