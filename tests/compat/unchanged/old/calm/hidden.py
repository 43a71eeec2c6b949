"""Names that nobody promised."""


class Visible:
    """Has members, some of them private."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._cache: dict[str, int] = {}

    def _prepare(self, times: int) -> None:
        self._size = times

    def size(self) -> int:
        """How large it is."""
        return self._size


def _private(value: int) -> int:
    return value


_LIMIT = 3
