"""The command ``pybridge-worker``."""

import argparse
import sys
from collections.abc import Sequence

from pybridge_worker import __version__
from pybridge_worker.commands import serve, status
from pybridge_worker.errors import StartupError

USAGE_ERROR = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; gives its exit code: 2 when it was asked for what it cannot do."""
    chosen = parser().parse_args(arguments)
    try:
        code: int = chosen.run(chosen)
    except StartupError as error:
        print(f"pybridge-worker: error: {error}", file=sys.stderr)  # noqa: T201 - a command speaks
        return USAGE_ERROR
    return code


def parser() -> argparse.ArgumentParser:
    """The commands with their options; what is chosen has the command's function in `run`."""
    found = argparse.ArgumentParser(
        prog="pybridge-worker", description="Runs Python libraries for clients of pybridge.v1 over gRPC."
    )
    found.add_argument("--version", action="version", version=f"pybridge-worker {__version__}")
    commands = found.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for command in (serve, status):
        command.add_to(commands)
    return found
