"""Is what another store offers what it says it is? Nothing else becomes part of this one."""

from collections.abc import Iterable

import pygit2

from pybridge.errors import DecodeError
from pybridge.store.care.hits import Walker, message_in
from pybridge.store.care.verify import Blobs
from pybridge.store.history import is_union
from pybridge.store.layout import LIBRARIES, TAGS, library_component, names_in

_GIT_TROUBLE = (pygit2.GitError, OSError, KeyError, ValueError)


class Inspector:
    """Looks at what refs of another store lead to; commits that are in this one were looked at when they came."""

    def __init__(self, repository: pygit2.Repository, known: Iterable[pygit2.Oid]) -> None:
        self._repository = repository
        self._known = [oid for oid in known if oid in repository]
        self._blobs = Blobs(repository)
        self._walker = Walker(repository, {})

    def fault(self, ref: str, target: pygit2.Oid) -> str | None:
        """Tell why a ref cannot be taken; None when all is well."""
        try:
            if ref.startswith(LIBRARIES):
                return self._library(ref, target)
            if ref.startswith(TAGS):
                return self._tag(ref, target)
            self._new(target)
        except (*_GIT_TROUBLE, DecodeError) as error:
            return str(error)
        return None

    def count(self, target: pygit2.Oid, known: pygit2.Oid | None) -> int:
        """Count the snapshots that a ref leads to and another commit does not."""
        walk = self._repository.walk(target)
        if known is not None:
            walk.hide(known)
        return sum(1 for commit in walk if not is_union(commit))

    def _library(self, ref: str, target: pygit2.Oid) -> str | None:
        names = names_in(ref)
        if len(names) != 2:
            return "is not the name of a library and a target"
        for commit in self._new(target):
            message = message_in(commit)
            if message is None:
                return f"commit {commit.id} was not written by pybridge"
            if (library_component(message.library), message.target) != names:
                return f"commit {commit.id} is that of {message.library} ({message.target})"
            if len(commit.parent_ids) > 1 and not is_union(commit):
                return f"commit {commit.id} joins histories to something that neither of them was"
            if not is_union(commit):
                difference = self._blobs.difference(commit, message)
                if difference is not None:
                    return difference
        return None

    def _tag(self, ref: str, target: pygit2.Oid) -> str | None:
        names, commit = names_in(ref), self._repository[target]
        message = message_in(commit) if isinstance(commit, pygit2.Commit) else None
        if len(names) != 3 or message is None:
            return "is not the tag of a snapshot"
        if (library_component(message.library), message.target) != (names[0], names[2]):
            return f"is the tag of a snapshot of {message.library} ({message.target})"
        return self._library(f"{LIBRARIES}{names[0]}/{names[2]}", target)

    def _new(self, target: pygit2.Oid) -> list[pygit2.Commit]:
        """Return the commits that are not in this store yet, all that they lead to being there.

        Raises:
            ValueError: it is not.
        """
        walk = self._repository.walk(target)
        for oid in self._known:
            walk.hide(oid)
        commits = list(walk)
        for commit in commits:
            for path, raw in self._walker.below(commit.tree_id):
                raise ValueError(f"commit {commit.id}: {path or 'its tree'} {self._walker.bad[raw]}")
        return commits
