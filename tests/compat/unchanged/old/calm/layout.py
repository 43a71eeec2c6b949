"""Text that only looks different."""

LIMIT = 255
NAME = "calm"
SECONDS = 3600


def quotes(name: str = "a", path: str = 'b', mask: int = 0xFF, size: int = 1000) -> str:
    """Join two words."""
    return name + path


def commented(a: int, b: int) -> int:
    """Add."""
    return a + b  # plainly


def keywords(*, first: int = 1, second: int = 2, third: str) -> None:
    """Take anything by name."""


class Ordered:
    """Has members in some order."""

    def alpha(self) -> int:
        """Come first."""
        return 1

    def beta(self) -> int:
        """Come second."""
        return 2
