"""The options of ``pybridge-worker serve`` about the processes that run the libraries."""

import argparse
from typing import Any

from pybridge_worker.settings import MEBIBYTE


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
    group.add_argument(
        "--recycle-calls", type=count, default=0, metavar="N", help="replace a process after so many calls (never)"
    )
    group.add_argument(
        "--recycle-rss-mib", type=count, default=0, metavar="N", help="replace a process of this size (never)"
    )
    group.add_argument(
        "--crash-limit",
        type=count,
        default=20,
        metavar="N",
        help="crashes of a place within a minute that stop it (20)",
    )
    group.add_argument("--max-coroutines", type=count, default=1000, metavar="N", help="of one process at once (1000)")


def settings(chosen: argparse.Namespace) -> dict[str, Any]:
    """Give what they set of `Settings`."""
    return {
        "preload": tuple(chosen.preload),
        "fork": not chosen.no_fork,
        "recycle_calls": chosen.recycle_calls,
        "recycle_rss_bytes": chosen.recycle_rss_mib * MEBIBYTE,
        "crash_limit": chosen.crash_limit,
        "max_coroutines": chosen.max_coroutines,
    }


def count(text: str) -> int:
    """Read a number of at least 1."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("it must be at least 1")
    return number
