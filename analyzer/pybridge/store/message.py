"""Commit messages of the store: a line for people, trailers for the store.

::

    jinja2 3.1.6 (3.11-linux)

    Library: jinja2
    Version: 3.1.6
    Target: 3.11-linux
    Descriptor-Digest: 4f0c…
    Source-Digest: 91aa…
    Tool: pybridge 0.1.0
"""

import re

import msgspec

from pybridge.model.names import Digest

_DIGEST = re.compile(r"[0-9a-f]{64}")


class SnapshotMessage(msgspec.Struct, frozen=True, kw_only=True):
    """What a commit says of the snapshot it holds."""

    library: str
    version: str | None
    target: str
    """As the last component of the ref, ``3.11-linux``."""
    descriptor_digest: Digest
    source_digest: Digest | None
    """Digest of the files that were read; None when the caller did not tell."""
    tool: str


def write_message(message: SnapshotMessage, *, snapshot: str | None = None, is_union: bool = False) -> str:
    """Write the text of a commit; ``snapshot`` is the library's own commit, told in the journal.

    A union says what its first parent says; only people are told that it is one.
    """
    title = " ".join(_line(part) for part in (message.library, message.version) if part)
    trailers = {
        "Library": message.library,
        "Version": message.version,
        "Target": message.target,
        "Descriptor-Digest": message.descriptor_digest,
        "Source-Digest": message.source_digest,
        "Tool": message.tool,
        "Snapshot": snapshot,
    }
    lines = [f"{key}: {_line(value)}" for key, value in trailers.items() if value is not None]
    united = ", histories united" if is_union else ""
    return f"{title} ({_line(message.target)}){united}\n\n" + "\n".join(lines) + "\n"


def write_removal(library: str) -> str:
    """Write the text of the journal's commit that shows a library no longer."""
    return f"forget {_line(library)}\n\nLibrary: {_line(library)}\n"


def write_union() -> str:
    """Write the text of the journal's commit that brings two journals together."""
    return "unite histories\n"


def read_message(text: str) -> SnapshotMessage | None:
    """Undo `write_message`; None when the store did not write it."""
    _, _, block = text.rstrip("\n").rpartition("\n\n")
    trailers: dict[str, str] = {}
    for line in block.split("\n"):
        key, separator, value = line.partition(": ")
        if separator:
            trailers[key] = _unline(value)
    digest = trailers.get("Descriptor-Digest", "")
    source = trailers.get("Source-Digest")
    if not _DIGEST.fullmatch(digest) or "Library" not in trailers:
        return None
    return SnapshotMessage(
        library=trailers["Library"],
        version=trailers.get("Version"),
        target=trailers.get("Target", ""),
        descriptor_digest=Digest(digest),
        source_digest=None if source is None else Digest(source),
        tool=trailers.get("Tool", ""),
    )


def _line(text: str) -> str:
    """Write any text on one line of ASCII, so that no name can forge a trailer."""
    return text.encode("unicode_escape").decode("ascii")


def _unline(text: str) -> str:
    try:
        return text.encode("ascii").decode("unicode_escape")
    except UnicodeError:
        return text
