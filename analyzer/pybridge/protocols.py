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


class ChildProcess(Protocol):
    """A child as `subprocess.Popen` has it."""

    def poll(self) -> int | None:
        """Return its exit status; None while it runs."""
        ...

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; raises `subprocess.TimeoutExpired` when that takes too long."""
        ...

    def kill(self) -> None:
        """End it at once."""
        ...
