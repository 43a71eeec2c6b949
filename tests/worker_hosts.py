"""Where the servers of the worker's tests have their processes: on this machine, or on a Ray cluster of the tests'.

`PYBRIDGE_WORKER_HOST=ray` chooses Ray, which must be installed; `make test-ray` sees to both.
"""

import os
import secrets
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

HOST = os.environ.get("PYBRIDGE_WORKER_HOST", "local")
IS_RAY = HOST == "ray"
SECONDS = 60.0 if IS_RAY else 20.0
"""How long anything may take. Actors start slowly, and all the more beside others."""

only_on_ray = pytest.mark.skipif(not IS_RAY, reason="it is about Ray: make test-ray")


def not_on_ray(why):
    return pytest.mark.skipif(IS_RAY, reason=why)


class RayCluster:
    """A cluster of one node on the loopback interface, that asks for a token unless its mode is another."""

    def __init__(self, mode="token"):
        self.folder = Path(tempfile.mkdtemp(prefix="ray-", dir="/tmp"))  # paths of sockets must be short
        self.environment = {
            "RAY_AUTH_MODE": mode,
            "RAY_AUTH_TOKEN": secrets.token_hex(32),
            "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",  # stay on 127.0.0.1
            "RAY_USAGE_STATS_ENABLED": "0",
        }
        self.address = f"127.0.0.1:{free_port()}"
        with (self.folder / "log").open("wb") as log:
            self.process = subprocess.Popen(
                [Path(sys.executable).parent / "ray", *self._arguments()],
                env={**os.environ, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                bufsize=0,  # what is not read yet must be seen by select
            )
        self._wait_until_it_runs()

    @property
    def serve_arguments(self):
        return ("--host", "ray", "--ray-address", self.address)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=SECONDS)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _arguments(self):
        port = self.address.partition(":")[2]
        size = 300 * 1024 * 1024
        return (
            *("start", "--head", "--block", "--num-cpus=2", "--node-ip-address=127.0.0.1", "--include-dashboard=false"),
            *(f"--port={port}", f"--temp-dir={self.folder}", f"--object-store-memory={size}"),
        )

    def _wait_until_it_runs(self):
        while True:
            ready, _, _ = select.select([self.process.stdout], [], [], SECONDS)
            line = self.process.stdout.readline() if ready else b""
            assert line, (self.folder / "log").read_text()
            if b"Ray runtime started" in line:
                return


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]
