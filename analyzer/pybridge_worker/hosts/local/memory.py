"""How much memory a process has."""

import os
from pathlib import Path


def resident_bytes(pid: int) -> int:
    """Memory of a process that is in RAM; 0 for one that is gone, and where there is no /proc."""
    try:
        pages = Path(f"/proc/{pid}/statm").read_bytes().split()[1]
    except (OSError, IndexError):
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")
