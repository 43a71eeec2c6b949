"""A difference between two descriptors, as fact and without a verdict."""

from enum import Enum

import msgspec

from pybridge.model.names import SymbolPath


class ChangeKind(Enum):
    """What happened at a path."""

    ADDED = "added"
    REMOVED = "removed"
    MODIFIED = "modified"
    REORDERED = "reordered"
    """The order of what has names, such as parameters, where additions and removals alone do not tell it."""


class Change(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One difference, at the deepest place that tells it."""

    kind: ChangeKind
    symbol: SymbolPath
    """The symbol that holds the difference; what is added or removed itself is held by what encloses it. Empty for the
    library."""
    member: tuple[str, ...] = ()
    """Path of fields inside the symbol's descriptor, ``("signatures", "0", "parameters", "timeout", "default")``: what
    has a name goes by it, what has none by its index (an added one by its new index)."""
    old: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    """Canonical JSON of the old value; unset when added. The names in their old order when reordered."""
    new: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    """Canonical JSON of the new value; unset when removed. The names in their new order when reordered."""
