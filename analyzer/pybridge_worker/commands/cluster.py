"""The options of ``pybridge-worker serve`` about where worker processes run: on this machine, or on many."""

import argparse
from pathlib import Path
from typing import Any

from pybridge_worker.errors import BadOption

HOSTS = ("local", "ray")
_ABOUT = """Worker processes run on this machine, or on the nodes of a Ray cluster: one that is started here, for this
server alone, or one that is there and asks for a token. The libraries must be installed on the nodes."""


def add_to(parser: argparse.ArgumentParser) -> None:
    """Add the options, in a group."""
    group = parser.add_argument_group("many machines", _ABOUT)
    group.add_argument("--host", choices=HOSTS, default="local", help="where worker processes run (local)")
    group.add_argument("--ray-address", metavar="ADDRESS", help="the cluster to join: HOST:PORT, or auto")
    group.add_argument("--ray-insecure", action="store_true", help="join a cluster that asks nobody for a token")
    group.add_argument(
        "--ray-resources",
        type=_resource,
        nargs="+",
        action="extend",
        default=[],
        metavar="NAME=AMOUNT",
        help="of a node, for each worker process: CPU, GPU, memory (bytes), or your own (none)",
    )
    group.add_argument("--ray-runtime-env", type=Path, metavar="FILE", help="Ray's runtime_env of the actors, in JSON")


def settings(chosen: argparse.Namespace) -> dict[str, Any]:
    """Give what they set of `Settings`.

    Raises:
        BadOption: one of them is of no use with another.
    """
    given = {
        "ray_address": chosen.ray_address,
        "ray_insecure": chosen.ray_insecure,
        "ray_resources": dict(chosen.ray_resources),
        "ray_runtime_env": chosen.ray_runtime_env,
    }
    if chosen.host != "ray":
        for name, value in given.items():
            if value:
                raise BadOption(f"--{name.replace('_', '-')}", "it is of use with --host ray only")
    return {"host": chosen.host, **given}


def _resource(text: str) -> tuple[str, float]:
    name, _, amount = text.partition("=")
    try:
        number = float(amount)
    except ValueError:
        number = -1.0
    if not name or not 0 <= number < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=AMOUNT")
    return name, int(number) if number.is_integer() else number
