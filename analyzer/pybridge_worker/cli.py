"""The command ``pybridge-worker``."""

import argparse
import asyncio
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from pybridge_worker import __version__
from pybridge_worker.errors import StartupError

USAGE_ERROR = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; gives the exit code: 0 after a drained stop, 2 when the server cannot start."""
    chosen = _parser().parse_args(arguments)
    from pybridge_worker.front.server import serve  # noqa: PLC0415 - gRPC is not needed to print help
    from pybridge_worker.hosts.sessions import default_workers  # noqa: PLC0415
    from pybridge_worker.settings import MEBIBYTE, Settings  # noqa: PLC0415

    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="pybridge-worker: %(levelname)s %(message)s")
    settings = Settings(
        bundle=chosen.bundle,
        listen=chosen.listen,
        python_path=tuple(str(path.absolute()) for path in chosen.python_path),
        workers=chosen.workers or default_workers(),
        show_tracebacks=chosen.show_tracebacks,
        exit_with_parent=chosen.exit_with_parent,
        cancel_grace_seconds=chosen.cancel_grace,
        drain_seconds=chosen.drain,
        session_ttl_seconds=chosen.session_ttl,
        max_message_bytes=chosen.max_message_mib * MEBIBYTE,
        max_objects=chosen.max_objects,
    )
    try:
        asyncio.run(serve(settings))
    except StartupError as error:
        print(f"pybridge-worker: error: {error}", file=sys.stderr)  # noqa: T201 - a command speaks
        return USAGE_ERROR
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pybridge-worker", description="Runs Python libraries for clients of pybridge.v1 over gRPC."
    )
    parser.add_argument("--version", action="version", version=f"pybridge-worker {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    serve = commands.add_parser(
        "serve",
        help="serve the libraries of a bundle",
        description="Serve what a bundle lists, and nothing else, until SIGTERM. "
        "Prints one line on stdout, 'PYBRIDGE READY 1 ADDRESS', once it can be called; all else goes to stderr.",
        epilog="example: pybridge-worker serve --bundle jinja2.bundle.json --listen unix:/run/app/python.sock",
    )
    serve.add_argument("--bundle", type=Path, required=True, metavar="FILE", help="what `pybridge bundle` wrote")
    serve.add_argument(
        "--listen",
        metavar="ADDRESS",
        help="unix:PATH or 127.0.0.1:PORT (0: any free port); default: a socket in a new private folder",
    )
    serve.add_argument(
        "--python-path",
        type=Path,
        nargs="+",
        action="extend",
        default=[],
        metavar="DIR",
        help="folders to import the libraries from, before the usual ones",
    )
    serve.add_argument("--workers", type=_count, metavar="N", help="processes that share the sessions (default: 2-4)")
    serve.add_argument("--session-ttl", type=_seconds, default=3600.0, metavar="SECONDS", help="idle time (3600)")
    serve.add_argument("--max-objects", type=_count, default=100_000, metavar="N", help="held by a session (100000)")
    serve.add_argument("--max-message-mib", type=_count, default=64, metavar="N", help="largest message (64)")
    serve.add_argument(
        "--cancel-grace", type=_seconds, default=0.5, metavar="SECONDS", help="from interrupt to kill (0.5)"
    )
    serve.add_argument("--drain", type=_seconds, default=30.0, metavar="SECONDS", help="for running calls to end (30)")
    serve.add_argument("--show-tracebacks", action="store_true", help="tell clients the traces of exceptions")
    serve.add_argument("--exit-with-parent", action="store_true", help="stop when stdin ends")
    return parser


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("it must be at least 1")
    return number


def _seconds(text: str) -> float:
    number = float(text)
    if not 0 <= number < 1e9:
        raise argparse.ArgumentTypeError("it must be a number of seconds")
    return number
