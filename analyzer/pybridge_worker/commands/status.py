"""``pybridge-worker status``: how a running server is, for a person or as JSON."""

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from pybridge_worker.errors import BadOption

if TYPE_CHECKING:
    import grpc

SERVING, NOT_SERVING, NOT_REACHED = 0, 1, 3
_MEBIBYTE = 1024 * 1024


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What a server said of itself; the form of ``--output-format json``."""

    address: str
    state: str
    """``serving``, ``not serving`` (no process stays up) or ``draining``."""
    server_version: str
    python_version: str
    protocol: tuple[int, int]
    uptime_seconds: float
    libraries: dict[str, str]
    """Distribution to version."""
    library_digests: dict[str, str]
    features: tuple[str, ...]
    limits: dict[str, float]
    load: dict[str, int]
    workers: tuple[dict[str, Any], ...]
    sessions: tuple[dict[str, Any], ...]


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser of all."""
    parser = commands.add_parser(
        "status",
        help="ask a running server how it is",
        description="Ask a running server for its health, load, processes and sessions. "
        "Exit code 0: it serves; 1: it does not, or is stopping; 3: it cannot be asked.",
        epilog="example: pybridge-worker status unix:/run/app/python.sock --output-format json",
    )
    parser.set_defaults(run=_run)
    parser.add_argument("address", metavar="ADDRESS", help="what the server said it listens on")
    parser.add_argument("--output-format", choices=("text", "json"), default="text", help="(text)")
    parser.add_argument("--health", action="store_true", help="ask for health only, as a probe does; needs no token")
    parser.add_argument("--timeout", type=float, default=5.0, metavar="SECONDS", help="for the answer (5)")
    parser.add_argument("--token-file", type=Path, metavar="FILE", help="the first token in it is sent")
    parser.add_argument("--tls-ca", type=Path, metavar="FILE", help="use TLS; the CA that signed the server, PEM")
    parser.add_argument("--tls-cert", type=Path, metavar="FILE", help="a certificate of this client, PEM")
    parser.add_argument("--tls-key", type=Path, metavar="FILE", help="and its key")


def _run(chosen: argparse.Namespace) -> int:
    import grpc  # noqa: PLC0415 - not needed to print help

    with _channel(chosen) as channel:
        try:
            is_serving = _is_serving(channel, chosen.timeout)
            if chosen.health:
                _say("serving" if is_serving else "not serving")
            else:
                report = _ask(channel, chosen, is_serving=is_serving)
                _say(msgspec.json.encode(report).decode() if chosen.output_format == "json" else _text(report))
        except grpc.RpcError as error:
            status, details = error.code().name, " ".join(str(error.details()).split())
            print(f"pybridge-worker: error: {chosen.address}: {status}: {details}", file=sys.stderr)  # noqa: T201
            return NOT_REACHED
    return SERVING if is_serving else NOT_SERVING


def _channel(chosen: argparse.Namespace) -> "grpc.Channel":
    import grpc  # noqa: PLC0415 - as above

    if chosen.tls_ca is None:
        if chosen.tls_cert or chosen.tls_key:
            raise BadOption("--tls-ca", "a certificate is shown only to a server whose CA is known")
        return grpc.insecure_channel(chosen.address)
    try:
        files = [
            None if path is None else path.read_bytes() for path in (chosen.tls_ca, chosen.tls_key, chosen.tls_cert)
        ]
    except OSError as error:
        raise BadOption("--tls-ca", f"{error.filename}: {error.strerror}") from error
    return grpc.secure_channel(chosen.address, grpc.ssl_channel_credentials(*files))


def _is_serving(channel: "grpc.Channel", seconds: float) -> bool:
    from pybridge_worker.v1 import health_pb2 as health  # noqa: PLC0415 - as above

    check = channel.unary_unary(
        "/grpc.health.v1.Health/Check",
        request_serializer=health.HealthCheckRequest.SerializeToString,
        response_deserializer=health.HealthCheckResponse.FromString,
    )
    response: health.HealthCheckResponse = check(health.HealthCheckRequest(), timeout=seconds)
    return response.status == health.HEALTH_STATUS_SERVING


def _ask(channel: "grpc.Channel", chosen: argparse.Namespace, *, is_serving: bool) -> Report:
    from pybridge_worker.v1 import pybridge_pb2 as pb  # noqa: PLC0415 - as above
    from pybridge_worker.v1 import pybridge_pb2_grpc  # noqa: PLC0415 - as above

    metadata = (("authorization", f"Bearer {_token(chosen.token_file)}"),) if chosen.token_file else ()
    stub = pybridge_pb2_grpc.PyBridgeServiceStub(channel)
    request = pb.GetServerInfoRequest(include_workers=True, include_sessions=True)
    info = stub.GetServerInfo(request, timeout=chosen.timeout, metadata=metadata)
    is_draining = info.state == pb.SERVER_STATE_DRAINING
    limits = {name: getattr(info.limits, name) for name in _names(info.limits) if name != "session_ttl"}
    return Report(
        address=chosen.address,
        state="draining" if is_draining else "serving" if is_serving else "not serving",
        server_version=info.server_version,
        python_version=info.python_version,
        protocol=(info.protocol_min, info.protocol_max),
        uptime_seconds=round(max(0.0, time.time() - info.start_time.ToMilliseconds() / 1000), 1),
        libraries=dict(sorted(info.libraries.items())),
        library_digests={name: digest.hex() for name, digest in sorted(info.library_digests.items())},
        features=tuple(info.features),
        limits={**limits, "session_ttl_seconds": info.limits.session_ttl.ToMilliseconds() / 1000},
        load={name: getattr(info.load, name) for name in _names(info.load)},
        workers=tuple(_worker(one) for one in info.workers),
        sessions=tuple(_session(one) for one in info.sessions),
    )


def _names(message: Any) -> list[str]:
    return [field.name for field in message.DESCRIPTOR.fields]


def _worker(worker: Any) -> dict[str, Any]:
    return {name: getattr(worker, name) for name in _names(worker)} | {"isolation": _isolation(worker)}


def _session(session: Any) -> dict[str, Any]:
    return {
        "session": session.session_id,
        "epoch": session.epoch,
        "objects": session.object_count,
        "calls_running": session.calls_running,
        "isolation": _isolation(session),
        "age_seconds": round(time.time() - session.create_time.ToMilliseconds() / 1000, 1),
        "expires_in_seconds": round(session.expire_time.ToMilliseconds() / 1000 - time.time(), 1),
    }


def _isolation(message: Any) -> str:
    return "process" if message.isolation == 2 else "shared"


def _token(path: Path) -> str:
    try:
        lines = path.read_text(encoding="ascii").split()
    except (OSError, UnicodeDecodeError) as error:
        raise BadOption("--token-file", f"{path}: {getattr(error, 'strerror', None) or 'no ASCII text'}") from error
    if not lines:
        raise BadOption("--token-file", f"{path}: it has no token")
    return lines[0]


def _text(report: Report) -> str:
    load, limits = report.load, report.limits
    low, high = report.protocol
    own = f"{load['process_sessions']} with a process of their own"
    lines = [
        f"pybridge-worker {report.server_version} at {report.address}: {report.state}, up {_duration(report.uptime_seconds)}",
        f"  Python {report.python_version}, protocol {low}" + (f" to {high}" if high > low else ""),
        f"  calls     {load['calls_running']} running, {load['calls_queued']} waiting, {load['calls_started']} started",
        f"  sessions  {load['sessions']} of {limits['max_sessions']:.0f}, {own}; {load['objects']} objects",
    ]
    layers = [name.removeprefix("sandbox:") for name in report.features if name.startswith("sandbox:")]
    lines += [f"  sandbox   {', '.join(layers) or 'none, or no process has started yet'}"]
    lines += [f"  library   {name} {version}" for name, version in report.libraries.items()]
    header = ("pid", "isolation", "state", "MiB", "sessions", "objects", "calls", "waiting", "restarts", "epoch")
    rows = [header, *(_row(worker) for worker in report.workers)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(header))]
    lines += ["  workers"]
    lines += ["    " + "  ".join(word.rjust(width) for word, width in zip(row, widths, strict=True)) for row in rows]
    return "\n".join(lines)


def _row(worker: dict[str, Any]) -> tuple[str, ...]:
    state = "not started" if not worker["pid"] else "busy" if worker["is_busy"] else "idle"
    counts = (worker[name] for name in ("sessions", "objects", "calls_started", "calls_queued", "restarts", "epoch"))
    memory = f"{worker['resident_bytes'] / _MEBIBYTE:.0f}"
    return (str(worker["pid"] or "-"), worker["isolation"], state, memory, *(str(count) for count in counts))


def _duration(seconds: float) -> str:
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"


def _say(text: str) -> None:
    print(text)  # noqa: T201 - a command speaks
