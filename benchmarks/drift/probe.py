"""The probe of 58 changes that users notice, and its counterpart of changes that nobody can, with the peer side by side.

    python benchmarks/drift/probe.py
    python benchmarks/drift/probe.py --show

Both read the same folders (`tests/compat/probe`, `tests/compat/unchanged`). Every case is a symbol whose name has its
number, so a breakage that names it counts as found, whatever it says of it; the test beside the folders is stricter. The
peer runs in an interpreter of its own: two loads without inspection and `find_breaking_changes`.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable
from pathlib import Path

import msgspec

sys.path.insert(0, str(Path(__file__).parent.parent))
from sidebyside.corpus import default_folder, fetch_peer, read_corpus

FOLDER = Path(__file__).parents[2] / "tests" / "compat"
CASES = {one["number"]: one["change"] for one in tomllib.loads((FOLDER / "probe" / "cases.toml").read_text())["case"]}
PEER = Path(__file__).parent / "peer_diff.py"
PYBRIDGE = Path(sys.executable).parent / "pybridge"
_NUMBER = re.compile(r"(?:\b[cC]|Base|Other)(\d\d)")


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a program said."""

    what: str
    """Rule or kind."""
    names: str
    """Paths of the symbols that it names."""
    places: int
    """On how many sides it says file and line."""
    is_unknown: bool = False
    """Says that the text does not decide it."""

    @property
    def case(self) -> int | None:
        """The number of the case that it is about; None for anything else."""
        found = _NUMBER.search(self.names)
        return int(found[1]) if found and int(found[1]) in CASES else None


def ours(pair: str, package: str) -> list[Told]:
    """Compare with PyBridge, as a user does."""
    sides = [str(FOLDER / pair / side / package) for side in ("old", "new")]
    with tempfile.TemporaryDirectory() as scratch:
        environment = {**os.environ, "PYBRIDGE_STORE": f"{scratch}/store.git", "PYBRIDGE_CACHE": f"{scratch}/cache"}
        command = [str(PYBRIDGE), "diff", *sides, "--isolated", "--exit-zero", "--output-format", "json"]
        answer = subprocess.run(command, check=True, capture_output=True, env=environment)
    return [
        Told(
            what=one["rule"],
            names=f"{one['symbol']} {one['public_path']}",
            places=sum(one.get(side) is not None for side in ("old", "new")),
            is_unknown="unknown" in one["verdict"].values(),
        )
        for one in json.loads(answer.stdout)["findings"]
    ]


def peers(python: Path, pair: str, package: str) -> list[Told]:
    """Compare with the peer."""
    sides = [str(FOLDER / pair / side) for side in ("old", "new")]
    answer = subprocess.run([str(python), str(PEER), package, *sides], check=True, capture_output=True)
    return [
        Told(what=one["kind"], names=one["path"], places=int(one["line"] is not None))
        for one in json.loads(answer.stdout)
    ]


def row(name: str, probe: Iterable[Told], unchanged: Iterable[Told]) -> str:
    """Write what a program found as a row of the table."""
    told, calm = list(probe), list(unchanged)
    found = {one.case for one in told} - {None}
    noise = [one for one in told if one.case is None]
    false = [one for one in calm if not one.is_unknown]
    places = [one.places for one in told if one.case is not None]
    shares = ", ".join(f"{number}: {places.count(number)} times" for number in (2, 1, 0) if places.count(number))
    unknown = f", and {len(calm) - len(false)} unknown" if len(calm) > len(false) else ""
    return f"| {name} | {len(found)} of {len(CASES)} | {len(noise)} | {len(false)}{unknown} | {shares} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=default_folder(), metavar="DIR")
    parser.add_argument("--show", action="store_true", help="list what each program missed, and what it said in vain")
    arguments = parser.parse_args()
    requirement = read_corpus().peer
    python = fetch_peer(arguments.corpus, requirement) / "python"
    told = {
        "PyBridge": (ours("probe", "probe"), ours("unchanged", "calm")),
        requirement.replace("==", " "): (peers(python, "probe", "probe"), peers(python, "unchanged", "calm")),
    }
    print("| program | changes found | other findings | findings on what is unchanged | sides with a place |")
    print("|---|---|---|---|---|")
    for name, (probe, unchanged) in told.items():
        print(row(name, probe, unchanged))
    for name, (probe, unchanged) in told.items() if arguments.show else ():
        found = {one.case for one in probe}
        print(
            f"\n{name} missed:",
            *(f"\n  {number:2} {change}" for number, change in CASES.items() if number not in found),
        )
        vain = [*(one for one in probe if one.case is None), *(one for one in unchanged if not one.is_unknown)]
        print(f"{name} in vain:", *(f"\n  {one.what} {one.names}" for one in vain))


if __name__ == "__main__":
    main()
