"""What the operator chose, and what this server allows."""

from pathlib import Path

import msgspec

MEBIBYTE = 1024 * 1024


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The settings of one server."""

    bundle: Path
    also_allow: Path | None = None
    """A list of what may be called besides the bundle."""
    listen: str | None = None
    """``unix:PATH`` or ``HOST:PORT``. None: a socket in a new folder that only this user can enter."""
    tls_cert: Path | None = None
    tls_key: Path | None = None
    tls_client_ca: Path | None = None
    """Serve only clients with a certificate of this authority."""
    token_file: Path | None = None
    token_descriptor: int | None = None
    """An open file that has the tokens, instead of `token_file`."""
    python_path: tuple[str, ...] = ()
    """Folders put before the import path of the worker processes, and only there."""
    workers: int = 2
    """How many processes share the sessions; each starts at its first call."""
    show_tracebacks: bool = False
    validation: str = "types"
    """What is checked of arguments before a call: ``types``, ``names`` or ``off``."""
    exit_with_parent: bool = False
    cancel_grace_seconds: float = 0.5
    """How long a cancelled call may take to end before its process is killed."""
    drain_seconds: float = 30.0
    session_ttl_seconds: float = 3600.0
    """A session that is not used for so long is closed."""
    max_message_bytes: int = 64 * MEBIBYTE
    transfer_folder: Path | None = None
    """Where uploads and large results are kept, in files without names. None: the system's temporary folder."""
    max_stored_bytes: int = 16 * 1024 * MEBIBYTE
    """Of all that is kept."""
    max_session_stored_bytes: int = 4 * 1024 * MEBIBYTE
    stored_ttl_seconds: float = 3600.0
    """What is kept and not used for so long is gone."""
    reflection: bool = True
    """Describe the service to whoever asks, where only this machine can ask."""
    metrics: str | None = None
    """Where Prometheus finds metrics, as HOST:PORT. None: nowhere."""
    metrics_anywhere: bool = False
    """Let `metrics` be an address that other machines reach."""
    otel: bool = False
    """Tell OpenTelemetry of every call."""
    keepalive_seconds: float = 30.0
    """A client that says nothing for so long is asked whether it is still there."""
    max_session_calls: int = 128
    """Calls of one session, running and waiting."""
    max_queue: int = 256
    """Calls waiting for one worker process."""
    max_concurrent_calls: int = 4096
    max_sessions: int = 10_000
    max_process_sessions: int = 16
    """Sessions that have a process of their own."""
    max_key_sessions: int = 1000
    """Sessions with the same affinity key."""
    max_objects: int = 100_000
    """Objects held by one session."""

    # How worker processes are made and ended.
    fork: bool = True
    """Fork them from a process that has imported what they need, where that is safe; else start each anew."""
    preload: tuple[str, ...] = ()
    """Modules imported before the first call, in the process that others are forked from."""
    crash_limit: int = 20
    crash_window_seconds: float = 60.0
    """So many processes of one place that end by themselves in so short a time, and its calls are refused for a while."""
    recycle_calls: int = 0
    recycle_rss_bytes: int = 0
    """A process that has served so many calls, or is so large, is replaced. 0: never for that."""
    host: str = "local"
    """Where the processes are: ``local``, on this machine, or ``ray``, on the nodes of a Ray cluster."""
    ray_address: str | None = None
    """The cluster to join. None: start one on this machine, for this server alone."""
    ray_insecure: bool = False
    """Join a cluster that does not ask for a token."""
    ray_resources: dict[str, float] = {}
    """What each worker process asks of a node: ``CPU``, ``GPU``, ``memory`` in bytes, or a name of the cluster's own."""
    ray_runtime_env: Path | None = None
    """A JSON file: Ray's `runtime_env` for the actors."""
    max_coroutines: int = 1000
    """Coroutines of one process that run at once."""
    sandbox: str = "best-effort"
    """``required``, ``best-effort`` or ``off``."""
    allow_read: tuple[str, ...] = ()
    allow_write: tuple[str, ...] = ()
    """Files and folders that worker processes may use beside their own."""
    allow_programs: bool = False
    allow_network: bool = True
    max_memory_bytes: int = 0
    max_cpu_seconds: int = 0
    """Of one worker process. 0: no limit."""
