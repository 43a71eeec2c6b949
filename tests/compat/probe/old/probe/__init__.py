"""A client for a store of documents. Whatever has a number in its name is one case of the probe."""

from probe.client import Session, connect
from probe.errors import ProbeError

__all__ = ["ProbeError", "Session", "connect"]
__version__ = "1.0"
