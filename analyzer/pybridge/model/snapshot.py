"""A descriptor as the store keeps it."""

from datetime import datetime

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
    target: str = ""
    """As the last component of the ref, ``3.11-linux``."""
    saved_at: datetime | None = None
    """None only where nobody told."""
    source_digest: Digest | None = None
    """Of the files that were read; None when whoever saved it did not tell."""
    tool: str = ""
    """The program that described it, and its version."""


class Tag(msgspec.Struct, frozen=True, kw_only=True):
    """A name that a person gave to a snapshot."""

    name: str
    """The library's version, unless another was chosen."""
    library: str
    target: str
    """As `Snapshot.target`."""
    commit: str
    ref: str
    """``refs/tags/jinja2/3.1.6/3.11-linux``"""
