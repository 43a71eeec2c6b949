"""Race the worker against bare grpc.aio and other ways to call Python from elsewhere, and write the tables of the docs.

    python benchmarks/worker/bench.py
    python benchmarks/worker/bench.py --only rpyc fastapi --cases echo --rounds 10
    python benchmarks/worker/bench.py --json build/worker.json --table docs/benchmarks-worker.md

Run it with the Python that the worker is installed for. Peers get virtual environments of their own, outside of the tree.
docs/benchmarks-worker.md says what is measured and how to read it.
"""

import argparse
import importlib.metadata
import os
import platform
import subprocess
import sys
from pathlib import Path

import msgspec
from race.contenders import CASES, CONTENDERS, Contender, chosen
from race.environments import default_folder, python_of
from race.rounds import default_python, race
from race.table import Session, lines, update


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    contenders = chosen([*options.only, "worker"] if options.only else [])
    pythons, ready = _pythons(options.folder.absolute(), contenders)
    before = os.getloadavg()[0]
    slices = race(ready, pythons, options.cases, options.rounds, options.seconds, _say)
    session = Session(
        machine=_machine(),
        options=_options(),
        rounds=options.rounds,
        load=(before, os.getloadavg()[0]),
        slices=slices,
    )
    if options.json is not None:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_bytes(msgspec.json.format(msgspec.json.encode(session), indent=2))
    if options.table is not None:
        update(options.table, session)
    print("\n".join(lines(session)))
    return 0 if len(slices) == len(contenders) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = [one.name for one in CONTENDERS]
    parser.add_argument(
        "--only",
        nargs="+",
        choices=names,
        default=[],
        metavar="NAME",
        help=f"of {', '.join(names)}; default: all but ray; bare gRPC and the worker always run",
    )
    parser.add_argument(
        "--cases", nargs="+", choices=CASES, default=CASES, metavar="CASE", help=f"of {', '.join(CASES)}"
    )
    parser.add_argument("--rounds", type=_at_least_one, default=7, metavar="N")
    parser.add_argument("--seconds", type=float, default=0.5, metavar="S", help="of each case in a round (0.5)")
    parser.add_argument("--folder", type=Path, default=default_folder(), metavar="DIR", help="where peers are kept")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the slices")
    parser.add_argument("--table", type=Path, metavar="FILE", help="write the tables between the markers of a page")
    return parser


def _at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(text)
    return number


def _pythons(folder: Path, contenders: tuple[Contender, ...]) -> tuple[dict[str | None, Path], tuple[Contender, ...]]:
    """The Python of each environment, and the contenders whose environment could be made."""
    pythons: dict[str | None, Path] = {None: default_python()}
    for name in {one.environment for one in contenders} - {None}:
        assert name is not None
        try:
            pythons[name] = python_of(folder, name)
        except subprocess.CalledProcessError as error:
            _say(f"the environment {name!r} cannot be made: {error}")
    return pythons, tuple(one for one in contenders if one.environment in pythons)


def _machine() -> str:
    system = f"{platform.system()} {platform.machine()}"
    return f"{os.cpu_count()} cores, {system}, Python {platform.python_version()}, grpcio {_version('grpcio')}"


def _options() -> str:
    return f"token, validation, a session a client, processes for user code; {_loop()}"


def _loop() -> str:
    version = _version("uvloop")
    return f"uvloop {version}" if version else "asyncio's own loop"


def _version(distribution: str) -> str | None:
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return None


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
