"""What a distribution promises besides its modules."""

import msgspec


class EntryPoint(msgspec.Struct, frozen=True, kw_only=True):
    """A name by which other programs find something of a distribution."""

    group: str
    """``console_scripts`` for a command."""
    name: str
    target: str
    """``requests.cli:main``"""


class Package(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A distribution by its metadata, read as text."""

    is_typed: bool = False
    """True when a ``py.typed`` marker is present."""
    requires_python: str | None = None
    """``>=3.9,<4``, sorted; empty where any will do; None where no text tells, as when building decides."""
    extras: tuple[str, ...] | None = None
    """Normalised and sorted; None where no text tells."""
    entry_points: tuple[EntryPoint, ...] | None = None
    """Sorted by group and name; None where no text tells."""
