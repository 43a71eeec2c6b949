"""Where things are defined."""


class Moved:
    """Is defined somewhere."""

    def run(self, times: int = 1) -> "Moved":
        """Do it."""
        return self


def moved_call(one: Moved) -> Moved:
    """Call it."""
    return one
