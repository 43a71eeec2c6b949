"""A git revision of a source tree becomes a `SourceTree`: objects are read, nothing is checked out, nothing is written."""

from pybridge.source.revision.reading import GivenRevision, locate_revision, read_revision

__all__ = ["GivenRevision", "locate_revision", "read_revision"]
