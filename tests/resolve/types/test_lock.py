"""One process at a time, and none for ever."""

import subprocess
import sys
from pathlib import Path

import pytest

from pybridge.resolve.types.lock import locked

HOLDER = """
import sys, time
from pathlib import Path
from pybridge.resolve.types.lock import locked
with locked(Path(sys.argv[1]), timeout_seconds=5) as is_ours:
    print(is_ours, flush=True)
    sys.stdin.read()
"""


def test_lock_is_held_by_one_process_until_it_ends(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    command = [sys.executable, "-c", HOLDER, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        told = holder.stdout.readline()
        with locked(path, timeout_seconds=0.05) as is_ours:
            meanwhile = is_ours
        holder.kill()
        holder.wait()
    with locked(path, timeout_seconds=5) as is_ours:
        afterwards = is_ours

    assert (told, meanwhile, afterwards) == ("True\n", False, True)


def test_lock_is_free_after_its_block_however_that_ends(tmp_path: Path) -> None:
    with pytest.raises(KeyError), locked(tmp_path / "lock", timeout_seconds=1):
        raise KeyError
    with locked(tmp_path / "lock", timeout_seconds=1) as is_ours:
        assert is_ours


def test_place_where_nothing_can_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(OSError), locked(tmp_path / "absent" / "lock", timeout_seconds=1):  # noqa: PT011 - whichever
        pass
