"""Limits that the kernel keeps for any process: memory, processor time, files, and no core dumps."""

import os
import tempfile

from pybridge_worker.frames import Confinement

MAX_FILES = 4096


def apply(wanted: Confinement) -> None:
    """Set the limits, and where temporary files go.

    Memory is RLIMIT_DATA: what is written to privately. RLIMIT_AS would count what is only reserved, as compilers at run
    time and GPU libraries do by the hundred gibibytes. A number of processes is not limited: the kernel counts those of
    the user on the whole machine.
    """
    try:
        import resource  # noqa: PLC0415 - Windows has none
    except ImportError:
        return
    if wanted.temporary:
        os.environ["TMPDIR"] = wanted.temporary
        os.environ.setdefault("XDG_CACHE_HOME", wanted.temporary)
        tempfile.tempdir = None
    if wanted.memory_bytes:
        _lower(resource.RLIMIT_DATA, wanted.memory_bytes)
    if wanted.cpu_seconds:
        _lower(resource.RLIMIT_CPU, wanted.cpu_seconds)
    if wanted.level != "off":
        _lower(resource.RLIMIT_CORE, 0)
        _lower(resource.RLIMIT_NOFILE, MAX_FILES)


def _lower(kind: int, most: int) -> None:
    import resource  # noqa: PLC0415 - as above

    soft, hard = (most if one == resource.RLIM_INFINITY else min(one, most) for one in resource.getrlimit(kind))
    resource.setrlimit(kind, (soft, hard))
