"""The command line as people call it: in this process, or as the installed command in one of its own."""

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from pybridge.cli.main import run

COMMAND = Path(sys.executable).parent / "pybridge"


class Told(NamedTuple):
    code: int
    out: str
    err: str


class CommandLine:
    """Runs commands in this process, with a store and a cache of its own."""

    def __init__(self, folder: Path, capsys) -> None:
        self.store, self.cache = folder / "store.git", folder / "cache"
        self._capsys = capsys

    def __call__(self, *arguments: str | Path) -> Told:
        self._capsys.readouterr()
        code = run([str(one) for one in arguments])
        out, err = self._capsys.readouterr()
        return Told(int(code), out, err)


def places(folder: Path) -> dict[str, str]:
    """Variables that keep a command's store and cache in a folder."""
    return {"PYBRIDGE_STORE": str(folder / "store.git"), "PYBRIDGE_CACHE": str(folder / "cache")}


def run_command(
    *arguments: str | Path, cwd: Path, variables: dict[str, str], program: str | Path = COMMAND
) -> subprocess.CompletedProcess[bytes]:
    """Run the installed command with nothing in its environment but what is given."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(cwd), **variables}
    command = [str(one) for one in (program, *arguments)]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, check=False, timeout=120)
