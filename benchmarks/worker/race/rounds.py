"""The rounds: in each, every contender does every case for a moment, one after another."""

import contextlib
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from race.bundle import write_bundle
from race.contenders import CASES, HERE, Contender, serve_command
from race.processes import Driver, NotReady, Slice, running

Pythons = dict[str | None, Path]
_LARGE = {"download"}
"""Cases in which the client's memory counts: each slice has a client of its own."""


def race(
    contenders: Sequence[Contender],
    pythons: Pythons,
    cases: Sequence[str],
    rounds: int,
    seconds: float,
    say: Callable[[str], None],
) -> dict[str, dict[str, list[Slice]]]:
    """Run all rounds; gives the slices by contender and case, one a round.

    A contender that does not start, or dies, is told and left out of what follows.
    """
    found: dict[str, dict[str, list[Slice]]] = {}
    with tempfile.TemporaryDirectory(prefix="pybridge-race-") as name, contextlib.ExitStack() as ends:
        folder = Path(name)
        drivers = _start(contenders, pythons, folder, ends, say)
        for number in range(rounds):
            for case in (one for one in CASES if one in cases):
                for contender in _turned(drivers, number):
                    if case in contender.cases:
                        driver = drivers[contender]
                        run = driver.run_afresh if case in _LARGE else driver.run
                        slice_ = run(case, seconds)
                        found.setdefault(contender.name, {}).setdefault(case, []).append(slice_)
            say(f"round {number + 1} of {rounds}, load {os.getloadavg()[0]:.1f}")
    return found


def _turned(drivers: dict[Contender, Driver], number: int) -> list[Contender]:
    """The contenders in an order that starts at another one each round."""
    names = list(drivers)
    start = number % len(names)
    return [*names[start:], *names[:start]]


def _start(
    contenders: Sequence[Contender],
    pythons: Pythons,
    folder: Path,
    ends: contextlib.ExitStack,
    say: Callable[[str], None],
) -> dict[Contender, Driver]:
    bundle = folder / "race.bundle.json"
    write_bundle(bundle)
    drivers = {}
    for contender in contenders:
        python = pythons[contender.environment]
        serve = serve_command(contender, python, f"unix:{folder / contender.name}", bundle)
        drive = [str(python), str(HERE / "drive.py"), contender.client]
        try:
            one = running(serve, drive, folder / f"{contender.name}.log")
            drivers[contender] = ends.enter_context(one)
        except (NotReady, OSError) as error:
            log = folder / f"{contender.name}.log"
            said = log.read_text(encoding="utf-8", errors="replace")[-1500:] if log.exists() else ""
            say(f"{contender.name} is left out: {error}\n{said}")
    return drivers


def default_python() -> Path:
    return Path(sys.executable)
