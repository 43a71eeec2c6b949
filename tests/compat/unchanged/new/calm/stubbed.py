"""Has a stub beside it."""


def typed(name, times=1):
    """Repeat a name."""
    return name * times


class Typed:
    """Has types elsewhere."""

    def __init__(self, name):
        self.name = name

    def run(self, times=1):
        """Do it."""
        return self.name * times
