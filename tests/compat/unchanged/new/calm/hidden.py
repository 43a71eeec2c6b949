"""Names that nobody promised."""


class Visible:
    """Has members, some of them private."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._memo = 0.0

    def size(self) -> int:
        """How large it is."""
        return self._size


class _Private:
    """Is nobody's business."""
