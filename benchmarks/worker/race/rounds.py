"""The rounds: in each, every contender does every case for a moment, one after another."""

import contextlib
import os
import secrets
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from race.bundle import write_bundle
from race.contenders import CASES, HERE, TOKEN, Contender, serve_command
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

    A contender that does not start is told and left out, and so is a case that it fails in.
    """
    found: dict[str, dict[str, list[Slice]]] = {}
    failed: set[tuple[str, str]] = set()
    with tempfile.TemporaryDirectory(prefix="pybridge-race-") as name, contextlib.ExitStack() as ends:
        folder = Path(name)
        drivers = _start(contenders, pythons, folder, ends, say)
        for number in range(rounds):
            for case in (one for one in CASES if one in cases):
                for contender in _turned(drivers, number):
                    if case not in contender.cases or (contender.name, case) in failed:
                        continue
                    driver = drivers[contender]
                    run = driver.run_afresh if case in _LARGE else driver.run
                    of_contender = found.setdefault(contender.name, {})
                    try:
                        of_contender.setdefault(case, []).append(run(case, seconds))
                    except NotReady as error:
                        failed.add((contender.name, case))
                        del of_contender[case]
                        say(f"{contender.name} is left out of {case!r}: {error}\n{_said(folder, contender)}")
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
    bundle, token = folder / "race.bundle.json", folder / "token"
    write_bundle(bundle)
    token.touch(mode=0o600)
    token.write_text(secrets.token_urlsafe(24), encoding="ascii")
    os.environ[TOKEN] = str(token)
    drivers = {}
    for contender in contenders:
        python = pythons[contender.environment]
        serve = serve_command(contender, python, f"unix:{folder / contender.name}", bundle, token)
        drive = [str(python), str(HERE / "drive.py"), contender.client]
        try:
            one = running(serve, drive, folder / f"{contender.name}.log")
            drivers[contender] = ends.enter_context(one)
        except (NotReady, OSError) as error:
            say(f"{contender.name} is left out: {error}\n{_said(folder, contender)}")
    return drivers


def _said(folder: Path, contender: Contender) -> str:
    log = folder / f"{contender.name}.log"
    return log.read_text(encoding="utf-8", errors="replace")[-1500:] if log.exists() else ""


def default_python() -> Path:
    return Path(sys.executable)
