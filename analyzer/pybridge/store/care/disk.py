"""How much room files take."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

_BLOCK_BYTES = 512


def disk_bytes(files: Iterable[Path]) -> int:
    """Add up what files take on the disk, in whole blocks where the system tells; what is gone takes nothing."""
    total = 0
    for file in files:
        with suppress(OSError):
            found = file.lstat()
            blocks = getattr(found, "st_blocks", None)
            total += found.st_size if blocks is None else blocks * _BLOCK_BYTES
    return total
