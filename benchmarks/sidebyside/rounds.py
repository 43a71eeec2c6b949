"""Runs both contenders in turn on one library, in every mode, and sees to it that each run did what it was meant to."""

import os
import shutil
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path

import msgspec

from sidebyside.contenders import Peer, PyBridge, Result, demand
from sidebyside.corpus import Library
from sidebyside.edits import Edit, NothingToEdit, plan_edits
from sidebyside.figures import Spread, spread, summed
from sidebyside.measure import Cost

COLD, FIRST, WARM = "cold", "nothing cached", "warm"
_STDLIB = "pybridge_bench_stdlib"


class Mode(msgspec.Struct, frozen=True, kw_only=True):
    """Our figures of one mode, by measure, and their ratios to the peer's run of the same round."""

    value: dict[str, Spread]
    ratio: dict[str, Spread]


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """Everything measured of one library."""

    library: str
    version: str
    runs: int
    load: tuple[float, float]
    """One-minute load average before and after."""
    files: int
    source_bytes: int
    """Of the package's ``.py`` and ``.pyi`` files."""
    peer: dict[str, Spread]
    modes: dict[str, Mode]
    modules: tuple[int, int]
    """Ours, the peer's."""
    size_bytes: tuple[int, int]
    edited: str
    """Module that was edited; empty when none could be."""
    notes: tuple[str, ...] = ()
    """What was not as it should be, though the figures stand."""


class Rounds:
    """One library's rounds. In a round the peer runs next to every mode that does the same work."""

    def __init__(self, library: Library, site: Path, work: Path, peer: Peer, ours: PyBridge) -> None:
        self._library, self._peer, self._ours = library, peer, ours
        self._site = work / "site"
        _copy_site(site, self._site)
        self._package = self._site / library.name
        self._costs: dict[str, list[Cost]] = {}
        self._peers: list[Result] = []
        self._notes: set[str] = set()
        self._last = Result(
            cost=Cost(cpu_seconds=0, wall_seconds=0, largest_bytes=0, tree_bytes=0), modules=0, size_bytes=0
        )

    def measure(self, runs: int, say: Callable[[str], None]) -> Outcome:
        """Run every round.

        Raises:
            CommandFailed: a command failed, or did something else than was meant.
        """
        before = os.getloadavg()[0]
        (self._site / f"{_STDLIB}.py").write_text(_import_all(), encoding="utf-8")
        self._ours.restore(None)
        self._ours.describe(_STDLIB, self._site)
        self._ours.forget_store()
        self._ours.keep("stdlib")
        try:
            edits = plan_edits(self._package)
        except NothingToEdit:
            edits = ()
        for number in range(runs):
            say(f"{self._library.name}: round {number + 1} of {runs}")
            self._round(edits)
        return self._outcome(runs, (before, os.getloadavg()[0]), edits)

    def _round(self, edits: tuple[Edit, ...]) -> None:
        self._ours.restore("stdlib")
        described = self._ours_in(COLD)
        demand(not described.is_unchanged, "a cold run claims that nothing changed")
        self._ours.keep("warm")
        self._peers.append(self._peer.describe(self._library.name, self._site))
        demand(self._ours_in(WARM).is_unchanged, "a warm run found something to do")
        exported = self._ours.export(self._library.name, self._site)
        self._last = msgspec.structs.replace(described, size_bytes=exported.size_bytes)
        for edit in edits:
            self._ours.restore("warm")
            self._edit(edit, described)
        self._ours.restore(None)
        first = self._ours_in(FIRST)
        if first.digest != described.digest:
            self._notes.add("two first analyses of the same files differ")

    def _edit(self, edit: Edit, before: Result) -> None:
        original, times = edit.path.read_bytes(), edit.path.stat()
        try:
            edit.path.write_text(edit.text, encoding="utf-8")
            after = self._ours_in(edit.name)
            demand(not after.is_unchanged, f"the edit of a {edit.name} was not noticed")
            moved = after.digest != before.digest
            demand(moved or not edit.is_visible, f"the edit of a {edit.name} left the digest as it was")
            if moved and not edit.is_visible:
                self._notes.add(f"the edit of a {edit.name} moved the digest, which it should not")
            exported = self._ours.export(self._library.name, self._site)
            demand(exported.is_marked == edit.is_visible, f"the edit of a {edit.name} is not in the description")
        finally:
            edit.path.write_bytes(original)
            os.utime(edit.path, ns=(times.st_atime_ns, times.st_mtime_ns))

    def _ours_in(self, mode: str) -> Result:
        result = self._ours.describe(self._library.name, self._site)
        demand(not result.troubles, f"{mode}: the run met {', '.join(result.troubles)}")
        self._costs.setdefault(mode, []).append(result.cost)
        return result

    def _outcome(self, runs: int, load: tuple[float, float], edits: tuple[Edit, ...]) -> Outcome:
        peers = [one.cost for one in self._peers]
        against_itself = summed(peers, peers)
        modes = {name: summed(costs, peers) for name, costs in self._costs.items()}
        files = [path for path in self._package.rglob("*") if path.suffix in {".py", ".pyi"}]
        return Outcome(
            library=self._library.name,
            version=self._library.version,
            runs=runs,
            load=load,
            files=len(files),
            source_bytes=sum(path.stat().st_size for path in files),
            peer={name: figure["value"] for name, figure in against_itself.items()},
            modes={
                name: Mode(
                    value={measure: figure["value"] for measure, figure in figures.items()},
                    ratio={measure: figure["ratio"] for measure, figure in figures.items()},
                )
                for name, figures in modes.items()
            },
            modules=(self._last.modules, self._peers[-1].modules),
            size_bytes=(self._last.size_bytes, int(spread([one.size_bytes for one in self._peers]).median)),
            edited=edits[0].path.relative_to(self._site).as_posix() if edits else "",
            notes=tuple(sorted(self._notes)),
        )


def _copy_site(source: Path, target: Path) -> None:
    """Copy a library to where it may be edited, without what a Python that runs it would leave."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "bin", "share", ".complete"))


def _import_all() -> str:
    """Write a module that imports the standard library, two levels deep, for the types that every analysis shares."""
    folder = Path(sysconfig.get_path("stdlib"))
    names = {
        name for name in sys.stdlib_module_names if not name.startswith("_") and name not in {"antigravity", "this"}
    }
    for name in sorted(names):
        inner = (folder / name).glob("*.py")
        names |= {f"{name}.{path.stem}" for path in inner if path.stem.isidentifier() and not path.stem.startswith("_")}
    return "".join(f"import {name}\n" for name in sorted(names))
