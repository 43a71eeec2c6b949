"""The way from an archive file to its `SourceTree`."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from pybridge.errors import ArchiveRefused, SourceUnreadable
from pybridge.model.source import SourceTree
from pybridge.source.archive.gathering import Gathering
from pybridge.source.archive.limits import LIMITS, Limits
from pybridge.source.archive.sdist import sdist_tree
from pybridge.source.archive.tar_members import gather_tar
from pybridge.source.archive.wheel import wheel_tree
from pybridge.source.archive.zip_members import gather_zip

_WHEEL = ".whl"
_TARS = (".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")


def read_archive(
    path: Path, *, name: str | None = None, include_tests: bool = False, limits: Limits = LIMITS
) -> SourceTree:
    """Read a wheel or an sdist; its files hold their bytes (`SourceFile.data`).

    Raises:
        ArchiveRefused: it cannot be trusted, or is none.
        DistributionNotFound: there is no package in it, or none of that name.
        SourceUnreadable: there is nothing at ``path``, or it may not be read.
    """
    place = Path(os.path.abspath(path))  # noqa: PTH100 - links in the user's own path stay as they are
    gathering = Gathering(place, limits)
    with _opened(place) as (stream, size_bytes):
        if place.name.endswith(_TARS):
            gather_tar(stream, gathering)
        else:
            gather_zip(stream, size_bytes, gathering)
    read = wheel_tree if place.name.endswith(_WHEEL) else sdist_tree
    return read(gathering, name=name, include_tests=include_tests)


@contextmanager
def _opened(path: Path) -> Iterator[tuple[BinaryIO, int]]:
    """Open a regular file that nobody changes meanwhile."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(path, flags)
    except OSError as error:
        raise SourceUnreadable(path, (error.strerror or str(error)).lower()) from error
    with os.fdopen(descriptor, "rb") as stream:
        before = os.fstat(descriptor)
        if not stat.S_ISREG(before.st_mode):
            raise SourceUnreadable(path, "not a regular file")
        try:
            yield stream, before.st_size
        except OSError as error:
            raise SourceUnreadable(path, (error.strerror or str(error)).lower()) from error
        after = os.fstat(descriptor)
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise ArchiveRefused(path, "it changed while it was read")
