"""Two descriptors become `Change`s: every difference as fact, without a verdict.

In: `LibraryDescriptor`, old and new. Out: `Change`s. May import: codec, errors, model; nothing else.

    collections.py   which fields hold what has a name, and what their order means
    compare.py       two descriptors -> Change*
    apply.py         descriptor, Change* -> descriptor
"""

from pybridge.diff.apply import apply
from pybridge.diff.compare import diff

__all__ = ["apply", "diff"]
