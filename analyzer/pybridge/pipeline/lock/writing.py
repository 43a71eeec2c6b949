"""`Lock` -> the lock file: TOML in a fixed order, so that a change of one library is a change of its lines."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from pybridge.model.lock import Lock, LockedClient, LockedLibrary
from pybridge.pipeline.write import write_file

_HEAD = "# Written by `pybridge lock` and `pybridge generate`. Keep it under version control; edit nothing by hand.\n"


def write_lock(path: Path, lock: Lock) -> bool:
    """Replace the lock file in one step; tell whether it changed.

    Raises:
        OutputRefused: it cannot be written.
    """
    return write_file(path, lock_text(lock).encode())


def lock_text(lock: Lock) -> str:
    """Write a lock; the same lock gives the same text, whatever the order of its parts."""
    parts = [_HEAD, f"format = {lock.format}\n"]
    parts.extend(_library(one) for one in sorted(lock.libraries, key=_library_key))
    return "\n".join(parts)


def _library(one: LockedLibrary) -> str:
    lines = ["[[library]]", *_lines(one, leaving_out="client")]
    for client in sorted(one.clients, key=_client_key):
        lines += ["", "[[library.client]]", *_lines(client, leaving_out="files"), "", "[library.client.files]"]
        lines += [f"{_text(path)} = {_text(digest)}" for path, digest in sorted(client.files.items())]
    return "\n".join(lines) + "\n"


def _lines(noun: LockedLibrary | LockedClient, *, leaving_out: str) -> Iterator[str]:
    for key, value in msgspec.to_builtins(noun).items():
        if key != leaving_out:
            yield f"{key} = {_value(value)}"


def _value(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return _text(value)
        case Mapping():
            return "{ " + ", ".join(f"{key} = {_value(one)}" for key, one in value.items()) + " }"
        case list() | tuple():
            return "[" + ", ".join(_value(one) for one in value) + "]"
        case _:
            raise TypeError(value)


def _text(text: str) -> str:
    """Write a string of TOML: as in JSON, but for the one control character that JSON leaves as it is."""
    whole = text.encode(errors="backslashreplace").decode()
    return json.dumps(whole, ensure_ascii=False).replace("\x7f", "\\u007f")


def _library_key(one: LockedLibrary) -> tuple[str, str, str]:
    return one.name, one.target.python_version, one.target.platform


def _client_key(one: LockedClient) -> tuple[str, str]:
    return one.target, one.output
