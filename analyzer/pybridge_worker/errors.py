"""What the worker refuses, as exceptions that carry a status and a reason.

::

    Refused                       one call is refused; becomes a gRPC status
    ├── ToolNotFound              the bundle lists no such tool, or the object's class has no such member
    ├── InvalidArgument           a named part of the request cannot be used
    ├── SessionNotFound           no such session is open
    ├── SessionExists             OpenSession names one that is open
    ├── SessionClosing            its last calls are still running
    ├── ObjectLost                the process that held the object is gone
    ├── ObjectNotFound            the object was released, or never was
    ├── PayloadNotFound           no uploaded or stored payload has this id
    ├── LibraryMismatch           the installed library is not the one that the bundle describes
    ├── ResultNotEncodable        the call ran, its result has no form in the format asked for
    ├── LimitReached              a limit of the server
    ├── WorkerLost                the process died during the call
    ├── CrashLoop                 processes end again and again; none is started for a while
    ├── NodeUnfit                 a node of the cluster has another version of the worker
    ├── CallCancelled             the call was cancelled
    ├── DeadlinePassed            the call ran out of time
    ├── Draining                  the server is stopping
    └── NotServed                 the protocol has it, this version does not
    StartupError                  the server cannot start
    ├── BadBundle
    ├── NotConfined               the sandbox is required, and cannot be had here
    ├── BadAllowList
    ├── BadOption
    └── ListenRefused

An exception raised by a library is none of these: it is data, and travels in the response.
"""

import enum
import signal
from pathlib import Path


class Code(enum.Enum):
    """The gRPC status codes in use, by name, so that a child needs no gRPC."""

    ALREADY_EXISTS = "ALREADY_EXISTS"
    CANCELLED = "CANCELLED"
    DEADLINE_EXCEEDED = "DEADLINE_EXCEEDED"
    FAILED_PRECONDITION = "FAILED_PRECONDITION"
    INTERNAL = "INTERNAL"
    INVALID_ARGUMENT = "INVALID_ARGUMENT"
    NOT_FOUND = "NOT_FOUND"
    RESOURCE_EXHAUSTED = "RESOURCE_EXHAUSTED"
    UNAVAILABLE = "UNAVAILABLE"
    UNIMPLEMENTED = "UNIMPLEMENTED"


class Refused(Exception):
    """One call is refused: the status, a reason for programs, a message for people."""

    field: str = ""
    """The part of the request that cannot be used, where it is one."""
    limit: int = 0
    """The limit that is reached, where it is one."""
    retry_seconds: float = 0.0
    """When the same call may go well. 0: not by waiting."""

    def __init__(self, code: Code, reason: str, message: str) -> None:
        self.code, self.reason, self.message = code, reason, message
        super().__init__(message)


class ToolNotFound(Refused):
    """Nothing callable has this name. Never says what has."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(Code.NOT_FOUND, "TOOL_NOT_FOUND", f"no tool is named {name[:200]!r}")


class InvalidArgument(Refused):
    """A part of the request cannot be used; `field` names it as the request does (``parameters["x"]``)."""

    def __init__(self, field: str, why: str, *, reason: str = "INVALID_ARGUMENT") -> None:
        self.field, self.why = field, why
        super().__init__(Code.INVALID_ARGUMENT, reason, f"{field}: {why}")


class SessionNotFound(Refused):
    """No such session is open."""

    def __init__(self, session: str) -> None:
        self.session = session
        super().__init__(Code.NOT_FOUND, "SESSION_NOT_FOUND", f"no session is named {session[:200]!r}")


class SessionExists(Refused):
    """A session of that name is open already."""

    def __init__(self, session: str) -> None:
        self.session = session
        super().__init__(Code.ALREADY_EXISTS, "SESSION_EXISTS", f"session {session[:200]!r} is open already")


class SessionClosing(Refused):
    """The session is being closed and waits for its last calls."""

    retry_seconds = 0.1

    def __init__(self, session: str) -> None:
        self.session = session
        super().__init__(Code.UNAVAILABLE, "SESSION_CLOSING", f"session {session[:200]!r} is being closed")


class ObjectLost(Refused):
    """The reference is of an earlier process: what it named died with that process."""

    def __init__(self, object_id: int, epoch: int, current_epoch: int) -> None:
        self.object_id, self.epoch, self.current_epoch = object_id, epoch, current_epoch
        message = f"object {object_id} is lost: it lived in worker process {epoch}, and {current_epoch} runs now; make it anew"
        super().__init__(Code.NOT_FOUND, "OBJECT_LOST", message)


class ObjectNotFound(Refused):
    """The reference was released, or its session closed, or it never was."""

    def __init__(self, object_id: int) -> None:
        self.object_id = object_id
        super().__init__(Code.NOT_FOUND, "OBJECT_NOT_FOUND", f"no object {object_id} is held: released, or never made")


class PayloadNotFound(Refused):
    """No payload is kept under this id, or not for this session."""

    def __init__(self, upload_id: str) -> None:
        self.upload_id = upload_id
        message = f"no payload {upload_id[:80]!r} is kept: its session was closed, its time is over, or it never was"
        super().__init__(Code.NOT_FOUND, "PAYLOAD_NOT_FOUND", message)


class LibraryMismatch(Refused):
    """The installed library lacks what the bundle promises."""

    def __init__(self, symbol: str, why: str) -> None:
        self.symbol, self.why = symbol, why
        message = f"{symbol}: {why}; the bundle was made from another version of the library"
        super().__init__(Code.FAILED_PRECONDITION, "LIBRARY_MISMATCH", message)


class ResultNotEncodable(Refused):
    """The call ran, but its result can neither be written in the format nor kept."""

    def __init__(self, why: str) -> None:
        self.why = why
        message = f"the call ran, but its result cannot be returned: {why}"
        super().__init__(Code.FAILED_PRECONDITION, "RESULT_NOT_ENCODABLE", message)


class LimitReached(Refused):
    """A limit of the server is reached; the message names it and the limit."""

    def __init__(self, what: str, limit: int, *, retry_seconds: float = 0.0) -> None:
        self.what, self.limit, self.retry_seconds = what, limit, retry_seconds
        super().__init__(Code.RESOURCE_EXHAUSTED, "LIMIT_REACHED", f"{what} (limit {limit})")


class WorkerLost(Refused):
    """The child process ended while the call was with it, or would not start.

    `status` is as `subprocess` tells it: an exit code, or a signal's number negated; None where it is not known.
    """

    def __init__(self, status: int | None, *, phase: str = "during the call") -> None:
        self.status = status
        message = f"the worker process {_ended(status)} {phase}; the objects it held are gone"
        super().__init__(Code.UNAVAILABLE, "WORKER_LOST", message)


class CrashLoop(Refused):
    """Worker processes ended too often in too short a time: calls are refused for a while, not tried."""

    def __init__(self, seconds: float) -> None:
        self.retry_seconds = seconds
        message = f"worker processes end again and again; calls are refused for {seconds:.1f} s, see the server's log"
        super().__init__(Code.UNAVAILABLE, "CRASH_LOOP", message)


class NodeUnfit(Refused):
    """A node of the cluster cannot run what this server sends."""

    def __init__(self, node: str, found: str, wanted: str) -> None:
        self.node, self.found, self.wanted = node, found, wanted
        message = f"node {node} has pybridge-worker {found}, and this server is {wanted}; install the same on all nodes"
        super().__init__(Code.FAILED_PRECONDITION, "NODE_UNFIT", message)


class CallCancelled(Refused):
    """The call was cancelled by CancelCall, or with its session."""

    def __init__(self, why: str) -> None:
        super().__init__(Code.CANCELLED, "CANCELLED", why)


class DeadlinePassed(Refused):
    """The earlier of timeout_ms and the client's deadline has passed."""

    def __init__(self) -> None:
        super().__init__(Code.DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED", "the call ran out of time and was cancelled")


class Draining(Refused):
    """The server is stopping and takes no new calls."""

    retry_seconds = 1.0  # by then another may listen there

    def __init__(self) -> None:
        super().__init__(Code.UNAVAILABLE, "DRAINING", "the server is stopping")


class NotServed(Refused):
    """The protocol knows it; this version of the worker does not serve it."""

    def __init__(self, what: str, instead: str) -> None:
        message = f"{what} is not served by this version; {instead}"
        super().__init__(Code.UNIMPLEMENTED, "NOT_SERVED", message)


class StartupError(Exception):
    """The server cannot start; the message is one line that says what and what to do."""


class NotConfined(StartupError):
    """The sandbox is required, and a process that was started to try it could not be confined."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(f"--sandbox required: {why}; a kernel with Landlock and seccomp can, or use best-effort")


class BadBundle(StartupError):
    """The bundle file cannot be read or is not a bundle."""

    def __init__(self, path: Path, why: str) -> None:
        self.path, self.why = path, why
        super().__init__(f"{path}: not a bundle: {why} (write one with: pybridge bundle LIBRARY -o FILE)")


class BadAllowList(StartupError):
    """The list of what may be called besides the bundle cannot be used."""

    def __init__(self, path: Path, why: str) -> None:
        self.path, self.why = path, why
        super().__init__(f"--also-allow: {path}: {why}")


class BadOption(StartupError):
    """An option of the command, or the file that it names, cannot be used."""

    def __init__(self, option: str, why: str) -> None:
        self.option, self.why = option, why
        super().__init__(f"{option}: {why}")


class ListenRefused(StartupError):
    """The address cannot be listened on, or must not be."""

    def __init__(self, address: str, why: str) -> None:
        self.address, self.why = address, why
        super().__init__(f"cannot listen on {address}: {why}")


def _ended(status: int | None) -> str:
    if status is None:
        return "ended"
    if status >= 0:
        return f"exited with code {status}"
    try:
        name = signal.Signals(-status).name
    except ValueError:
        name = f"signal {-status}"
    return f"was killed by {name}"
