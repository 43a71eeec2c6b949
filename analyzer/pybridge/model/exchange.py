"""What came of fetching from another store, or of pushing to one."""

from enum import Enum

import msgspec


class Fate(Enum):
    """What became of a ref."""

    NEW = "new"
    """It was not there."""
    FORWARD = "forward"
    """It got the snapshots that were missing."""
    UNITED = "united"
    """Both sides had added snapshots: now both are there."""
    SAME = "same"
    """There was nothing to do: it is there, and maybe more."""
    KEPT = "kept"
    """A tag that is another snapshot's on the other side, and stays where it is."""
    REFUSED = "refused"
    """Something would be lost, or is not what it says; the ref stays where it is."""


class RefFate(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One ref of an exchange."""

    ref: str
    fate: Fate
    snapshots: int = 0
    """How many snapshots came, or went, by it."""
    reason: str | None = None
    """Why it was kept or refused."""


class Exchange(msgspec.Struct, frozen=True, kw_only=True):
    """A fetch or a push."""

    remote: str
    """Its address, without a password."""
    is_push: bool
    refs: tuple[RefFate, ...]
    """Sorted by ref."""
