"""Forking a process that others may use: when it is safe, whose child it is, and what it must not share."""

import asyncio
import errno
import gc
import os
import sys
import time
import warnings

_DEVICES = ("/dev/nvidia", "/dev/kfd", "/dev/dri/")
"""Device files that an initialised GPU runtime holds open; none of them survives a fork."""
_STOPPING_SECONDS = 0.05


def why_not() -> str:
    """Say why no process may be forked from this one; empty when it may.

    Threads do not come along, and what they held stays locked. Those of OpenBLAS know that and stop before each fork;
    whether all threads are of that kind is found out by trying.
    """
    if _thread_count() > 1:
        _fork_for_nothing()
        latest = time.monotonic() + _STOPPING_SECONDS
        while _thread_count() > 1:  # a thread that was waited for is listed for a moment more
            if time.monotonic() > latest:
                return "it starts threads"
            time.sleep(0.001)
    if any(target.startswith(_DEVICES) for target in _open_files()):
        return "it opens a GPU"
    return ""


def fork_for(parent: int) -> int:
    """Fork a process that is a child of `parent`, which must be the nearest one to adopt; gives 0 in it.

    Raises:
        OSError: there is no room for it.
    """
    reading, writing = os.pipe()
    try:
        middle = os.fork()
    except OSError:
        os.close(reading)
        os.close(writing)
        raise
    if middle == 0:
        os.close(reading)
        return _fork_and_leave(parent, writing)
    os.close(writing)
    told = os.read(reading, 32)
    os.close(reading)
    os.waitpid(middle, 0)
    if not told:
        raise OSError(errno.EAGAIN, "no process can be made")
    return int(told)


def _fork_and_leave(parent: int, writing: int) -> int:
    middle = os.getpid()
    try:
        pid = os.fork()
        if pid != 0:
            os.write(writing, b"%d" % pid)
    except OSError:
        os._exit(1)
    if pid != 0:
        os._exit(0)
    os.close(writing)
    while os.getppid() == middle:
        os.sched_yield()
    if os.getppid() != parent:
        os._exit(0)
    return 0


def freeze() -> None:
    """Keep what is there out of the collector's hands, so that the pages it lies on stay shared."""
    for output in (sys.stdout, sys.stderr):
        if output is not None:
            output.flush()
    gc.freeze()


def renew() -> None:
    """Part with what a forked process must not have in common with its siblings. `random` and `ssl` see to themselves."""
    gc.enable()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        asyncio.set_event_loop_policy(None)  # a loop that an import made polls what its siblings poll
    legacy = sys.modules.get("numpy.random")
    if legacy is not None:
        legacy.seed()


def _thread_count() -> int:
    return len(os.listdir("/proc/self/task"))  # noqa: PTH208 - only the number counts


def _fork_for_nothing() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
        if pid == 0:
            os._exit(0)
    os.waitpid(pid, 0)


def _open_files() -> list[str]:
    found = []
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208 - names, not paths
        try:
            found.append(os.readlink(f"/proc/self/fd/{name}"))  # noqa: PTH115 - as above
        except OSError:
            continue
    return found
