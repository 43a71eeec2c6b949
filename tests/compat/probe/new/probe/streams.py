"""What calls give, and how."""

import functools
from collections.abc import Iterator
from typing import Literal, overload


def c29_trim(width: int) -> str:
    """Cut a text."""
    return "x" * int(width)


def c30_seek(place: str) -> None:
    """Go to a place."""


def c31_author(key: str) -> str | None:
    """Who wrote a document."""
    return key


class C32Progress:
    """How far a call is."""

    done: str


class C33Quota:
    """What is left."""

    @property
    def left(self) -> str:
        """What may still be used."""
        raise NotImplementedError


async def c34_upload(body: bytes) -> int:
    """Send a document."""
    return len(body)


def c35_download(key: str) -> bytes:
    """Get a document."""
    return key.encode()


def c36_lines(text: str) -> Iterator[str]:
    """Cut a text into lines."""
    yield from text.splitlines()


@overload
def c37_read(key: str) -> str: ...
@overload
def c37_read(key: int) -> bytes: ...
def c37_read(key: str | int | bytes) -> str | bytes:
    """Read by name or by number."""
    return str(key)


class C38Label:
    """A name that can be set."""

    def __init__(self) -> None:
        self._text = ""

    @property
    def text(self) -> str:
        """The name."""
        return self._text


def c53_sort(order: Literal["up", "down"]) -> None:
    """Choose an order."""


@functools.lru_cache
def c57_lookup(key: str) -> str:
    """Find a name."""
    return key
