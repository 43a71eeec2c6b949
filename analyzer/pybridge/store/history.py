"""Commits of the store as snapshots: whose they are, and in which order."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone

import pygit2
from pygit2.enums import SortMode

from pybridge.errors import StoreError
from pybridge.model.library import Target
from pybridge.model.snapshot import Snapshot
from pybridge.store.layout import LIBRARIES, library_component, library_ref, names_in
from pybridge.store.message import SnapshotMessage, read_message
from pybridge.store.refs import Refs


def message_of(refs: Refs, commit: pygit2.Commit) -> SnapshotMessage:
    """Read what a commit says of its snapshot.

    Raises:
        StoreError: the store did not write it.
    """
    message = read_message(commit.message)
    if message is None:
        raise StoreError(refs.path, f"commit {commit.id} was not written by pybridge")
    return message


def snapshot_of(refs: Refs, commit: pygit2.Commit, ref: str, *, is_new: bool = False) -> Snapshot:
    """Describe a commit, which is no union, by what it says."""
    message = message_of(refs, commit)
    return Snapshot(
        library=message.library,
        version=message.version,
        digest=message.descriptor_digest,
        commit=str(commit.id),
        parents=tuple(str(parent) for parent in commit.parent_ids),
        ref=ref,
        is_new=is_new,
        target=message.target,
        saved_at=time_of(commit),
        source_digest=message.source_digest,
        tool=message.tool,
    )


def time_of(commit: pygit2.Commit) -> datetime:
    """Return the time that a commit was given; what no calendar has is the beginning of time."""
    try:
        zone = timezone(timedelta(minutes=commit.commit_time_offset))
        return datetime.fromtimestamp(commit.commit_time, zone)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)


def is_union(commit: pygit2.Commit) -> bool:
    """Tell whether a commit only brings histories together: it holds what its first parent holds."""
    return len(commit.parent_ids) > 1 and commit.parents[0].tree_id == commit.tree_id


def standing(commit: pygit2.Commit) -> pygit2.Commit:
    """Return the snapshot that a ref at this commit shows: the commit, or what it stands for when it is a union."""
    while is_union(commit):
        commit = commit.parents[0]
    return commit


def walk(refs: Refs, ref: str) -> Iterator[pygit2.Commit]:
    """Yield the snapshots of a ref, newest first, each before those it follows; unions are left out."""
    tip = refs.commit(ref)
    if tip is not None:
        order = SortMode.TOPOLOGICAL | SortMode.TIME
        yield from (one for one in refs.repository.walk(tip.id, order) if not is_union(one))


def library_refs(refs: Refs, library: str, target: Target | None = None) -> Sequence[str]:
    """Return the refs of a library that exist, the one with the newest snapshot first."""
    if target is not None:
        wanted: Sequence[str] = [library_ref(library, target)]
    else:
        component = library_component(library)
        wanted = [ref for ref in refs.names(LIBRARIES) if names_in(ref)[0] == component]
    found = {ref: commit for ref in wanted if (commit := refs.commit(ref)) is not None}
    # On a file system that ignores case, PIL and pil are one ref: what is there may be another library's.
    mine = [ref for ref, commit in found.items() if message_of(refs, commit).library == library]
    return sorted(mine, key=lambda ref: (found[ref].commit_time, ref), reverse=True)
