"""The options of ``pybridge-worker serve`` about the processes that run the libraries."""

import argparse
from typing import Any


def add_to(parser: argparse.ArgumentParser) -> None:
    """Add the options, in groups."""
    group = parser.add_argument_group("how worker processes are made and ended")
    group.add_argument(
        "--preload",
        nargs="+",
        action="extend",
        default=[],
        metavar="MODULE",
        help="import before the first call, in the process that workers are forked from",
    )
    group.add_argument("--no-fork", action="store_true", help="start every worker process anew")


def settings(chosen: argparse.Namespace) -> dict[str, Any]:
    """Give what they set of `Settings`."""
    return {
        "preload": tuple(chosen.preload),
        "fork": not chosen.no_fork,
    }
