"""The child process that annotates files, so that libcst's crash costs one file. Started by `children` only."""

import os
import sys
import threading
from typing import IO

import msgspec

from pybridge.annotate.file import annotate_file
from pybridge.annotate.job import FileJob
from pybridge.codec.frames import read_frame, write_frame

READY = "ready"

_STACK_BYTES = 256 << 20
"""Deep code is walked by recursion; address space only, until it is used."""
_RECURSION = 20_000


class Limits(msgspec.Struct, frozen=True, array_like=True):
    """The first frame to a child."""

    memory_bytes: int
    """Limit of its address space; 0 for none."""


def main() -> None:
    """Answer every `FileJob` on standard input with a `FileAnswer` on standard output, in order, until input ends."""
    source = sys.stdin.buffer
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as results:
        limits = read_frame(source, Limits)
        if limits is None:
            return
        _quiet()
        _limit_memory(limits.memory_bytes)
        write_frame(results, READY)
        sys.setrecursionlimit(_RECURSION)
        threading.stack_size(_STACK_BYTES)
        worker = threading.Thread(target=_work, args=(source, results))
        worker.start()
        worker.join()


def _work(source: IO[bytes], results: IO[bytes]) -> None:
    while (job := read_frame(source, FileJob)) is not None:
        try:
            write_frame(results, annotate_file(job))
        except OSError:
            return


def _quiet() -> None:
    """Send what is printed to nowhere: a full pipe would block."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)


def _limit_memory(limit_bytes: int) -> None:
    if limit_bytes <= 0 or sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - not on every platform

    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = limit_bytes if hard == resource.RLIM_INFINITY else min(limit_bytes, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
