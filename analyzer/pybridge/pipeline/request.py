"""What a run is asked to do."""

from pathlib import Path

import msgspec

from pybridge.model.library import Target


class AnalyzeRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Which library to describe, and for what."""

    name: str | None
    """An import or distribution name; None to take what ``path`` holds."""
    site_packages: Path | None = None
    """The environment that has it, or beside ``path`` the one that has its neighbours; None for the one that pybridge
    runs in, and for no neighbours."""
    path: Path | None = None
    """A source tree, a wheel or an sdist to read instead of an environment."""
    target: Target | None = None
    """None to take the Python version of the environment and this platform."""
    include_tests: bool = False
    jobs: int = 0
    """Child processes for reading files; 0 for one a core."""


class Places(msgspec.Struct, frozen=True, kw_only=True):
    """Where pybridge keeps things on this machine."""

    store: Path
    """The git repository of snapshots."""
    cache: Path
    """What may be deleted at any time."""
