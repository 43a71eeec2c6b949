"""Servers and drivers as processes, and the CPU time that a process and its children have had."""

import contextlib
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import msgspec

_PATIENCE_SECONDS = 20.0


class Slice(msgspec.Struct, frozen=True, kw_only=True):
    """What one contender did in one case of one round."""

    calls: int
    operations: int
    wall: float
    cpu: float
    """Of the client."""
    server_cpu: float = 0.0
    """Of the server and all its processes."""
    p50: float
    p99: float
    peak_bytes: int
    """Of the client so far."""


class NotReady(Exception):
    """A process ended before it said that it is ready."""


class Driver:
    """A server, and the client's process that calls it."""

    def __init__(self, drive: list[str], errors: IO[bytes], server: int) -> None:
        self._drive = drive
        self._errors = errors
        self._server = server
        self._client = self._fresh()

    def close(self) -> None:
        _end(self._client)

    def run_afresh(self, case: str, seconds: float) -> Slice:
        """As `run`, by a client of its own: its peak is that of this case."""
        kept, self._client = self._client, self._fresh()
        try:
            return self.run(case, seconds)
        finally:
            self._client, mine = kept, self._client
            _end(mine)

    def run(self, case: str, seconds: float) -> Slice:
        """Do a case for some time.

        Raises:
            NotReady: the client ended.
        """
        self._ask(case, None)
        before = cpu_seconds(self._server)
        told = self._ask(case, seconds)
        return msgspec.convert({**told, "server_cpu": cpu_seconds(self._server) - before}, Slice)

    def _ask(self, case: str, seconds: float | None) -> dict[str, float]:
        """Have a case done; without seconds, only what it needs beforehand."""
        assert self._client.stdin is not None
        self._client.stdin.write(json.dumps({"case": case, "seconds": seconds}) + "\n")
        self._client.stdin.flush()
        try:
            told: dict[str, float] = json.loads(_line(self._client))
        except NotReady:
            _end(self._client)
            self._client = self._fresh()
            raise
        return told

    def _fresh(self) -> "subprocess.Popen[str]":
        client = _started(self._drive, self._errors)
        _line(client)
        return client


@contextlib.contextmanager
def running(serve: list[str], drive: list[str], log: Path) -> Iterator[Driver]:
    """Start a server and its client; end both. The client gets the server's address as its last argument."""
    with log.open("wb") as errors, contextlib.ExitStack() as ends:
        server = _started(serve, errors)
        ends.callback(_end, server)
        driver = Driver([*drive, _line(server).split()[-1]], errors, server.pid)
        ends.callback(driver.close)
        yield driver


def cpu_seconds(pid: int) -> float:
    """Return the CPU time of a process and its living descendants so far, to the nanosecond where the kernel tells it."""
    total, waiting = 0.0, [pid]
    while waiting:
        for task in _tasks(waiting.pop()):
            with contextlib.suppress(OSError):
                total += int((task / "schedstat").read_text().split()[0]) / 1e9
                waiting += [int(one) for one in (task / "children").read_text().split()]
    return total


def _tasks(pid: int) -> list[Path]:
    try:
        return list(Path("/proc", str(pid), "task").iterdir())
    except OSError:
        return []


def _started(command: list[str], errors: IO[bytes]) -> "subprocess.Popen[str]":
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True)


def _line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise NotReady(f"{process.args!r} ended with {process.wait(_PATIENCE_SECONDS)}")
    return line


def _end(process: "subprocess.Popen[str]") -> None:
    process.terminate()
    with process:  # which closes its pipes
        try:
            process.wait(_PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
