"""Who races: how each is served, who calls it, and in which cases."""

import sys
import tomllib
from pathlib import Path

import msgspec

HERE = Path(__file__).parent
TOKEN = "PYBRIDGE_RACE_TOKEN"
"""The environment variable that names the file of the worker's token."""
LIBRARY = HERE.parent / "library"
PINS = HERE.parent / "peers.toml"
UNIT, MESSAGES = "bare", "bare-messages"
"""What is measured against: bare gRPC, with bytes and with the worker's own messages. Both always run."""
CASES = ("echo", "json", "eight", "batch", "stream", "coalesced", "array", "download")


class Contender(msgspec.Struct, frozen=True, kw_only=True):
    """One server and its client."""

    name: str
    title: str
    client: str
    """The module in `clients`."""
    cases: tuple[str, ...]
    environment: str | None = None
    """Where both run, of peers.toml. None: this Python."""
    is_default: bool = True


GRPC_CASES = ("echo", "eight", "stream", "array", "download")
CONTENDERS = (
    Contender(name=UNIT, title="bare grpc.aio, bytes", client="bare", cases=GRPC_CASES),
    Contender(name="bare-uvloop", title="bare grpc.aio on uvloop, bytes", client="bare", cases=GRPC_CASES[:3]),
    Contender(
        name=MESSAGES,
        title="bare grpc.aio, the worker's messages",
        client="worker",
        cases=("echo", "eight", "stream"),
    ),
    Contender(name="worker", title="pybridge-worker", client="worker", cases=CASES),
    Contender(
        name="rpyc", title="RPyC, a dictionary by reference", client="netref", cases=("echo",), environment="plain"
    ),
    Contender(name="fastapi", title="FastAPI and httpx", client="web", cases=("echo", "eight"), environment="plain"),
    Contender(
        name="ray",
        title="Ray Serve's gRPC proxy",
        client="rayserve",
        cases=("echo", "eight"),
        environment="ray",
        is_default=False,
    ),
)


def chosen(names: list[str]) -> tuple[Contender, ...]:
    """Return the contenders of these names and the unit, in their order; without names all that are cheap to install."""
    return tuple(
        one for one in CONTENDERS if one.name in (UNIT, MESSAGES) or (one.name in names if names else one.is_default)
    )


def requirements(environment: str, path: Path = PINS) -> tuple[str, ...]:
    """Return what is installed for an environment; raises KeyError for one that is not pinned."""
    return tuple(tomllib.loads(path.read_text(encoding="utf-8"))["environment"][environment]["requirements"])


def serve_command(contender: Contender, python: Path, address: str, bundle: Path, token: Path) -> list[str]:
    """Return the command of a contender's server; it prints its address when it can be called."""
    serve = HERE / "serve"
    match contender.name:
        case "worker":
            command = [sys.executable, "-m", "pybridge_worker", "serve", "--bundle", str(bundle)]
            return [*command, "--listen", address, "--python-path", str(LIBRARY), "--token-file", str(token)]
        case "bare" | "bare-messages":
            return [str(python), str(serve / "bare.py"), address, "asyncio"]
        case "bare-uvloop":
            return [str(python), str(serve / "bare.py"), address, "uvloop"]
        case name:
            scripts = {"rpyc": "netref.py", "fastapi": "web.py", "ray": "rayserve.py"}
            return [str(python), str(serve / scripts[name]), address]
