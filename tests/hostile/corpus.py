"""Every hostile library that is kept, by name: ``python -m hostile.corpus NAME FOLDER`` in ``tests/`` writes one."""

import sys
from pathlib import Path

from hostile import metadata, modules, nesting, text, trees, types
from hostile.writing import CASES, Case

__all__ = ["CASES", "FAMILIES", "Case"]

FAMILIES = (nesting, text, types, modules, trees, metadata)
"""The modules that define cases; importing them fills the register."""

if __name__ == "__main__":
    CASES[sys.argv[1]].write(Path(sys.argv[2]))
