"""Which objects the refs lead to."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress

import pygit2
from pygit2.enums import ObjectType

from pybridge.store.layout import ALL_REFS
from pybridge.store.refs import Refs

_LOGGED = re.compile(rb"^([0-9a-f]{40}) ([0-9a-f]{40}) ", re.MULTILINE)


def tips(refs: Refs) -> Iterator[pygit2.Oid]:
    """Yield what every ref names, and what is still there of what git's own logs say they named.

    Raises:
        KeyError: a ref names nothing.
    """
    for ref in refs.names(ALL_REFS):
        target = refs.target(ref)
        if target is not None:
            yield target
    if refs.repository.head_is_detached:
        yield refs.repository.head.target
    logs = refs.folder / "logs"
    for file in sorted(one for one in logs.rglob("*") if one.is_file()) if logs.is_dir() else ():
        for found in _LOGGED.finditer(file.read_bytes()):
            yield from (oid for one in found.groups() if (oid := pygit2.Oid(hex=one.decode())) in refs.repository.odb)


def reachable(
    repository: pygit2.Repository, roots: Iterable[pygit2.Oid], known: set[bytes] | None = None
) -> set[bytes]:
    """Return the ids of all objects that some lead to, their own too; what ``known`` has is not followed.

    Raises:
        KeyError: a commit or tree is missing. Blobs are not looked at.
    """
    before = known or set[bytes]()
    found: set[bytes] = set()
    pending = list(roots)
    while pending:
        oid = pending.pop()
        if oid.raw in found or oid.raw in before:
            continue
        found.add(oid.raw)
        pending.extend(_below(repository[oid], found))
    return found


def _below(held: pygit2.Object, found: set[bytes]) -> Iterator[pygit2.Oid]:
    match held:
        case pygit2.Commit():
            yield held.tree_id
            yield from held.parent_ids
        case pygit2.Tag():
            yield held.target
        case pygit2.Tree():
            for entry in held:
                if entry.type == ObjectType.TREE:
                    yield entry.id
                elif entry.type == ObjectType.BLOB:
                    found.add(entry.id.raw)


def exists(repository: pygit2.Repository, oid: pygit2.Oid) -> bool:
    """Tell whether an object is there, in whatever state."""
    with suppress(pygit2.GitError, OSError):
        return bool(repository.odb.exists(oid))
    return True
