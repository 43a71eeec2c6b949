"""Runs the real command with an audit hook in its process and in all its children, and judges what the hook saw."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import audit_hook

SPAWNS = (
    "subprocess.Popen",
    "os.exec",
    "os.posix_spawn",
    "os.spawn",
    "os.system",
    "os.forkpty",
    "pty.spawn",
)
_HOOK = Path(audit_hook.__file__).read_text()
_CHILD = """
import os, sys
arguments = sys.argv[1:]
code = arguments.index("-c") + 1
arguments[code] = {prefix!r} + arguments[code]
os.execv({python!r}, [{python!r}, *arguments])
"""
_PARENT = """
sys.executable = {wrapper!r}
from pybridge.cli import main
main()
"""


class Audit:
    """A command line under watch.

    The analyzer forks its children, which the hook goes on watching, or starts them as
    ``[sys.executable, ..., "-c", CODE, ...]``. Here ``sys.executable`` is a script
    that starts the real interpreter with the hook put before that code.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.log = folder / "events"
        self.wrapper = folder / "python"
        hook = f"{_HOOK}\nwatch({str(self.log)!r})\n"
        (folder / "child.py").write_text(_CHILD.format(prefix=hook, python=sys.executable))
        self.wrapper.write_text(f'#!/bin/sh\nexec "{sys.executable}" -I -S "{folder / "child.py"}" "$@"\n')
        self.wrapper.chmod(0o755)
        self._command = folder / "command.py"
        self._command.write_text(hook + _PARENT.format(wrapper=str(self.wrapper)))

    def run(
        self, *arguments: str | Path, cwd: Path, environment: dict[str, str], before: Sequence[str | Path] = ()
    ) -> subprocess.CompletedProcess[str]:
        """Run ``pybridge`` with arguments; ``before`` is a command that runs it, such as ``unshare``."""
        command = [str(part) for part in (*before, sys.executable, self._command, *arguments)]
        variables = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", **environment}
        return subprocess.run(command, cwd=cwd, env=variables, capture_output=True, text=True, check=False, timeout=120)

    def run_child(self, code: str) -> int:
        """Start a child as the analyzer does; gives its exit code."""
        return subprocess.run([str(self.wrapper), "-I", "-S", "-c", code], check=False, timeout=60).returncode

    def events(self) -> list[dict]:
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def processes(self) -> int:
        """How many processes were watched."""
        return sum(event["event"] == "watching" for event in self.events())

    def offences(self, tree: Path, modules: Sequence[str]) -> list[dict]:
        """Events that must not be: anything done to the tree but reading it, code of it, other programs, sockets."""
        return [event for event in self.events() if self._offends(event, tree, modules)]

    def _offends(self, event: dict, tree: Path, modules: Sequence[str]) -> bool:
        kind, places = event["event"], event["places"]
        if kind.startswith("socket.") or (kind in SPAWNS and places[:1] != [str(self.wrapper)]):
            return True
        if kind == "import" and event["module"].partition(".")[0] in modules:
            return True
        return not event.get("is_parse") and any(Path(place).is_relative_to(tree) for place in places)
