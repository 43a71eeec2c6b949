"""The options of ``pybridge-worker serve`` about the processes that run the libraries."""

import argparse
from pathlib import Path
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
    group.add_argument(
        "--max-process-sessions", type=count, default=16, metavar="N", help="with a process of their own (16)"
    )
    group.add_argument(
        "--max-key-sessions", type=count, default=1000, metavar="N", help="with the same affinity key (1000)"
    )
    group.add_argument("--max-coroutines", type=count, default=1000, metavar="N", help="of one process at once (1000)")
    _add_confinement(
        parser.add_argument_group(
            "what worker processes may do",
            "Without more, they read their import paths and the system's files, write a temporary folder of their own, "
            "open sockets, and start no programs.",
        )
    )


def _add_confinement(group: "argparse._ArgumentGroup") -> None:
    group.add_argument(
        "--sandbox",
        choices=("required", "best-effort", "off"),
        default="best-effort",
        help="refuse to start without it; as far as the kernel goes (the default); or not",
    )
    for name, what in (("--allow-read", "read"), ("--allow-write", "read and write")):
        group.add_argument(
            name, type=_there, nargs="+", action="extend", default=[], metavar="PATH", help=f"let them {what} this too"
        )
    group.add_argument("--allow-programs", action="store_true", help="let them start programs")
    group.add_argument("--deny-network", action="store_true", help="let them open no sockets")
    group.add_argument("--max-memory-mib", type=count, default=0, metavar="N", help="of one process (no limit)")
    group.add_argument("--max-cpu-seconds", type=count, default=0, metavar="N", help="of one process (no limit)")


def settings(chosen: argparse.Namespace) -> dict[str, Any]:
    """Give what they set of `Settings`."""
    return {
        "preload": tuple(chosen.preload),
        "fork": not chosen.no_fork,
        "recycle_calls": chosen.recycle_calls,
        "recycle_rss_bytes": chosen.recycle_rss_mib * MEBIBYTE,
        "crash_limit": chosen.crash_limit,
        "max_process_sessions": chosen.max_process_sessions,
        "max_key_sessions": chosen.max_key_sessions,
        "max_coroutines": chosen.max_coroutines,
        "sandbox": chosen.sandbox,
        "allow_read": tuple(map(str, chosen.allow_read)),
        "allow_write": tuple(map(str, chosen.allow_write)),
        "allow_programs": chosen.allow_programs,
        "allow_network": not chosen.deny_network,
        "max_memory_bytes": chosen.max_memory_mib * MEBIBYTE,
        "max_cpu_seconds": chosen.max_cpu_seconds,
    }


def count(text: str) -> int:
    """Read a number of at least 1."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("it must be at least 1")
    return number


def _there(text: str) -> Path:
    """Read the path of something that is there: what comes later is not let in."""
    path = Path(text).absolute()
    if not path.exists():
        raise argparse.ArgumentTypeError(f"{text} is not there")
    return path
