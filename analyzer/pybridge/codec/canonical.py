"""Canonical bytes of a noun and their digest.

JSON in UTF-8, members sorted, no insignificant white space, defaults left out: the same value gives the same bytes
from every Python, hash seed, locale and machine. Python text may hold lone surrogates, which UTF-8
cannot; each is written as its escape, six characters of text.
"""

import hashlib
from typing import TypeVar

import msgspec

from pybridge.errors import DecodeError
from pybridge.model.names import Digest

T = TypeVar("T")


def encode(noun: object) -> bytes:
    """Write a noun as canonical JSON."""
    try:
        return msgspec.json.encode(noun, order="sorted")
    except UnicodeEncodeError:
        return msgspec.json.encode(_escape_surrogates(msgspec.to_builtins(noun)), order="sorted")


def encode_pretty(noun: object) -> bytes:
    """Write a noun as canonical JSON with two blanks of indentation and a final newline, for people to diff."""
    return format_pretty(encode(noun))


def format_pretty(data: bytes) -> bytes:
    """Indent canonical JSON, as `encode_pretty` does."""
    return msgspec.json.format(data, indent=2) + b"\n"


def decode(data: bytes, noun: type[T]) -> T:
    """Read what `encode` or `encode_pretty` wrote.

    Raises:
        DecodeError: the bytes are not JSON, or not this noun.
    """
    try:
        return msgspec.json.decode(data, type=noun)
    except (msgspec.DecodeError, RecursionError) as error:
        raise DecodeError(noun.__name__, str(error)) from error


def digest(noun: object) -> Digest:
    """SHA-256 of the canonical bytes."""
    return digest_bytes(encode(noun))


def digest_bytes(data: bytes) -> Digest:
    """SHA-256 of bytes, as 64 lowercase hexadecimal digits."""
    return Digest(hashlib.sha256(data).hexdigest())


def _escape_surrogates(value: object) -> object:
    """Make all text of builtin values writable; only reached by the rare noun that has some that is not."""
    match value:
        case str():
            return value.encode(errors="backslashreplace").decode()
        case list() | tuple():
            return [_escape_surrogates(item) for item in value]
        case dict():
            return {_escape_surrogates(key): _escape_surrogates(item) for key, item in value.items()}
        case _:
            return value
