"""Landlock: which files a process may reach, by the folders that they are in. Linux 5.13 and later.

Source: https://docs.kernel.org/userspace-api/landlock.html
"""

import ctypes
import os
import sys
from collections.abc import Iterable
from pathlib import Path

from pybridge_worker.child.sandbox import kernel
from pybridge_worker.frames import Confinement

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION = 1
_PATH_BENEATH = 1
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = (1 << bit for bit in range(4))
_REFER, _TRUNCATE, _IOCTL_DEVICE = 1 << 13, 1 << 14, 1 << 15
_ALL_OF_ABI = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1}
_ALL = (1 << 16) - 1
_OF_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEVICE
_SCOPES = 0b11
"""Abstract unix sockets and signals stay among confined processes."""

_SYSTEM = (
    "/bin", "/etc", "/lib", "/lib32", "/lib64", "/libx32", "/opt", "/run/systemd/resolve", "/sbin", "/sys", "/usr",
    "/var/lib/ca-certificates", "/dev/random", "/dev/urandom", "/dev/zero",
)  # fmt: skip
"""What may be read."""
_PROC = (
    "self", "cgroups", "cpuinfo", "devices", "driver", "filesystems", "loadavg", "meminfo", "modules", "stat", "sys",
    "uptime", "version", "vmstat",
)  # fmt: skip
"""Of /proc: not what other processes of this user were started with, such as the front's environment."""
_DEVICES = ("null", "full", "nvidia*", "dri", "kfd")


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def abi() -> int:
    """The version of Landlock that the kernel has.

    Raises:
        OSError: it has none, or it is turned off.
    """
    return kernel.call(_CREATE_RULESET, None, 0, _VERSION)


def apply(wanted: Confinement) -> None:
    """Confine this process to the import paths, the system's files, and what may be read and written beside them.

    Raises:
        OSError: the kernel has no Landlock.
    """
    version = abi()
    handled = _ALL_OF_ABI.get(version, _ALL)
    ruleset = _Ruleset(handled, 0, _SCOPES if version >= 6 else 0)
    size = ctypes.sizeof(ruleset) if version >= 6 else 8
    rules = kernel.call(_CREATE_RULESET, kernel.address(ruleset), size, 0)
    try:
        read = _READ_FILE | _READ_DIR | (_EXECUTE if wanted.programs else 0)
        written = handled if wanted.programs else handled & ~_EXECUTE
        proc = ("/proc",) if wanted.all_processes else (f"/proc/{name}" for name in _PROC)
        _allow(rules, (*_SYSTEM, *proc, *_import_paths(), *wanted.readable), read)
        _allow(rules, _devices(), handled & ~_EXECUTE)
        _allow(rules, (*wanted.writable, wanted.temporary), written)
        kernel.gain_no_privileges()
        kernel.call(_RESTRICT_SELF, rules, 0)
    finally:
        os.close(rules)


def _import_paths() -> tuple[str, ...]:
    return (sys.prefix, sys.base_prefix, sys.exec_prefix, *(path for path in sys.path if path))


def _devices() -> tuple[str, ...]:
    return tuple(str(path) for pattern in _DEVICES for path in Path("/dev").glob(pattern))


def _allow(rules: int, paths: Iterable[str], access: int) -> None:
    for path in sorted({path for path in paths if path}):
        try:
            parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError:
            continue  # what is not there cannot be reached either
        try:
            is_folder = os.path.isdir(path)  # noqa: PTH112 - a path like any other
            rule = _PathBeneath(access if is_folder else access & _OF_FILES, parent)
            kernel.call(_ADD_RULE, rules, _PATH_BENEATH, kernel.address(rule), 0)
        finally:
            os.close(parent)
