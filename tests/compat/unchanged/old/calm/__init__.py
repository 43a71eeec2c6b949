"""A small library whose two versions differ in nothing that anybody could notice."""

from calm._first import Moved, moved_call

__all__ = ["Moved", "moved_call"]
__version__ = "1.0"
