"""A library that changes while it is read: whatever was read of it is described, and the run ends well."""

import itertools
import json
import threading

import pytest

from hostile.running import Bench
from hostile.test_corpus import check_healthy, check_run
from hostile.writing import package

pytestmark = pytest.mark.e2e


def test_files_that_grow_vanish_and_turn_into_folders_meanwhile(tmp_path):
    bench, over = Bench(tmp_path, tmp_path / "cache"), threading.Event()
    root = package(bench.library, {f"m{one}.py": "def f(): ...\n" * 50 for one in range(30)})

    def change():
        for number in itertools.cycle(range(30)):
            if over.wait(0.001):
                return
            place = root / f"m{number}.py"
            if place.is_dir():
                place.rmdir()
            elif number % 3 == 0 and place.exists():
                place.unlink()
                place.mkdir()
            else:
                place.write_text("def g(a, b): ...\n" * (number + 1))

    changing = threading.Thread(target=change)
    changing.start()
    try:
        told = bench.run("discover", "hostile", "--path", bench.library, "--output-format", "json", seconds=60)
    finally:
        over.set()
        changing.join()
    exported = bench.run("export", "hostile", "--path", bench.library, seconds=60)

    check_run(told, (0,))
    check_run(exported, (0,))
    healthy = next(one for one in json.loads(exported.out)["modules"] if one["name"] == "hostile.healthy")
    check_healthy(healthy)
