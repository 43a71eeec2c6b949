"""Secrets that the operator keeps in files: read once, and only where not everybody can read them."""

import os
import stat
from pathlib import Path

from pybridge_worker.errors import BadOption

_MAX_BYTES = 1024 * 1024


def read_secret(option: str, path: Path) -> bytes:
    """Read a private key or token file.

    Raises:
        BadOption: it cannot be read, or others than its owner and group can.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        raise BadOption(option, f"{path}: {error.strerror}") from error
    return read_secret_of(option, descriptor, str(path))


def read_secret_of(option: str, descriptor: int, name: str) -> bytes:
    """Read a secret from an open descriptor, and close it.

    Raises:
        BadOption: as for `read_secret`.
    """
    try:
        with open(descriptor, "rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            if stat.S_ISREG(mode) and mode & (stat.S_IWGRP | stat.S_IRWXO):
                raise BadOption(option, f"{name}: every user of this machine can read or write it; chmod 600 it")
            data = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise BadOption(option, f"{name}: {error.strerror}") from error
    if len(data) > _MAX_BYTES:
        raise BadOption(option, f"{name}: it has more than {_MAX_BYTES} bytes")
    return data


def read_public(option: str, path: Path) -> bytes:
    """Read a certificate.

    Raises:
        BadOption: it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadOption(option, f"{path}: {error.strerror}") from error


def stamp(path: Path | None) -> tuple[int, ...]:
    """What changes when a file does, or another takes its place; empty when it is gone."""
    if path is None:
        return ()
    try:
        found = path.stat()
    except OSError:
        return ()
    return (found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size)
