"""What is wrong with a store, and whom it concerns."""

from enum import Enum

import msgspec


class DamageKind(Enum):
    """What is damaged."""

    OBJECT = "object"
    """An object is missing, or is not what its id says."""
    PACK = "pack"
    """A pack or its index does not sum up; the objects that are hit by it are told too."""
    REF = "ref"
    """A ref leads nowhere."""
    SNAPSHOT = "snapshot"
    """All objects are intact, and yet they are not the descriptor that the commit names."""


class Hit(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What of a library a damage concerns, by one ref."""

    ref: str
    library: str
    version: str | None = None
    """Of the newest snapshot that is hit."""
    target: str = ""
    commit: str = ""
    """The newest snapshot that is hit."""
    part: str = ""
    """``modules/jinja2/ext.json``, or ``commit``."""
    module: str | None = None
    """The module whose descriptor or places are hit; None where it is more than one, or none."""
    snapshots: int = 1
    """How many snapshots of the ref are hit."""


class Damage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that is wrong."""

    kind: DamageKind
    name: str
    """The object's id, the name of the file or ref, the commit."""
    reason: str
    file: str | None = None
    """Where it lies, relative to the store; None for what is missing or in a pack that is told by itself."""
    hits: tuple[Hit, ...] = ()
    """Empty for what no ref leads to."""


class Verification(msgspec.Struct, frozen=True, kw_only=True):
    """What was looked at, and what is wrong."""

    refs: int
    snapshots: int
    objects: int
    """Copies of objects that were hashed: what is loose and packed counts twice."""
    size_bytes: int
    """Of their content."""
    damages: tuple[Damage, ...]
    """Sorted by kind and name; empty when all is well."""
