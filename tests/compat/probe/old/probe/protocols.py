"""What others may implement."""

from abc import ABC, abstractmethod
from typing import Protocol, final


class C40Backend(ABC):
    """Where documents are kept."""

    def load(self, key: str) -> bytes:
        """Read a document."""
        return b""


class C41Codec(ABC):
    """How documents are written."""

    @abstractmethod
    def encode(self, text: str) -> bytes:
        """Make bytes of text."""


class C42Reader(Protocol):
    """Something to read from."""

    def read(self) -> bytes:
        """Read everything."""
        ...


class C52Plugin:
    """Something to plug in."""

    def start(self) -> None:
        """Begin."""
