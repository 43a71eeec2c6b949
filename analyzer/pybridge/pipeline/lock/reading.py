"""The lock file -> `Lock`."""

import tomllib
from pathlib import Path

import msgspec

from pybridge.errors import LockUnusable
from pybridge.model.library import Target
from pybridge.model.lock import LOCK_FORMAT, Lock, LockedLibrary

MAX_BYTES = 64 << 20
"""A lock of a hundred thousand files has a tenth of that; more is no lock."""


def read_lock(path: Path) -> Lock:
    """Read a project's lock; a file that is not there is an empty one.

    Raises:
        LockUnusable: the file cannot be read, is not a lock, or is of a newer format.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return Lock()
    except OSError as error:
        raise LockUnusable(path, error.strerror or str(error), hint="check that you may read it") from error
    if len(data) > MAX_BYTES:
        raise LockUnusable(path, f"larger than {MAX_BYTES >> 20} MiB")
    return parse_lock(data, path)


def parse_lock(data: bytes, path: Path) -> Lock:
    """Read the bytes of a lock; ``path`` is for the error.

    Raises:
        LockUnusable: they are not a lock, or of a newer format.
    """
    try:
        table = tomllib.loads(data.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise LockUnusable(path, f"not TOML: {error}") from error
    found = table.get("format")
    if isinstance(found, int) and found > LOCK_FORMAT:
        raise LockUnusable(path, f"has format {found}, newer than this pybridge reads", hint="upgrade pybridge")
    try:
        return msgspec.convert(table, Lock)
    except msgspec.ValidationError as error:
        raise LockUnusable(path, str(error)) from error


def find_library(lock: Lock, name: str, target: Target | None = None) -> LockedLibrary | None:
    """Return what is pinned of a library, for any target when none is given; None when it is not there."""
    fitting = (one for one in lock.libraries if one.name == name and target in {None, one.target})
    return next(fitting, None)
