"""``pybridge-worker serve``: its options, in groups, and the settings that they make."""

import argparse
import os
from pathlib import Path
from typing import Any

from pybridge_worker import logs
from pybridge_worker.commands import cluster, processes
from pybridge_worker.settings import MEBIBYTE, Settings

_LISTEN = """Only a unix socket or the loopback interface is served without TLS. An address that other machines reach needs
a certificate, and clients that are known: by certificates of their own, or by a token."""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser of all."""
    parser = commands.add_parser(
        "serve",
        usage="pybridge-worker serve --bundle FILE [OPTION ...]",
        help="serve the libraries of a bundle",
        description="Serve what a bundle lists, and nothing else, until SIGTERM. "
        "Prints one line on stdout, 'PYBRIDGE READY 1 ADDRESS', once it can be called; all else goes to stderr.",
        epilog="example: pybridge-worker serve --bundle jinja2.bundle.json --listen unix:/run/app/python.sock",
    )
    parser.set_defaults(run=_run)
    parser.add_argument("--bundle", type=Path, required=True, metavar="FILE", help="what `pybridge bundle` wrote")
    parser.add_argument(
        "--also-allow", type=Path, metavar="FILE", help="TOML: what may be called besides the bundle, with reasons"
    )
    parser.add_argument(
        "--python-path",
        type=Path,
        nargs="+",
        action="extend",
        default=[],
        metavar="DIR",
        help="folders to import the libraries from, before the usual ones",
    )
    _add_listening(parser.add_argument_group("listening", _LISTEN))
    _add_processes(parser.add_argument_group("processes and sessions"))
    processes.add_to(parser)
    cluster.add_to(parser)
    _add_limits(parser.add_argument_group("limits"))
    _add_telling(parser.add_argument_group("what it tells"))


def _add_listening(group: "argparse._ArgumentGroup") -> None:
    group.add_argument(
        "--listen",
        metavar="ADDRESS",
        help="unix:PATH or HOST:PORT (port 0: any free one); default: a socket in a new private folder",
    )
    group.add_argument("--tls-cert", type=Path, metavar="FILE", help="the server's certificate chain, PEM")
    group.add_argument("--tls-key", type=Path, metavar="FILE", help="its key, PEM; nobody else may read the file")
    group.add_argument("--tls-client-ca", type=Path, metavar="FILE", help="serve only clients that this CA has signed")
    tokens = group.add_mutually_exclusive_group()
    tokens.add_argument("--token-file", type=Path, metavar="FILE", help="tokens, one a line: clients must have one")
    tokens.add_argument("--token-fd", type=int, metavar="N", help="the same from an open file descriptor")
    group.add_argument("--no-reflection", action="store_true", help="do not describe the service (else only locally)")
    group.add_argument(
        "--keepalive", type=_seconds, default=30.0, metavar="SECONDS", help="ask silent clients if they live (30)"
    )


def _add_processes(group: "argparse._ArgumentGroup") -> None:
    group.add_argument("--workers", type=_count, metavar="N", help="processes that share the sessions (default: 2-4)")
    group.add_argument("--session-ttl", type=_seconds, default=3600.0, metavar="SECONDS", help="idle time (3600)")
    group.add_argument(
        "--cancel-grace", type=_seconds, default=0.5, metavar="SECONDS", help="from interrupt to kill (0.5)"
    )
    group.add_argument("--drain", type=_seconds, default=30.0, metavar="SECONDS", help="for running calls to end (30)")
    group.add_argument("--exit-with-parent", action="store_true", help="stop when stdin ends")
    group.add_argument(
        "--loop", choices=("auto", "asyncio", "uvloop"), default="auto", help="event loop (uvloop where installed)"
    )


def _add_limits(group: "argparse._ArgumentGroup") -> None:
    group.add_argument(
        "--validate",
        choices=("types", "names", "off"),
        default="types",
        help="check arguments against the bundle: declared types and names, names alone, or nothing (types)",
    )
    group.add_argument("--max-message-mib", type=_count, default=64, metavar="N", help="largest message (64)")
    group.add_argument(
        "--max-stored-mib", type=_count, default=16_384, metavar="N", help="uploads and kept results (16384)"
    )
    group.add_argument(
        "--max-session-stored-mib", type=_count, default=4096, metavar="N", help="the same of one session (4096)"
    )
    group.add_argument(
        "--stored-ttl", type=_seconds, default=3600.0, metavar="SECONDS", help="they are kept unused for so long (3600)"
    )
    group.add_argument("--transfer-dir", type=Path, metavar="DIR", help="and there (default: the temporary folder)")
    group.add_argument("--max-objects", type=_count, default=100_000, metavar="N", help="held by a session (100000)")
    group.add_argument("--max-sessions", type=_count, default=10_000, metavar="N", help="open at once (10000)")
    group.add_argument("--max-session-calls", type=_count, default=128, metavar="N", help="of one session (128)")
    group.add_argument("--max-queue", type=_count, default=256, metavar="N", help="waiting for one process (256)")
    group.add_argument("--max-calls", type=_count, default=4096, metavar="N", help="calls at once, of all (4096)")


def _add_telling(group: "argparse._ArgumentGroup") -> None:
    group.add_argument("--show-tracebacks", action="store_true", help="tell clients the traces of exceptions")
    group.add_argument("--log-format", choices=logs.FORMATS, default="text", help="of the log on stderr (text)")
    group.add_argument("--log-level", choices=logs.LEVELS, default="info", help="what is logged (info)")
    group.add_argument("--metrics", metavar="ADDRESS", help="metrics for Prometheus on HOST:PORT (extra: prometheus)")
    group.add_argument("--metrics-anywhere", action="store_true", help="let ADDRESS be one that other machines reach")
    group.add_argument("--otel", action="store_true", help="traces and metrics by OpenTelemetry (extra: otel)")


def _run(chosen: argparse.Namespace) -> int:
    logs.configure(chosen.log_format, chosen.log_level)
    if chosen.log_format == "json":
        # gRPC's own account of failures has no form that a reader of JSON lines could use.
        os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    from pybridge_worker.front import loop  # noqa: PLC0415 - gRPC is not needed to print help
    from pybridge_worker.front.server import serve  # noqa: PLC0415 - as above

    if chosen.otel:
        from pybridge_worker.commands import telemetry  # noqa: PLC0415 - an extra

        telemetry.configure()
    loop.run(serve(_settings(chosen)), chosen.loop)
    return 0


def _settings(chosen: argparse.Namespace) -> Settings:
    from pybridge_worker.hosts.sessions import default_workers  # noqa: PLC0415 - as above

    given: dict[str, Any] = {
        "bundle": chosen.bundle,
        "also_allow": chosen.also_allow,
        "listen": chosen.listen,
        "tls_cert": chosen.tls_cert,
        "tls_key": chosen.tls_key,
        "tls_client_ca": chosen.tls_client_ca,
        "token_file": chosen.token_file,
        "token_descriptor": chosen.token_fd,
        "reflection": not chosen.no_reflection,
        "keepalive_seconds": chosen.keepalive,
        "metrics": chosen.metrics,
        "metrics_anywhere": chosen.metrics_anywhere,
        "otel": chosen.otel,
        "python_path": tuple(str(path.absolute()) for path in chosen.python_path),
        "workers": chosen.workers or default_workers(),
        "show_tracebacks": chosen.show_tracebacks,
        "validation": chosen.validate,
        "exit_with_parent": chosen.exit_with_parent,
        "cancel_grace_seconds": chosen.cancel_grace,
        "drain_seconds": chosen.drain,
        "session_ttl_seconds": chosen.session_ttl,
        "max_message_bytes": chosen.max_message_mib * MEBIBYTE,
        "max_stored_bytes": chosen.max_stored_mib * MEBIBYTE,
        "max_session_stored_bytes": chosen.max_session_stored_mib * MEBIBYTE,
        "stored_ttl_seconds": chosen.stored_ttl,
        "transfer_folder": chosen.transfer_dir,
        "max_objects": chosen.max_objects,
        "max_sessions": chosen.max_sessions,
        "max_session_calls": chosen.max_session_calls,
        "max_queue": chosen.max_queue,
        "max_concurrent_calls": chosen.max_calls,
    }
    return Settings(**given, **processes.settings(chosen), **cluster.settings(chosen))


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
