"""Hostile archives cost one finding each: never the run, much time, much memory, or a file that was written."""

import json

import pytest

from hostile.archives.corpus import ARCHIVES
from hostile.running import Bench, state
from hostile.test_corpus import SECONDS, check_healthy, check_run

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="session")
def engine_cache(tmp_path_factory):
    """One cache for all, as for hostile folders."""
    return tmp_path_factory.mktemp("cache")


@pytest.mark.parametrize("name", ARCHIVES)
def test_hostile_archive_is_described_or_refused_within_bounds(name, tmp_path, engine_cache):
    case, bench = ARCHIVES[name], Bench(tmp_path, engine_cache)
    path = bench.library / case.name
    case.write(path)
    before = state(bench.library)

    told = bench.run("discover", "--path", path, "--output-format", "json", seconds=SECONDS)

    if case.refuses or told.out == b"":
        check_run(told, (2, 3) if not case.refuses else (3,))
        assert case.refuses in told.err.decode()
        assert told.out == b""
    else:
        exported = bench.run("export", "--path", path, seconds=SECONDS)
        check_described(case, told, exported)
    assert bench.left_behind() == []
    assert state(bench.library) == before


def check_described(case, told, exported):
    """What is healthy is described, what is hostile is told, once each."""
    described, codes = json.loads(told.out), json.loads(told.out)["summary"]["skipped"].keys()
    modules = {one["name"]: one for one in json.loads(exported.out)["modules"]}
    found = [(one["code"], one.get("path")) for one in described["diagnostics"]]

    assert told.code == exported.code == (0 if case.is_complete else 3)
    assert described["incomplete"] is not case.is_complete
    assert set(case.tells) <= {code for code, _ in found} | set(codes)
    assert {code for code, _ in found} <= set(case.tells)
    assert len(found) == len(set(found))
    check_healthy(modules["hostile.healthy"])
    for done in (told, exported):
        assert "Traceback" not in done.err.decode()
        assert (done.seconds < SECONDS, done.peak_bytes < 2 << 30) == (True, True)
