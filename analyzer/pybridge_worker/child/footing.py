"""What every process of ours does before it does anything for anybody."""

import faulthandler
import os
import signal
import sys

_PR_SET_PDEATHSIG, _PR_SET_NAME = 1, 15
ZYGOTE, WORKER = "pybridge:zygote", "pybridge:worker"
"""As `ps -o comm` shows them."""


def stand(descriptor: int, name: str) -> None:
    """Take a name; keep the socket to the front from what this process starts; end with the front; say what a crash was."""
    # The thread that started us may have blocked signals, as those of Ray have: an interrupt must come through.
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    # And while there is no call yet it must not end the process. A handler, as programs started by others inherit what is ignored.
    signal.signal(signal.SIGINT, _nothing)
    os.set_inheritable(descriptor, False)  # noqa: FBT003 - os takes it by position
    end_with_parent(name)
    faulthandler.enable()
    for output in (sys.stdout, sys.stderr):
        if output is not None and hasattr(output, "reconfigure"):
            output.reconfigure(line_buffering=True, errors="backslashreplace")


def _nothing(_number: int, _frame: object) -> None:
    return


def end_with_parent(name: str) -> None:
    """Ask Linux to end this process with its parent, even in the middle of a call. Elsewhere the socket's end must do."""
    if sys.platform != "linux":
        return
    import ctypes  # noqa: PLC0415 - only Linux needs it

    prctl = ctypes.CDLL(None).prctl
    prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    prctl(_PR_SET_NAME, name.encode())
