"""Text that only looks different."""

LIMIT = 0xFF
NAME = 'calm'
SECONDS = 60 * 60


def quotes(name: str = 'a', path: str = "b", mask: int = 255, size: int = 1_000) -> str:
    """Join two words."""
    # The same in other words.
    return "".join((name, path))


def commented(
    a: int,  # the first
    b: int,
) -> int:
    """Add."""
    return a + b


def keywords(*, third: str, second: int = 2, first: int = 1) -> None:
    """Take anything by name."""


class Ordered:
    """Has members in some order."""

    def beta(self) -> int:
        """Come second."""
        return 2

    def alpha(self) -> int:
        """Come first."""
        return 1
