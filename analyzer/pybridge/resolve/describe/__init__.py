"""Facts, names and types become the descriptor."""

from pybridge.resolve.describe.library import Description, describe_library

__all__ = ["Description", "describe_library"]
