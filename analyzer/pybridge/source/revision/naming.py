"""From what a person calls a revision to its commit."""

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pygit2
from packaging.version import InvalidVersion, Version
from pygit2.enums import ObjectType, SortMode

from pybridge.errors import RevisionNotFound
from pybridge.source.revision.repository import is_shallow

LATEST_TAG = "latest-tag"
_MERGE_BASE = re.compile(r"merge-base\((?P<other>[^()]+)\)")
_VERSION = re.compile(r"(?:^|[^0-9A-Za-z.])[vV]?(?P<version>\d+(?:\.\d+)+[0-9A-Za-z.+-]*)$")
_CANDIDATES = 16
"""Tags that are weighed against each other, the youngest first; git describe takes 10."""
_TAGS = "refs/tags/"


def find_commit(repository: pygit2.Repository, text: str, folder: Path) -> pygit2.Commit:
    """Find a commit by a tag, a branch, an id or whatever else git takes, or by one of two names of ours.

    ``merge-base(REV)`` is where the current commit and REV parted. ``latest-tag`` is the nearest release before the
    current commit: of the tags that name a version, in the commit's past and not at itself, the one that the fewest
    commits came after (as ``git describe`` counts). A commit that is tagged is compared with the release before it: with
    itself there would be nothing to find.

    Raises:
        RevisionNotFound: there is none.
    """
    try:
        if text == LATEST_TAG:
            return _latest(repository, folder)
        found = _MERGE_BASE.fullmatch(text)
        return _parted(repository, found["other"], folder) if found else _named(repository, text, folder)
    except (pygit2.GitError, OSError) as error:
        raise _missing(repository, folder, text, str(error)) from error


def version_of(repository: pygit2.Repository, commit: pygit2.Commit) -> str | None:
    """The highest version that a tag gives a commit; None where none does."""
    versions = [version for version, other in _version_tags(repository) if other == commit.id]
    return str(max(versions)) if versions else None


def _named(repository: pygit2.Repository, text: str, folder: Path) -> pygit2.Commit:
    # A fresh clone of a pull request has the other branches as the remote's only.
    for name in (text, f"refs/remotes/origin/{text}"):
        try:
            return repository.revparse_single(name).peel(ObjectType.COMMIT)
        except (KeyError, ValueError, pygit2.InvalidSpecError):
            continue
    raise _missing(repository, folder, text, "there is no such tag, branch or commit")


def _parted(repository: pygit2.Repository, other: str, folder: Path) -> pygit2.Commit:
    head, commit = _head(repository, folder), _named(repository, other, folder)
    found = repository.merge_base(head.id, commit.id)
    if found is None:
        raise _missing(
            repository, folder, f"merge-base({other})", f"the current commit and {other} have no past in common"
        )
    return repository[found]


def _latest(repository: pygit2.Repository, folder: Path) -> pygit2.Commit:
    head = _head(repository, folder)
    tagged: dict[pygit2.Oid, Version] = {}
    for version, commit in _version_tags(repository):
        tagged[commit] = max(version, tagged.get(commit, version))
    past = repository.walk(head.id, SortMode.TOPOLOGICAL | SortMode.TIME)
    candidates = list(islice((one.id for one in past if one.id in tagged and one.id != head.id), _CANDIDATES))
    if not candidates:
        reason = "no commit before the current one has a tag that names a version"
        if head.id in tagged:
            reason += f" ({tagged[head.id]} is the current one itself)"
        raise _missing(repository, folder, LATEST_TAG, reason)
    best = min(candidates, key=lambda one: (repository.ahead_behind(head.id, one)[0], _descending(tagged[one])))
    return repository[best]


class _descending:  # noqa: N801 - a sort key, used as a function
    """Orders versions from high to low."""

    def __init__(self, version: Version) -> None:
        self._version = version

    def __lt__(self, other: "_descending") -> bool:
        return self._version > other._version


def _version_tags(repository: pygit2.Repository) -> Iterator[tuple[Version, pygit2.Oid]]:
    """Every tag that names a version and leads to a commit that is there."""
    for name in sorted(repository.listall_references()):
        version = version_in(name.removeprefix(_TAGS)) if name.startswith(_TAGS) else None
        if version is not None:
            try:
                yield version, repository.lookup_reference(name).peel(pygit2.Commit).id
            except (pygit2.GitError, KeyError, ValueError):
                continue


def version_in(tag: str) -> Version | None:
    """The version that a tag names (``v1.2``, ``release/1.2``, ``shelf-1.2rc1``); None where it names none."""
    found = _VERSION.search(tag)
    try:
        return Version(found["version"]) if found else None
    except InvalidVersion:
        return None


def _head(repository: pygit2.Repository, folder: Path) -> pygit2.Commit:
    if repository.head_is_unborn:
        raise _missing(repository, folder, "HEAD", "the repository has no commit yet")
    return _named(repository, "HEAD", folder)


def _missing(repository: pygit2.Repository, folder: Path, text: str, reason: str) -> RevisionNotFound:
    return RevisionNotFound(folder, text, reason, is_shallow=is_shallow(repository))
