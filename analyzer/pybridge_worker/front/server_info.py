"""What a server says of itself: GetServerInfo."""

import platform
import time
from collections import Counter

from google.protobuf.duration_pb2 import Duration

import pybridge_worker
from pybridge_worker.bundle import Bundle
from pybridge_worker.hosts.contract import SessionHost
from pybridge_worker.hosts.sessions import Session, Sessions
from pybridge_worker.settings import Settings
from pybridge_worker.v1 import pybridge_pb2 as pb

PROTOCOL_MIN = PROTOCOL_MAX = 1
"""Revisions of the protocol spoken here. Additions do not change them; clients tell those by `features`."""
_MAX_SESSIONS = 1000
_SHOWN_OF_A_NAME = 6


class ServerInfo:
    """Answers for one server."""

    def __init__(self, settings: Settings, bundle: Bundle, sessions: Sessions, features: tuple[str, ...]) -> None:
        self._settings = settings
        self._sessions = sessions
        self._started_at = time.time()
        self._fixed = pb.GetServerInfoResponse(
            server_version=pybridge_worker.__version__,
            python_version=platform.python_version(),
            formats=[
                pb.PAYLOAD_FORMAT_JSON,
                pb.PAYLOAD_FORMAT_MSGPACK,
                pb.PAYLOAD_FORMAT_ARROW_IPC_STREAM,
                pb.PAYLOAD_FORMAT_RAW_BYTES,
            ],
            max_message_bytes=settings.max_message_bytes,
            max_concurrent_calls=settings.max_concurrent_calls,
            features=features,
            libraries={one.distribution or one.library: one.version or "" for one in bundle.libraries},
            library_digests={one.library: bytes.fromhex(one.digest) for one in bundle.libraries},
            protocol_min=PROTOCOL_MIN,
            protocol_max=PROTOCOL_MAX,
            limits=_limits(settings),
        )
        self._fixed.start_time.FromNanoseconds(int(self._started_at * 1e9))

    def answer(self, request: pb.GetServerInfoRequest) -> pb.GetServerInfoResponse:
        """Tell what this server is, and how it is now."""
        response = pb.GetServerInfoResponse()
        response.CopyFrom(self._fixed)
        response.features.extend(f"sandbox:{layer}" for layer in self._sessions.confined)
        is_draining = self._sessions.is_draining
        response.state = pb.SERVER_STATE_DRAINING if is_draining else pb.SERVER_STATE_SERVING
        sessions, hosts = self._sessions.all_open(), self._sessions.hosts()
        workers = _workers(hosts, sessions)
        response.load.CopyFrom(_load(workers, hosts, sessions))
        response.load.calls_started += self._sessions.past_calls
        response.load.worker_restarts += self._sessions.past_restarts
        if request.include_workers:
            response.workers.extend(workers)
        if request.include_sessions:
            response.sessions.extend(_anonymous(one) for one in sessions[:_MAX_SESSIONS])
        return response


def session_message(session: Session) -> pb.Session:
    """Write what is told of a session."""
    message = pb.Session(
        session_id=session.name,
        epoch=session.host.epoch,
        object_count=session.object_count,
        calls_running=len(session.running),
        isolation=pb.ISOLATION_PROCESS if session.has_own_process else pb.ISOLATION_SHARED,
    )
    message.create_time.FromNanoseconds(int(session.created_at * 1e9))
    message.expire_time.FromNanoseconds(int(session.expires_at * 1e9))
    return message


def _anonymous(session: Session) -> pb.Session:
    message = session_message(session)
    if len(session.name) > _SHOWN_OF_A_NAME:
        message.session_id = f"{session.name[:_SHOWN_OF_A_NAME]}..."
    return message


def _limits(settings: Settings) -> pb.ServerLimits:
    ttl = Duration()
    ttl.FromMilliseconds(int(settings.session_ttl_seconds * 1000))
    return pb.ServerLimits(
        max_sessions=settings.max_sessions,
        max_process_sessions=settings.max_process_sessions,
        max_session_calls=settings.max_session_calls,
        max_queue=settings.max_queue,
        max_objects=settings.max_objects,
        session_ttl=ttl,
    )


def _workers(hosts: tuple[SessionHost, ...], sessions: tuple[Session, ...]) -> list[pb.WorkerProcess]:
    objects: Counter[SessionHost] = Counter()
    own = {session.host for session in sessions if session.has_own_process}
    for session in sessions:
        objects[session.host] += session.object_count
    workers = []
    for host in hosts:
        state = host.state()
        workers.append(
            pb.WorkerProcess(
                pid=state.pid,
                epoch=host.epoch,
                isolation=pb.ISOLATION_PROCESS if host in own else pb.ISOLATION_SHARED,
                resident_bytes=state.resident_bytes,
                sessions=host.sessions,
                objects=objects[host],
                calls_started=state.calls_started,
                calls_queued=state.calls_queued,
                is_busy=state.calls_running > 0,
                restarts=state.restarts,
            )
        )
    return workers


def _load(
    workers: list[pb.WorkerProcess], hosts: tuple[SessionHost, ...], sessions: tuple[Session, ...]
) -> pb.ServerLoad:
    queued = sum(worker.calls_queued for worker in workers)
    return pb.ServerLoad(
        sessions=len(sessions),
        process_sessions=sum(session.has_own_process for session in sessions),
        objects=sum(worker.objects for worker in workers),
        calls_running=sum(host.load for host in hosts) - queued,
        calls_queued=queued,
        calls_started=sum(worker.calls_started for worker in workers),
        worker_restarts=sum(worker.restarts for worker in workers),
    )
