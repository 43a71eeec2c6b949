"""A folder of files, wherever it lies: on disk, in an archive, in a git revision.

`Files` is the boundary; reading a library (`tree`, `walk`, `project`) knows nothing else.
"""

from pybridge.source.files.boundary import Entry, Files, Status, Trouble
from pybridge.source.files.directory import DirectoryFiles
from pybridge.source.files.memory import Member, MemoryFiles

__all__ = ["DirectoryFiles", "Entry", "Files", "Member", "MemoryFiles", "Status", "Trouble"]
