"""A distribution on disk or in an archive becomes a `SourceTree`.

In: a library's name and a site-packages folder, a folder of source, a wheel or an sdist. Out: `SourceTree`, file bytes.
May import: codec, errors, model. Reads the disk, never writes to it.
"""

from pybridge.source.find import default_site_packages, environment_of, find_library
from pybridge.source.given import is_archive, is_environment, read_given, with_neighbours
from pybridge.source.installed import InstalledLibrary, installed_libraries
from pybridge.source.overlays import read_overlays, shipped_overlays
from pybridge.source.reading import read_bytes
from pybridge.source.tree import read_tree

__all__ = [
    "InstalledLibrary",
    "default_site_packages",
    "environment_of",
    "find_library",
    "installed_libraries",
    "is_archive",
    "is_environment",
    "read_bytes",
    "read_given",
    "read_overlays",
    "read_tree",
    "shipped_overlays",
    "with_neighbours",
]
