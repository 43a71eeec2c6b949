"""Which files changed: their content is read only where the file system tells of a change, or could not have told."""

import time
from collections.abc import Sequence

import msgspec

from pybridge.codec import digest, digest_bytes
from pybridge.errors import SourceUnreadable
from pybridge.model.diagnostic import Diagnostic, Severity
from pybridge.model.library import Skip, SkipReason
from pybridge.model.names import Digest, symbol_path
from pybridge.model.source import FileKind, SourceFile
from pybridge.source import read_bytes
from pybridge.store.facts_cache import FactsCache

_UNSURE_NS = 2_000_000_000
"""A file that changed so shortly before it was read may change again without the file system telling: some count in
steps of two seconds."""


class Unreadable(msgspec.Struct, frozen=True):
    """A file that could not be read."""

    skip: Skip
    diagnostic: Diagnostic


class Contents(msgspec.Struct, frozen=True, kw_only=True):
    """The content of every file that has text."""

    files: tuple[SourceFile, ...]
    digests: dict[str, Digest]
    """By `SourceFile.path`; unreadable files left out."""
    data: dict[str, bytes]
    """Of the files that were read now."""
    unreadable: tuple[Unreadable, ...] = ()


class _Known(msgspec.Struct, frozen=True, array_like=True):
    size_bytes: int
    mtime_ns: int
    digest: Digest


class _Index(msgspec.Struct, frozen=True, array_like=True):
    """What is known of the files of a tree."""

    files: dict[str, _Known]


def read_contents(files: Sequence[SourceFile], cache: FactsCache, key: Digest) -> Contents:
    """Tell the content of every file by its digest, reading those that may have changed since the last time.

    ``key`` names the tree. Compiled files are not read: that they are there is all that counts.
    """
    name = digest(("contents", key))
    known = _recalled(cache, name)
    began = time.time_ns()
    digests: dict[str, Digest] = {}
    data: dict[str, bytes] = {}
    unreadable: list[Unreadable] = []
    kept: dict[str, _Known] = {}
    readable = tuple(one for one in files if one.kind is not FileKind.COMPILED)
    for file in readable:
        before = known.get(file.path) if file.data is None else None
        if before is not None and (before.size_bytes, before.mtime_ns) == (file.size_bytes, file.mtime_ns):
            digests[file.path] = before.digest
            kept[file.path] = before
            continue
        try:
            text = read_bytes(file)
        except SourceUnreadable as error:
            unreadable.append(_unreadable(file, error))
            continue
        data[file.path] = text
        digests[file.path] = digest_bytes(text)
        if file.data is None and len(text) == file.size_bytes and file.mtime_ns < began - _UNSURE_NS:
            kept[file.path] = _Known(file.size_bytes, file.mtime_ns, digests[file.path])
    if kept != known:
        cache.put_many({name: msgspec.msgpack.encode(_Index(kept))})
    return Contents(files=readable, digests=digests, data=data, unreadable=tuple(unreadable))


def _recalled(cache: FactsCache, name: Digest) -> dict[str, _Known]:
    found = cache.get_many([name]).get(name)
    if found is None:
        return {}
    try:
        return msgspec.msgpack.decode(found, type=_Index).files
    except msgspec.DecodeError:
        return {}


def _unreadable(file: SourceFile, error: SourceUnreadable) -> Unreadable:
    return Unreadable(
        Skip(path=symbol_path(file.module, ""), reason=SkipReason.UNREADABLE, detail=error.reason),
        Diagnostic(
            code="unreadable-file", severity=Severity.WARNING, message=error.reason, path=file.path, hint=error.hint
        ),
    )
