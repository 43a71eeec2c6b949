"""Annotates many files in child processes: a crash, a hang or a memory blow-up costs one file, the rest goes on."""

import contextlib
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec

from pybridge.annotate.job import FileAnswer, FileJob
from pybridge.codec.frames import read_payload, write_frame
from pybridge.errors import EngineFailed
from pybridge.model.diagnostic import Diagnostic, Severity
from pybridge.protocols import Progress, Silent

TIMEOUT_SECONDS = 60.0
"""For one file: libcst reads half a megabyte a second."""
MEMORY_BYTES = 4 << 30

_START_SECONDS = 60.0
_BOOT = "import sys; sys.path[:] = sys.argv[1:]; from pybridge.annotate.child import main; main()"
_KEPT_VARIABLES = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
_READY = msgspec.msgpack.encode("ready")


def annotate_all(
    jobs: Sequence[FileJob],
    *,
    processes: int = 1,
    progress: Progress | None = None,
    timeout_seconds: float = TIMEOUT_SECONDS,
    memory_bytes: int = MEMORY_BYTES,
) -> Iterator[FileAnswer]:
    """Annotate files in at most ``processes`` child processes; one answer a file, in the order of ``jobs``.

    A file that kills its child, or takes longer than ``timeout_seconds``, is left alone with a `Diagnostic`
    ``annotate-crashed`` or ``annotate-timeout``. ``progress`` advances by one an answer.

    Raises:
        EngineFailed: the child process does not even start.
    """
    if not jobs:
        return
    watcher = progress or Silent()
    count = max(1, min(processes, len(jobs)))
    children = [_Child(timeout_seconds, memory_bytes) for _ in range(count)]
    idle: queue.SimpleQueue[_Child] = queue.SimpleQueue()
    for child in children:
        idle.put(child)

    def ask(job: FileJob) -> FileAnswer:
        child = idle.get()
        try:
            return child.ask(job)
        finally:
            idle.put(child)

    executor = ThreadPoolExecutor(count)
    try:
        for answer in executor.map(ask, jobs):
            watcher.advance()
            yield answer
    finally:
        executor.shutdown(wait=False, cancel_futures=True)
        for child in children:
            child.end()


class _Child:
    """A child process that takes one file at a time; it is started when needed, and again after a crash."""

    def __init__(self, timeout_seconds: float, memory_bytes: int) -> None:
        self._timeout_seconds, self._memory_bytes = timeout_seconds, memory_bytes
        self._process: subprocess.Popen[bytes] | None = None
        self._answers = msgspec.msgpack.Decoder(FileAnswer)

    def ask(self, job: FileJob) -> FileAnswer:
        """Hand over a file and wait for its answer."""
        process = self._process or self._start()
        payload, is_late = _exchange(process, job, self._timeout_seconds)
        if payload is not None:
            return self._answers.decode(payload)
        self.end()
        if is_late:
            return _lost(job, "annotate-timeout", f"not annotated: it took longer than {self._timeout_seconds:g} s")
        return _lost(job, "annotate-crashed", "not annotated: the parser ended abnormally, or ran out of memory")

    def end(self) -> str:
        """Kill the process and wait; return the end of what it said on standard error before it was ready."""
        process, self._process = self._process, None
        if process is None:
            return ""
        process.kill()
        said = process.stderr.read() if process.stderr is not None else b""
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        return said.decode("utf-8", "replace").strip()[-300:]

    def _start(self) -> subprocess.Popen[bytes]:
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and code
            [sys.executable, "-I", "-S", "-X", "utf8", "-W", "ignore", "-c", _BOOT, *_import_paths()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ},
            cwd=Path(sys.executable).anchor,
            start_new_session=True,
        )
        ready, _ = _exchange(self._process, [self._memory_bytes], _START_SECONDS)
        if ready != _READY:
            said = self.end()
            raise EngineFailed("annotator", said or "its process ended, or took too long, before it was ready")
        return self._process


def _exchange(process: subprocess.Popen[bytes], value: object, seconds: float) -> tuple[bytes | None, bool]:
    """Send a frame and read the one that answers it; None when there is none, and whether time was the reason."""
    assert process.stdin is not None
    assert process.stdout is not None
    is_late = threading.Event()

    def kill() -> None:
        is_late.set()
        process.kill()

    clock = threading.Timer(seconds, kill)
    clock.daemon = True
    clock.start()
    try:
        write_frame(process.stdin, value)
        return read_payload(process.stdout), is_late.is_set()
    except OSError:
        return None, is_late.is_set()
    finally:
        clock.cancel()


def _lost(job: FileJob, code: str, message: str) -> FileAnswer:
    found = Diagnostic(code=code, severity=Severity.WARNING, message=message, path=job.path)
    return FileAnswer(data=None, diagnostics=(found,))


def _import_paths() -> list[str]:
    """Where this process finds code, so that the child needs neither `site` nor ``.pth`` files; never a relative place."""
    return [path for path in sys.path if path and Path(path).is_absolute()]
