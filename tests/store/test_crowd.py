"""Many processes write, read, move refs, collect, fetch and push at once: nothing that a ref reached is lost.

Six for a few seconds here; ``PYBRIDGE_FULL_SHOWS=1`` sends 32 for a minute.
"""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from pybridge.protocols import Silent
from pybridge.store.care.verify import verify
from pybridge.store.snapshots import SnapshotStore

IS_FULL = os.environ.get("PYBRIDGE_FULL_SHOWS") == "1"
MEMBERS, SECONDS = (32, 60) if IS_FULL else (6, 5)
STORES = ("first.git", "second.git")


@pytest.mark.e2e
def test_a_crowd_loses_nothing(tmp_path):
    command = [sys.executable, Path(__file__).parent / "crowd.py", tmp_path]
    outputs = [tmp_path / f"{number}.out" for number in range(MEMBERS)]
    running = []
    for number, output in enumerate(outputs):
        with output.open("w") as stream:
            running.append(subprocess.Popen([*command, str(number), str(SECONDS)], stdout=stream, stderr=stream))
    codes = [one.wait(timeout=3600) for one in running]

    failed = [output.read_text()[-2000:] for code, output in zip(codes, outputs, strict=True) if code]
    assert failed == []
    told = [line.split() for output in outputs for line in output.read_text().splitlines()]
    for name in STORES:
        store = SnapshotStore.open(tmp_path / name)
        found = {library: [one.version for one in store.history(library)] for library in store.libraries()}
        saved = [(words[2], words[3]) for words in told if words[:2] == ["saved", name]]
        assert [(library, version) for library, version in saved if version not in found.get(library, ())] == []
        assert all(len(set(versions)) == len(versions) for versions in found.values())
        tagged = {words[2] for words in told if words[:2] == ["tagged", name]}
        assert tagged - set(store.refs.names("refs/tags/")) == set()
        assert verify(tmp_path / name, Silent()).damages == ()
        assert [one.name for one in (tmp_path / name).glob("objects/tmp_*")] == []
    if IS_FULL:
        sys.stdout.write(f"{Counter(words[0] for words in told)}\n")
