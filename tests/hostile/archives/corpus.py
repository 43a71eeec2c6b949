"""Every hostile archive that is kept, by name: ``python -m hostile.archives.corpus NAME FOLDER`` in ``tests/`` writes one."""

import sys
from pathlib import Path

from hostile.archives import tars, wheels, zips
from hostile.archives.writing import ARCHIVES, ArchiveCase

__all__ = ["ARCHIVES", "FAMILIES", "ArchiveCase"]

FAMILIES = (zips, wheels, tars)
"""The modules that define cases; importing them fills the register."""

if __name__ == "__main__":
    case = ARCHIVES[sys.argv[1]]
    case.write(Path(sys.argv[2]) / case.name)
