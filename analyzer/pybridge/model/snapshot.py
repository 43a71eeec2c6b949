"""A descriptor as the store keeps it."""

import msgspec

from pybridge.model.names import Digest


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """One stored descriptor: a commit in the store's repository."""

    library: str
    version: str | None
    digest: Digest
    """SHA-256 of the descriptor's canonical bytes."""
    commit: str
    """The git object id."""
    parents: tuple[str, ...]
    ref: str
    """The ref that leads to it, ``refs/libraries/jinja2/3.11-linux``."""
    is_new: bool = True
    """False when the store already had this very descriptor at the head of the ref."""
