"""A difference between two descriptors, as fact and without a verdict."""

from enum import Enum

import msgspec

from pybridge.model.names import SymbolPath


class ChangeKind(Enum):
    """What happened at a path."""

    ADDED = "added"
    REMOVED = "removed"
    MODIFIED = "modified"


class Change(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One difference, at the deepest place that tells it."""

    kind: ChangeKind
    symbol: SymbolPath
    """The symbol that holds the difference."""
    member: tuple[str, ...] = ()
    """Path of fields inside the symbol's descriptor, ``("signatures", "0", "parameters", "timeout", "default")``."""
    old: msgspec.Raw | None = None
    """Canonical JSON of the old value; None when added."""
    new: msgspec.Raw | None = None
    """Canonical JSON of the new value; None when removed."""
