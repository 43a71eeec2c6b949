"""The C library that lets single system calls fail, or be the last ones of a process."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent / "store" / "faults" / "faults.c"
KILL_BEFORE, KILL_AMID, FAIL = 1, 2, 3


def build_faults(folder: Path) -> Path:
    """Build the library in a folder; skips the test where that cannot be done."""
    compiler = shutil.which("cc")
    if compiler is None or sys.platform != "linux":
        pytest.skip("faults are made by a C library for Linux")
    built = folder / "faults.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", built, SOURCE, "-ldl"], check=True)
    return built


def faulty(built: Path, folder: Path, at: int, action: int) -> dict[str, str]:
    """Variables under which a process has its fault in the given call below a folder."""
    return {"LD_PRELOAD": str(built), "FAULT_FOLDER": str(folder), "FAULT_AT": str(at), "FAULT_ACTION": str(action)}
