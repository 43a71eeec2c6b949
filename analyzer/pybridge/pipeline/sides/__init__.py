"""One side of a comparison: whatever a person may name, as a descriptor, with nothing stored.

In: a word such as ``requests@2.32.3``, ``old.json``, ``dist/x-1.0-py3-none-any.whl``, ``git:v1.0`` or ``./src``. Out: `Side`.
"""

from pybridge.pipeline.sides.obtain import obtain_side, obtain_sides, stored_side, tree_side
from pybridge.pipeline.sides.side import Side, SideKind, remarks_on

__all__ = ["Side", "SideKind", "obtain_side", "obtain_sides", "remarks_on", "stored_side", "tree_side"]
