"""Calls of the first version."""


def open_store(path: str) -> None:
    """Open a store by its path."""
