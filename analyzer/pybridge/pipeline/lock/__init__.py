"""``pybridge.lock``: what a project has pinned, read, written and compared with what is there."""

from pybridge.pipeline.lock.reading import find_library, read_lock
from pybridge.pipeline.lock.writing import write_lock

__all__ = ["find_library", "read_lock", "write_lock"]
