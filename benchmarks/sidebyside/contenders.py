"""The two commands that are compared, and what they are asked to do."""

import json
import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import msgspec

from sidebyside.edits import MARK
from sidebyside.measure import CommandFailed, Cost, run

_MODULE = re.compile(rb'"kind": ?"module"')
_CHUNK = 1 << 22
_TROUBLES = frozenset(
    {"cache-busy", "cache-damaged", "cache-unavailable", "engine-failed", "parser-crashed", "parser-timeout"}
)


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """One run and what it made."""

    cost: Cost
    modules: int
    """Described."""
    size_bytes: int
    """Of the description as JSON; 0 where it was not asked for."""
    digest: str = ""
    is_unchanged: bool = False
    troubles: tuple[str, ...] = ()
    """Codes of what the run could not do as it should, which would make it look fast."""
    is_marked: bool = False
    """Whether the description holds the mark of an edit."""


def environment(home: Path) -> Mapping[str, str]:
    """Return what both contenders see: nothing of the caller's settings."""
    return {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(home), "LC_ALL": "C.UTF-8", "NO_COLOR": "1"}


class Peer:
    """``griffe dump``: static, whole package, tests and all, JSON into a file. It keeps nothing between runs."""

    name = "griffe"

    def __init__(self, programs: Path, work: Path) -> None:
        self.programs, self._work = programs, work

    def describe(self, library: str, site: Path) -> Result:
        output = self._work / "peer.json"
        command = [str(self.programs / "griffe"), "dump", "-X", library, "--search", str(site), "--output", str(output)]
        cost = run(command, environment=environment(self._work), cwd=self._work, output=self._work / "peer.out")
        modules, _ = scan(output)
        return Result(cost=cost, modules=modules, size_bytes=output.stat().st_size)


class PyBridge:
    """``pybridge discover --include-tests``: the descriptor goes into a store."""

    name = "pybridge"

    def __init__(self, program: Path, work: Path) -> None:
        self._program, self._work = program, work
        self._state = work / "state"

    def describe(self, library: str, site: Path) -> Result:
        """Run once on the state as it is."""
        output = self._work / "discover.json"
        command = self._command("discover", library, site, "--output-format", "json")
        cost = run(command, environment=environment(self._work), cwd=self._work, output=output)
        told = json.loads(output.read_bytes())
        return Result(
            cost=cost,
            modules=told["summary"]["modules"],
            size_bytes=0,
            digest=told["summary"]["digest"],
            is_unchanged=told["unchanged"],
            troubles=tuple(sorted({one["code"] for one in told["diagnostics"]} & _TROUBLES)),
        )

    def export(self, library: str, site: Path) -> Result:
        """Write the descriptor as JSON; the file stays until the next call."""
        command = self._command("export", library, site, "--format", "json", "--output", str(self.exported))
        cost = run(command, environment=environment(self._work), cwd=self._work, output=self._work / "export.out")
        _, is_marked = scan(self.exported)
        return Result(cost=cost, modules=0, size_bytes=self.exported.stat().st_size, is_marked=is_marked)

    @property
    def exported(self) -> Path:
        return self._work / "export.json"

    def keep(self, name: str) -> None:
        """Put the state, cache and store, aside under a name."""
        _copied(self._state, self._work / name)

    def restore(self, name: str | None) -> None:
        """Go back to a state that was put aside; None for a machine that never ran pybridge."""
        if name is None:
            shutil.rmtree(self._state, ignore_errors=True)
        else:
            _copied(self._work / name, self._state)

    def forget_store(self) -> None:
        """Leave only the caches."""
        shutil.rmtree(self._state / "store", ignore_errors=True)

    def _command(self, verb: str, library: str, site: Path, *options: str) -> list[str]:
        places = ["--store", str(self._state / "store"), "--cache", str(self._state / "cache")]
        return [str(self._program), verb, library, "--site-packages", str(site), "--include-tests", *places, *options]


def scan(path: Path) -> tuple[int, bool]:
    """Return how many modules a JSON file tells of, the peer's way, and whether it holds `MARK`; in little memory."""
    modules, is_marked, tail = 0, False, b""
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            text, after = tail + chunk, 0
            for found in _MODULE.finditer(text):
                modules, after = modules + 1, found.end()
            is_marked = is_marked or MARK.encode() in text
            # What is cut in two is whole in the next round; what was counted is not counted again.
            tail = text[max(after, len(text) - len(MARK) + 1) :]
    return modules, is_marked


def demand(condition: bool, message: str) -> None:  # noqa: FBT001 - reads as an assertion
    """Refuse figures of a run that did something else than was meant.

    Raises:
        CommandFailed: the condition does not hold.
    """
    if not condition:
        raise CommandFailed(message)


def _copied(source: Path, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    if source.exists():
        shutil.copytree(source, target, symlinks=True)
