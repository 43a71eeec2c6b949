"""Compare neighbouring releases of real libraries, with PyBridge and with the peer side by side.

    python benchmarks/drift/releases.py
    python benchmarks/drift/releases.py --libraries requests click --show

Wheels are fetched once into the user's cache folder and unpacked by pip for the peer, which reads folders; PyBridge reads
the wheels themselves. The peer's side is its own comparison in its own interpreter: two loads without inspection and
`find_breaking_changes`. A run that ends with anything but 0 or 1 is a failure of the benchmark.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from itertools import pairwise
from pathlib import Path

import msgspec

sys.path.insert(0, str(Path(__file__).parent.parent))
from sidebyside.corpus import Library, default_folder, fetch, fetch_peer, read_corpus
from sidebyside.measure import Cost, run

PINS = Path(__file__).parent.parent / "releases.toml"
PEER = Path(__file__).parent / "peer_diff.py"
PYBRIDGE = Path(sys.executable).parent / "pybridge"


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """Two neighbouring releases."""

    package: str
    distribution: str
    old: str
    new: str


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What both said of a step, and what it cost."""

    step: Step
    breaking: int
    findings: int
    changes: int
    rules: dict[str, int]
    without_place: int
    required: str
    declared: str
    cost: Cost
    again: Cost
    peer_breaking: int
    peer_cost: Cost


def steps(names: list[str]) -> list[Step]:
    """Read the pinned steps, of some libraries or all."""
    found = []
    for one in tomllib.loads(PINS.read_text())["release"]:
        if not names or one["import"] in names:
            versions = one["versions"]
            for old, new in pairwise(versions):
                found.append(Step(package=one["import"], distribution=one["distribution"], old=old, new=new))
    return found


def wheel(folder: Path, distribution: str, version: str) -> Path:
    """Make sure that a wheel is here; pip downloads it and runs nothing of it."""
    place = folder / "wheels" / f"{distribution}-{version}"
    if not list(place.glob("*.whl")):
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
        subprocess.run([*command, "--dest", str(place), f"{distribution}=={version}"], check=True)
    return next(iter(sorted(place.glob("*.whl"))))


def compare(step: Step, folder: Path, scratch: Path, peer: Path) -> Outcome:
    """Run both on one step, PyBridge twice: with nothing cached of either side, and again."""
    wheels = [wheel(folder, step.distribution, version) for version in (step.old, step.new)]
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(scratch),
        "PYBRIDGE_STORE": str(scratch / "store.git"),
        "PYBRIDGE_CACHE": str(scratch / "cache"),
    }
    report = scratch / "report.json"
    command = [str(PYBRIDGE), "diff", *(str(one) for one in wheels), "--isolated", "--exit-zero"]
    command += ["--output-format", "json", "--output-file", str(report)]
    cost, again = (run(command, environment=environment, cwd=scratch, output=scratch / "out") for _ in range(2))
    told = json.loads(report.read_text())
    sites = [
        fetch(folder, Library(name=step.package, requirement=f"{step.distribution}=={version}"))
        for version in (step.old, step.new)
    ]
    out = scratch / "peer.json"
    peer_command = [str(peer / "python"), str(PEER), step.package, *(str(one) for one in sites)]
    peer_cost = run(peer_command, environment=environment, cwd=scratch, output=out)
    levels = Counter(one["level"] for one in told["findings"])
    return Outcome(
        step=step,
        breaking=levels["error"],
        findings=len(told["findings"]),
        changes=len(told["changes"]),
        rules=dict(sorted(Counter(one["rule"] for one in told["findings"] if one["level"] == "error").items())),
        without_place=sum(one.get("old") is None or one.get("new") is None for one in told["findings"]),
        required=told["advice"]["required"],
        declared=told["advice"].get("declared", ""),
        cost=cost,
        again=again,
        peer_breaking=len(json.loads(out.read_text())),
        peer_cost=peer_cost,
    )


def row(one: Outcome) -> str:
    """Write a step as a row of the table."""
    rules = ", ".join(f"{rule} {count}" for rule, count in one.rules.items())
    ratio = one.cost.cpu_seconds / one.peer_cost.cpu_seconds
    return (
        f"| {one.step.package} {one.step.old} -> {one.step.new} | {one.breaking} | {one.peer_breaking} | {rules} "
        f"| {one.findings} | {one.changes} | {one.without_place} | {one.required} ({one.declared}) "
        f"| {one.cost.cpu_seconds:.2f} | {one.again.cpu_seconds:.2f} | {one.peer_cost.cpu_seconds:.2f} | {ratio:.2f} "
        f"| {one.cost.largest_bytes / 2**20:.0f} / {one.peer_cost.largest_bytes / 2**20:.0f} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--libraries", nargs="+", default=[], metavar="NAME")
    parser.add_argument("--corpus", type=Path, default=default_folder(), metavar="DIR")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the figures")
    arguments = parser.parse_args()
    peer = fetch_peer(arguments.corpus, read_corpus().peer)
    print("| step | breaking | peer | by rule | findings | changes | no place | required (declared) "
          "| CPU s | again | peer | ratio | MB, peer |")  # fmt: skip
    print("|---|---|---|---|---|---|---|---|---|---|---|---|---|")
    outcomes = []
    for step in steps(arguments.libraries):
        with tempfile.TemporaryDirectory() as scratch:
            outcomes.append(compare(step, arguments.corpus, Path(scratch), peer))
        print(row(outcomes[-1]), flush=True)
    if arguments.json:
        arguments.json.write_bytes(msgspec.json.format(msgspec.json.encode(outcomes)))


if __name__ == "__main__":
    main()
