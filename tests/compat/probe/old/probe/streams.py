"""What calls give, and how."""

import functools
from collections.abc import Iterator
from typing import Literal, overload


def c29_trim(width: int | float) -> str:
    """Cut a text."""
    return "x" * int(width)


def c30_seek(place: int) -> None:
    """Go to a place."""


def c31_author(key: str) -> str:
    """Who wrote a document."""
    return key


class C32Progress:
    """How far a call is."""

    done: int


class C33Quota:
    """What is left."""

    @property
    def left(self) -> int:
        """What may still be used."""
        raise NotImplementedError


def c34_upload(body: bytes) -> int:
    """Send a document."""
    return len(body)


async def c35_download(key: str) -> bytes:
    """Get a document."""
    return key.encode()


def c36_lines(text: str) -> list[str]:
    """Cut a text into lines."""
    return text.splitlines()


@overload
def c37_read(key: str) -> str: ...
@overload
def c37_read(key: int) -> bytes: ...
@overload
def c37_read(key: bytes) -> bytes: ...
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

    @text.setter
    def text(self, value: str) -> None:
        self._text = value


def c53_sort(order: Literal["up", "down", "none"]) -> None:
    """Choose an order."""


def c57_lookup(key: str) -> str:
    """Find a name."""
    return key
