"""Seccomp: system calls that no library needs, and those that start programs or open sockets where they may not."""

import ctypes
import platform

from pybridge_worker.child.sandbox import kernel
from pybridge_worker.frames import Confinement

_ARCHITECTURES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
"""The kernel's own name of an architecture, and its column below."""
_EXECUTE = {"execve": (59, 221), "execveat": (322, 281)}
_SOCKET = {"socket": (41, 198)}
_NEVER = {
    "acct": (163, 89), "add_key": (248, 217), "adjtimex": (159, 171), "bpf": (321, 280), "chroot": (161, 51),
    "clock_adjtime": (305, 266), "clock_settime": (227, 112), "delete_module": (176, 106),
    "finit_module": (313, 273), "fsconfig": (431, 431), "fsmount": (432, 432), "fsopen": (430, 430),
    "fspick": (433, 433), "init_module": (175, 105), "io_uring_setup": (425, 425), "ioperm": (173, -1),
    "iopl": (172, -1), "kcmp": (312, 272), "kexec_file_load": (320, 294), "kexec_load": (246, 104),
    "keyctl": (250, 219), "mount": (165, 40), "mount_setattr": (442, 442), "move_mount": (429, 429),
    "open_by_handle_at": (304, 265), "open_tree": (428, 428), "perf_event_open": (298, 241),
    "pidfd_getfd": (438, 438), "pivot_root": (155, 41), "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271), "ptrace": (101, 117), "quotactl": (179, 60), "reboot": (169, 142),
    "request_key": (249, 218), "setns": (308, 268), "settimeofday": (164, 170), "swapoff": (168, 225),
    "swapon": (167, 224), "syslog": (103, 116), "umount2": (166, 39), "unshare": (272, 97),
    "userfaultfd": (323, 282),
}  # fmt: skip
"""io_uring would open sockets and files behind this filter's back."""
_CLONE, _CLONE3 = (56, 220), 435
_NEW_NAMESPACES = 0x7E020000
_X32 = 0x40000000
_NR, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16
"""Where they lie in what a filter sees."""
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _FAIL = 0x7FFF0000, 0x80000000, 0x00050000
_EPERM, _ENOSYS = 1, 38
_PR_SET_SECCOMP, _MODE_FILTER = 22, 2


class _Instruction(ctypes.Structure):
    _fields_ = (("code", ctypes.c_uint16), ("yes", ctypes.c_uint8), ("no", ctypes.c_uint8), ("value", ctypes.c_uint32))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("instructions", ctypes.POINTER(_Instruction)))


def apply(wanted: Confinement) -> None:
    """Deny system calls to this process and what it starts: they fail with EPERM, which Python raises as PermissionError.

    Raises:
        OSError: the kernel has no filters, or this kind of processor is not known here.
    """
    known = _ARCHITECTURES.get(platform.machine())
    if known is None:
        raise OSError(_ENOSYS, f"the system calls of {platform.machine()} are not known")
    architecture, column = known
    denied = [numbers[column] for numbers in _NEVER.values()]
    if not wanted.programs:
        denied += [numbers[column] for numbers in _EXECUTE.values()]
    if not wanted.network:
        denied += [numbers[column] for numbers in _SOCKET.values()]
    lines = _filter(architecture, _CLONE[column], [one for one in denied if one >= 0])
    instructions = (_Instruction * len(lines))(*lines)
    program = _Program(len(lines), instructions)
    kernel.gain_no_privileges()
    kernel.prctl(_PR_SET_SECCOMP, _MODE_FILTER, kernel.address(program))


def _filter(architecture: int, clone: int, denied: list[int]) -> list[_Instruction]:
    lines = [
        _Instruction(_LOAD, 0, 0, _ARCHITECTURE),
        _Instruction(_EQUAL, 1, 0, architecture),
        _Instruction(_RETURN, 0, 0, _KILL),
        _Instruction(_LOAD, 0, 0, _NR),
        _Instruction(_AT_LEAST, 0, 1, _X32),
        _Instruction(_RETURN, 0, 0, _FAIL | _EPERM),
        # Its arguments lie where a filter cannot see them; without it, the C library takes clone.
        _Instruction(_EQUAL, 0, 1, _CLONE3),
        _Instruction(_RETURN, 0, 0, _FAIL | _ENOSYS),
    ]
    for number in sorted(denied):
        lines += [_Instruction(_EQUAL, 0, 1, number), _Instruction(_RETURN, 0, 0, _FAIL | _EPERM)]
    return [
        *lines,
        _Instruction(_EQUAL, 0, 3, clone),
        _Instruction(_LOAD, 0, 0, _FIRST_ARGUMENT),
        _Instruction(_ANY_BIT, 0, 1, _NEW_NAMESPACES),
        _Instruction(_RETURN, 0, 0, _FAIL | _EPERM),
        _Instruction(_RETURN, 0, 0, _ALLOW),
    ]
