"""Bytes from the disk, without ever following a link, waiting on a pipe, or reading without end."""

import os
import stat
from pathlib import Path

from pybridge.errors import SourceUnreadable
from pybridge.model.source import SourceFile

MAX_FILE_BYTES = 5 << 20
"""Larger source files are skipped: nothing people write by hand is that long."""
MAX_METADATA_BYTES = 32 << 20

_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)


def read_bytes(file: SourceFile) -> bytes:
    """Read a file of a tree.

    Raises:
        SourceUnreadable: it is gone, not a regular file (any more), longer than `MAX_FILE_BYTES`, or changes meanwhile.
    """
    return _read(file.location, MAX_FILE_BYTES) if file.data is None else file.data


def read_metadata(path: Path) -> str | None:
    """Read a small file of metadata as text; None when it is not there or cannot be read."""
    try:
        return _read(path, MAX_METADATA_BYTES).decode("utf-8", "replace")
    except SourceUnreadable:
        return None


def _read(path: Path, limit_bytes: int) -> bytes:
    try:
        descriptor = os.open(path, _FLAGS | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError) as error:
        raise SourceUnreadable(path, _reason(error)) from error
    try:
        before = os.fstat(descriptor)
        if not stat.S_ISREG(before.st_mode):
            raise SourceUnreadable(path, "not a regular file")
        if before.st_size > limit_bytes:
            raise SourceUnreadable(path, f"larger than {limit_bytes:,} bytes")
        with os.fdopen(descriptor, "rb", closefd=False) as stream:
            data = stream.read(limit_bytes + 1)
    except OSError as error:
        raise SourceUnreadable(path, _reason(error)) from error
    finally:
        os.close(descriptor)
    if len(data) != before.st_size:
        raise SourceUnreadable(path, "it changed while it was read")
    return data


def _reason(error: Exception) -> str:
    return (error.strerror or str(error)).lower() if isinstance(error, OSError) else str(error)
