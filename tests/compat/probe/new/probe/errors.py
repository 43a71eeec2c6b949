"""What may go wrong."""


class ProbeError(Exception):
    """Everything that goes wrong here."""


class Base27:
    """What errors of the network have."""

    def describe(self) -> str:
        """For people."""
        return "error"


class C27NetworkError(ProbeError):
    """The other side does not answer."""


class Base43:
    """One way to be told."""


class Other43:
    """Another way to be told."""


class C43Remark(Other43):
    """Something to be told."""


class C44ParseError(Exception):
    """A document that nobody can read."""


class First45:
    """Comes first."""

    def rank(self) -> int:
        """Where it stands."""
        return 1


class Second45:
    """Comes second."""

    def rank(self) -> int:
        """Where it stands."""
        return 2


class C45Ranked(Second45, First45):
    """Comes somewhere."""
