# Another comment on top.
"""A small library whose two versions differ in nothing that anybody could notice."""

from __future__ import annotations

from calm._second import Moved, moved_call

__all__ = ["Moved", "moved_call"]
__version__ = "1.1"
