"""The boundaries that have more than one implementation, as Protocols."""

from typing import Protocol


class Progress(Protocol):
    """Someone who wants to know how far a long run is."""

    def stage(self, title: str, total: int | None = None) -> None:
        """Begin a stage; ``total`` is its number of steps, None when not known."""

    def advance(self, steps: int = 1) -> None:
        """Tell that steps of the current stage are done."""


class Silent:
    """A `Progress` that nobody watches."""

    def stage(self, title: str, total: int | None = None) -> None:
        """Say nothing."""

    def advance(self, steps: int = 1) -> None:
        """Say nothing."""
