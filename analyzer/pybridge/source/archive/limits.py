"""How much of an archive is read before it is refused. Everything is counted while it streams."""

import msgspec

from pybridge.source.reading import MAX_FILE_BYTES, MAX_METADATA_BYTES

MODULE_SUFFIXES = (".py", ".pyi", ".pyx")
METADATA_NAMES = frozenset({"METADATA", "PKG-INFO", "RECORD", "entry_points.txt", "pyproject.toml", "setup.cfg"})


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Where reading stops."""

    entries: int = 100_000
    name_bytes: int = 1_024
    depth: int = 64
    """Folders in a name."""
    kept_bytes: int = 256 << 20
    """Of all texts together: the largest libraries have 60 MB of source."""
    unpacked_bytes: int = 2 << 30
    """Of a compressed stream, most of which is thrown away."""
    ratio: int = 200
    """Unpacked to packed; source text has 3 to 10."""
    ratio_from_bytes: int = 64 << 20
    """Below this the ratio does not matter."""
    directory_bytes: int = 64 << 20
    """Of a zip file's central directory."""
    header_bytes: int = 1 << 20
    """Of a tar file's extended header."""
    dictionary_bytes: int = 128 << 20
    """Of memory that unpacking xz may take; its strongest preset takes 65 MB."""
    told: int = 100
    """Troubles told one by one."""


LIMITS = Limits()


def wanted_bytes(path: str) -> int | None:
    """How long a member may be to be kept; None for what is not read at all."""
    if path.endswith(MODULE_SUFFIXES):
        return MAX_FILE_BYTES
    return MAX_METADATA_BYTES if path.rpartition("/")[2] in METADATA_NAMES else None


def is_module(path: str) -> bool:
    """Tell a member whose text is read from one that only matters by being there."""
    return path.endswith(MODULE_SUFFIXES)
