"""What the worker serves in the race: the same few functions that the peers offer in their own ways."""

from collections.abc import Iterator

BLOCK = bytes(1024 * 1024)


def echo(value: dict[str, object]) -> dict[str, object]:
    """Give back what came."""
    return value


def same(value: object) -> object:
    """Give back whatever came."""
    return value


def items(count: int) -> Iterator[bytes]:
    """Give so many items of sixteen bytes."""
    for _ in range(count):
        yield b"0123456789abcdef"


def block(mebibytes: int) -> bytes:
    """Give one value of so many MiB."""
    return BLOCK * mebibytes
