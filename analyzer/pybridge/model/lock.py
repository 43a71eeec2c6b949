"""What a project has pinned: its libraries, their descriptors, and the files that were generated of them."""

from collections.abc import Mapping
from typing import Annotated

import msgspec

from pybridge.model.library import Target
from pybridge.model.names import Digest

LOCK_FORMAT = 1
LOCK_NAME = "pybridge.lock"

_Checked = Annotated[Digest, msgspec.Meta(pattern="^[0-9a-f]{64}$")]


class LockedClient(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What was generated of a library in one language, into one folder."""

    target: str
    """The language, ``elixir``."""
    output: str
    """The folder, relative to the lock's, with forward slashes."""
    generator: str
    """The program and its version, ``pybridge 0.1.0``."""
    root: str | None = None
    """As `GenerationOptions.root`."""
    include: tuple[str, ...] = ()
    """As `GenerationOptions.include`."""
    config_digest: _Checked | None = None
    """Of the configuration that was followed; None where there was none."""
    files: Mapping[str, _Checked] = {}
    """Digest of what was written, by path relative to ``output``, sorted."""


class LockedLibrary(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A library as it is pinned, for one target."""

    name: str
    """The import name."""
    version: str | None = None
    target: Target
    descriptor_digest: _Checked
    """By which the store finds the descriptor."""
    source_digest: _Checked
    """Of the files that it was made from."""
    tool: str
    """The program that made it, and its version."""
    site_packages: str | None = None
    """The environment that has it, relative to the lock's folder; None where it was not named, or lies elsewhere."""
    path: str | None = None
    """The source tree that has it, relative to the lock's folder; None where it is taken from an environment."""
    includes_tests: bool = False
    clients: tuple[LockedClient, ...] = msgspec.field(default=(), name="client")
    """Sorted by target and output; each pair is there once."""


class Lock(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a project has pinned."""

    format: int = LOCK_FORMAT
    libraries: tuple[LockedLibrary, ...] = msgspec.field(default=(), name="library")
    """Sorted by name, Python version and platform; each is there once."""
