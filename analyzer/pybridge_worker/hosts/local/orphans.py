"""Processes that nobody waits for.

The front is the parent of what its workers leave behind: it asks to be, so that a forked worker is its child and ends
with it, and it is anyway where it is the first process of a container.
"""

import contextlib
import ctypes
import os
import sys
from collections.abc import Container
from pathlib import Path

_PR_SET_CHILD_SUBREAPER = 36


def adopt() -> bool:
    """Become the parent of descendants whose parent ends. Whether that can be had here."""
    if sys.platform != "linux":
        return False
    done: int = ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    return done == 0


def reap(ours: Container[int]) -> int:
    """Bury adopted processes that have ended, except `ours`, which others wait for; says how many there were.

    What the front itself started in its own login session, in another way than as a worker, is left alone too.
    """
    count = 0
    if sys.platform != "linux":
        return count
    with contextlib.suppress(ChildProcessError):
        while (found := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)) is not None:
            pid = found.si_pid
            if pid in ours or _session_of(pid) == os.getsid(0):
                return count
            os.waitpid(pid, os.WNOHANG)
            count += 1
    return count


def _session_of(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return -1
    return int(text.rpartition(")")[2].split()[3])
