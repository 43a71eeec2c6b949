"""System calls that Python has no function for."""

import ctypes
import os
import sys

_PR_SET_NO_NEW_PRIVS = 38


def call(number: int, *arguments: "int | ctypes.c_void_p | None") -> int:
    """Make a system call by its number.

    Raises:
        OSError: it failed, or this is not Linux.
    """
    if sys.platform != "linux":
        raise OSError(38, "this system is not Linux")
    syscall = _library().syscall
    syscall.restype = ctypes.c_long
    words = [one if isinstance(one, ctypes.c_void_p) else ctypes.c_long(one or 0) for one in arguments]
    return _checked(syscall(ctypes.c_long(number), *words))


def prctl(option: int, *arguments: "int | ctypes.c_void_p") -> int:
    """Change something about this process.

    Raises:
        OSError: as for `call`.
    """
    if sys.platform != "linux":
        raise OSError(38, "this system is not Linux")
    words = [one if isinstance(one, ctypes.c_void_p) else ctypes.c_ulong(one) for one in arguments]
    return _checked(_library().prctl(option, *words, *(ctypes.c_ulong(0) for _ in range(4 - len(words)))))


def gain_no_privileges() -> None:
    """Let no program that is started have more rights than this process; the kernel asks for it before the layers."""
    prctl(_PR_SET_NO_NEW_PRIVS, 1)


def address(of: "ctypes.Structure | ctypes.Array[ctypes.Structure]") -> ctypes.c_void_p:
    """Where a structure lies."""
    return ctypes.c_void_p(ctypes.addressof(of))


def _library() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _checked(result: int) -> int:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result
