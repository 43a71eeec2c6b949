"""Ray itself: a cluster started or joined, actors on its nodes. The one file that loads it, and only when it is wanted.

A cluster that we start is for this server alone: on the loopback interface, with a token of its own, in a folder that
only this user can enter. One that we join must ask everyone for a token: whoever reaches a Ray cluster that does not
can run what they like on its nodes, past everything that this server allows and refuses.
"""

import asyncio
import contextlib
import io
import json
import logging
import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import grpc

from pybridge_worker import logs
from pybridge_worker.errors import BadOption
from pybridge_worker.hosts.ray import relay
from pybridge_worker.settings import MEBIBYTE, Settings

MODE, TOKEN = "RAY_AUTH_MODE", "RAY_AUTH_TOKEN"
_PROBE = "/ray.rpc.NodeInfoGcsService/CheckAlive"
"""Answered by every cluster to those it lets in, and harmless."""
_PROBE_SECONDS = 10.0
_AMOUNTS = {"CPU": "num_cpus", "GPU": "num_gpus", "memory": "memory"}
_LONGEST_FOLDER = 40
"""Ray puts sockets below it, whose paths may have 107 bytes."""
_log = logging.getLogger(__name__)


class _Said(io.TextIOBase):
    """A text stream whose lines are events of our log."""

    def __init__(self) -> None:
        self._part = ""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        *lines, self._part = (self._part + text).split("\n")
        for line in filter(str.strip, lines):
            logs.event(_log, logging.INFO, "ray_said", line=line)
        return len(text)


class Cluster:
    """A cluster that this process is connected to. Actors are Ray's handles, awaitables its references."""

    def __init__(self, ray: Any, settings: Settings, folder: Path | None) -> None:
        self._ray = ray
        self._folder = folder
        self.errors: tuple[type[Exception], ...] = (ray.exceptions.RayError, asyncio.TimeoutError, *relay.NONSENSE)
        """What an answer of an actor raises that is gone, or out of reach, or silent, or confused."""
        self._options = {
            "num_cpus": 0,
            **_amounts(settings.ray_resources),
            "max_restarts": 0,
            "max_task_retries": 0,
            # Each coroutine is a running method; what ends them must never wait behind them.
            "max_concurrency": 2 * settings.max_coroutines + 1000,
            "enable_task_events": False,
        }

    def actor(self, of: type, argument: object, node: str = "") -> Any:
        """Ask for an actor, on this node if it has room; gives a handle at once, before there is one."""
        strategy: Any = "SPREAD"
        if node:
            from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy  # noqa: PLC0415 - see the module

            strategy = NodeAffinitySchedulingStrategy(node, soft=True)
        return self._ray.remote(**self._options, scheduling_strategy=strategy)(of).remote(argument)

    def put(self, data: bytes) -> Any:
        """Give data to the cluster once, for many actors."""
        return self._ray.put(data)

    def end(self, actor: Any) -> None:
        """End an actor, wherever it is and whatever it does; no error when it is gone."""
        with contextlib.suppress(*self.errors):
            self._ray.kill(actor, no_restart=True)

    def close(self) -> None:
        """Leave the cluster; one that we started ends. Blocks."""
        self._ray.shutdown()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)


def connect(settings: Settings) -> Cluster:
    """Start a cluster of our own, or join the one at `ray_address`. Blocks for seconds; not for the main thread.

    Raises:
        BadOption: it cannot be joined, or must not be.
    """
    _check(settings)
    given = _runtime_env(settings.ray_runtime_env)
    if settings.ray_address is None:
        _prepare_own()
    try:
        import ray  # noqa: PLC0415 - large, and there only with the extra
    except ImportError as error:
        raise BadOption("--host", "Ray is not installed here (install pybridge-worker[ray])") from error
    _take_over_output()
    folder = _own_folder() if settings.ray_address is None else None
    told = {"log_to_driver": False, "configure_logging": False, "logging_level": logging.ERROR, "namespace": "pybridge"}
    where = _own(settings, folder) if folder is not None else {"address": settings.ray_address}
    try:
        ray.init(**where, **told, runtime_env=given)
    except (ConnectionError, RuntimeError, ValueError, OSError, ray.exceptions.RayError) as error:
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
        raise BadOption("--host" if folder else "--ray-address", _first_line(error)) from error
    if folder is None and not settings.ray_insecure:
        _check_asks_for_token(ray)
    return Cluster(ray, settings, folder)


def here() -> tuple[str, str]:
    """The node that this process is on: Ray's id of it, and its address."""
    import ray  # noqa: PLC0415 - as above

    node: str = ray.get_runtime_context().get_node_id()
    address: str = ray.util.get_node_ip_address()
    return node, address


def _take_over_output() -> None:
    """Send to the log what Ray says in this process: part of it goes to stdout, which belongs to whoever started us."""
    sys.stdout = _Said()
    logger = logging.getLogger("ray")
    logger.handlers.clear()
    logger.propagate = True
    logger.setLevel(logging.ERROR)


def _check(settings: Settings) -> None:
    address = settings.ray_address
    if address is None:
        return
    if "://" in address:
        why = "a server is a node's process, not a Ray client: start it on a node, and give `auto` or HOST:PORT"
        raise BadOption("--ray-address", why)
    if settings.ray_insecure:
        logs.event(_log, logging.WARNING, "ray_cluster_open_to_all", address=address)
        return
    if os.environ.setdefault(MODE, "token").lower() != "token":
        raise BadOption("--ray-address", f"{MODE} is not `token`: {_why_token()}")


def _check_asks_for_token(ray: Any) -> None:
    """Refuse a cluster that answers to a stranger. With mutual TLS a stranger has no channel to ask on."""
    if os.environ.get("RAY_USE_TLS", "0") != "0":
        return
    address: str = ray.get_runtime_context().gcs_address
    answer = "an answer"
    try:
        with grpc.insecure_channel(address) as channel:
            ask: Any = channel.unary_unary(_PROBE)
            ask(b"", timeout=_PROBE_SECONDS)
    except grpc.RpcError as error:
        code = error.code()
        if code is grpc.StatusCode.UNAUTHENTICATED:
            return
        answer = code.name
    ray.shutdown()
    raise BadOption("--ray-address", f"asked without a token, the cluster at {address} gave {answer}: {_why_token()}")


def _why_token() -> str:
    return (
        f"start all of its nodes with {MODE}=token and one token, or, where nobody else can reach them, "
        "this server with --ray-insecure"
    )


def _prepare_own() -> None:
    """Set what a cluster of our own reads of the environment, some of it when Ray is loaded."""
    os.environ |= {
        MODE: "token",
        TOKEN: secrets.token_hex(32),
        "RAY_USAGE_STATS_ENABLED": "0",
        # As it is on macOS and Windows: 127.0.0.1 stays that, and all of it listens there alone.
        "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
    }


def _own_folder() -> Path:
    parent = tempfile.gettempdir()
    return Path(tempfile.mkdtemp(prefix="pybridge-ray-", dir=parent if len(parent) < _LONGEST_FOLDER else "/tmp"))  # noqa: S108 - a new folder of ours


def _own(settings: Settings, folder: Path) -> Mapping[str, Any]:
    return {
        "address": "local",
        "_node_ip_address": "127.0.0.1",
        "_temp_dir": str(folder),
        "include_dashboard": False,
        "object_store_memory": max(256 * MEBIBYTE, 4 * settings.max_message_bytes),
    }


def _amounts(wanted: Mapping[str, float]) -> dict[str, Any]:
    """Ray's options for the resources that each actor asks for."""
    known = {_AMOUNTS[name]: amount for name, amount in wanted.items() if name in _AMOUNTS}
    return {**known, "resources": {name: amount for name, amount in wanted.items() if name not in _AMOUNTS} or None}


def _runtime_env(path: Path | None) -> Mapping[str, Any] | None:
    if path is None:
        return None
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadOption("--ray-runtime-env", f"{path}: {_first_line(error)}") from error
    if not isinstance(found, dict):
        raise BadOption("--ray-runtime-env", f"{path}: it is not a JSON object")
    return found


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:300] if lines else type(error).__name__
