"""Whom damaged objects concern: which refs, snapshots and modules lead to them, and what else is wrong on the way."""

from collections.abc import Iterator
from contextlib import suppress

import msgspec
import pygit2
from pygit2.enums import ObjectType

from pybridge.model.damage import Hit
from pybridge.store.care.reachable import exists
from pybridge.store.layout import (
    LIBRARIES,
    MODULES,
    PLACES,
    PLACES_SUFFIX,
    SUFFIX,
    TAGS,
    module_at,
    names_in,
)
from pybridge.store.message import SnapshotMessage, read_message

_MAX_DEPTH = 64
_COMMIT = "commit"

Below = tuple[tuple[str, bytes], ...]
"""Paths and ids of damaged objects in a tree."""


class Walker:
    """Goes through everything that commits lead to; ``bad`` grows by what is missing or cannot be read."""

    def __init__(self, repository: pygit2.Repository, bad: dict[bytes, str]) -> None:
        self._repository = repository
        self.bad = bad
        self._trees: dict[bytes, Below] = {}

    def commits(self, tip: pygit2.Oid) -> Iterator[tuple[pygit2.Oid, pygit2.Commit | None]]:
        """Yield a commit and all before it, roughly newest first; None for one that cannot be read."""
        pending, seen = [tip], {tip.raw}
        while pending:
            following: list[pygit2.Oid] = []
            for oid in pending:
                commit = self._read(oid, pygit2.Commit)
                yield oid, commit
                for parent in commit.parent_ids if commit is not None else ():
                    if parent.raw not in seen:
                        seen.add(parent.raw)
                        following.append(parent)
            pending = following

    def below(self, tree: pygit2.Oid, depth: int = 0) -> Below:
        """Find what is damaged in a tree; each tree is looked at once."""
        if tree.raw not in self._trees:
            self._trees[tree.raw] = tuple(self._look(tree, depth))
        return self._trees[tree.raw]

    def _look(self, oid: pygit2.Oid, depth: int) -> Iterator[tuple[str, bytes]]:
        if depth > _MAX_DEPTH:
            self.bad.setdefault(oid.raw, "lies deeper than any tree of a snapshot")
        held = self._read(oid, pygit2.Tree)
        if held is None:
            yield "", oid.raw
            return
        for entry in held:
            if entry.type == ObjectType.TREE:
                for path, raw in self.below(entry.id, depth + 1):
                    yield f"{entry.name}/{path}" if path else entry.name, raw
            elif self._is_bad_blob(entry.id):
                yield entry.name, entry.id.raw

    def _is_bad_blob(self, oid: pygit2.Oid) -> bool:
        if oid.raw not in self.bad and not exists(self._repository, oid):
            self.bad[oid.raw] = "is missing"
        return oid.raw in self.bad

    def _read(self, oid: pygit2.Oid, kind: type) -> pygit2.Object | None:
        if oid.raw in self.bad:
            return None
        try:
            held = self._repository[oid]
        except KeyError:
            self.bad[oid.raw] = "is missing"
        except (pygit2.GitError, OSError, ValueError) as error:
            self.bad[oid.raw] = str(error)
        else:
            if isinstance(held, kind):
                return held
            self.bad[oid.raw] = f"is not a {kind.__name__.lower()}"
        return None


class HitList:
    """What was hit, object by object, each ref of a library once."""

    def __init__(self) -> None:
        self._found: dict[bytes, dict[tuple[str, str], Hit]] = {}

    def add(self, raw: bytes, ref: str, part: str, commit: pygit2.Oid, message: SnapshotMessage | None) -> None:
        """Note that a snapshot needs a damaged object; the first of a ref is taken for the newest."""
        is_librarys = ref.startswith((LIBRARIES, TAGS))
        names = names_in(ref) if is_librarys else ("", "")
        library, target = (names[0], names[-1]) if message is None else (message.library, message.target)
        if not is_librarys:
            # The journal's commits are about one library, their trees about all.
            library, target, part = _in_journal(part, library, target)
        version = message.version if message is not None and message.library == library else None
        hits = self._found.setdefault(raw, {})
        known = hits.get((ref, part))
        if known is None:
            hits[ref, part] = Hit(
                ref=ref,
                library=library,
                version=version,
                target=target,
                commit=str(commit),
                part=part,
                module=_module(part),
            )
        else:
            hits[ref, part] = msgspec.structs.replace(
                known, snapshots=known.snapshots + 1, version=known.version or version
            )

    def of(self, raw: bytes) -> tuple[Hit, ...]:
        """Return whom an object concerns, libraries before tags before the journal."""
        order = (LIBRARIES, TAGS)
        hits = self._found.get(raw, {}).values()
        return tuple(sorted(hits, key=lambda one: (_rank(one.ref, order), one.ref, one.part)))


def message_in(commit: pygit2.Commit) -> SnapshotMessage | None:
    """Read the message of a commit; None where the store did not write it."""
    with suppress(UnicodeDecodeError, LookupError):
        return read_message(commit.message)
    return None


def _in_journal(part: str, library: str, target: str) -> tuple[str, str, str]:
    if part == _COMMIT or "/" not in part:
        return library, target, part
    name, place, *rest = part.split("/")
    return name, place, "/".join(rest)


def _module(part: str) -> str | None:
    folder, *path = part.split("/")
    if folder not in {MODULES, PLACES} or not path:
        return None
    for suffix in (PLACES_SUFFIX, SUFFIX):
        if path[-1].endswith(suffix):
            return module_at((*path[:-1], path[-1].removesuffix(suffix) + SUFFIX))
    return None


def _rank(ref: str, order: tuple[str, ...]) -> int:
    return next((place for place, prefix in enumerate(order) if ref.startswith(prefix)), len(order))
