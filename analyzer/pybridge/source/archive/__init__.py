"""Wheels and sdists become a `SourceTree` whose bytes are in memory: nothing is extracted, nothing is built.

What is wrong with a member costs that member and one `Diagnostic`; what is wrong with the archive as a whole is
`ArchiveRefused` (docs/adr/0012-sources-in-memory.md).
"""

from pybridge.source.archive.reading import read_archive

__all__ = ["read_archive"]
