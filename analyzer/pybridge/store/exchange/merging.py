"""Two histories of a ref become one that has the snapshots of both."""

from collections.abc import Mapping

import msgspec
import pygit2

from pybridge.model.exchange import Fate
from pybridge.store.history import message_of, standing
from pybridge.store.layout import JOURNAL, LIBRARIES, names_in
from pybridge.store.message import write_message, write_union
from pybridge.store.objects.staging import Change, Staging
from pybridge.store.refs import Refs


class Merged(msgspec.Struct, frozen=True, kw_only=True):
    """Where a ref goes."""

    target: pygit2.Oid
    fate: Fate


def merge_library(refs: Refs, staging: Staging, ours: pygit2.Oid | None, theirs: pygit2.Oid) -> Merged:
    """Bring a library's histories together: forward where one continues the other, else by a union of both.

    The union shows the newer of the two, and is the same commit wherever it is made.
    """
    if ours is None:
        return Merged(target=theirs, fate=Fate.NEW)
    if ours == theirs or refs.repository.descendant_of(ours, theirs):
        return Merged(target=ours, fate=Fate.SAME)
    if refs.repository.descendant_of(theirs, ours):
        return Merged(target=theirs, fate=Fate.FORWARD)
    first, second = sorted((refs.repository[ours], refs.repository[theirs]), key=_recency, reverse=True)
    text = write_message(message_of(refs, standing(first)), is_union=True)
    union = staging.write_commit(_later(first, second), text, first.tree_id, [first.id, second.id])
    return Merged(target=union, fate=Fate.UNITED)


def merge_tag(ours: pygit2.Oid | None, theirs: pygit2.Oid) -> Merged:
    """Take a tag that is not here; one that is stays where it is."""
    if ours is None:
        return Merged(target=theirs, fate=Fate.NEW)
    return Merged(target=ours, fate=Fate.SAME if ours == theirs else Fate.KEPT)


def merge_journal(
    refs: Refs, staging: Staging, tips: Mapping[str, pygit2.Oid], ours: pygit2.Oid | None, theirs: pygit2.Oid | None
) -> Merged | None:
    """Let the journal show the tips of all libraries, and go on from what both journals told; None without any.

    ``tips`` are the refs of libraries as they are going to be; their commits may be in the staging only.
    """
    if not tips:
        return None
    shown: dict[str, dict[str, Change]] = {}
    for ref, tip in tips.items():
        library, target = names_in(ref)
        shown.setdefault(library, {})[target] = staging.tree_of(tip)
    root = staging.patch_tree(None, {library: {**targets} for library, targets in shown.items()})
    before = [oid for oid in (ours, theirs) if oid is not None]
    if ours is not None and theirs is not None and (ours == theirs or refs.repository.descendant_of(ours, theirs)):
        before = [ours]
    elif ours is not None and theirs is not None and refs.repository.descendant_of(theirs, ours):
        before = [theirs]
    if len(before) == 1 and refs.repository[before[0]].tree_id == root:
        return Merged(target=before[0], fate=Fate.SAME if before[0] == ours else Fate.FORWARD)
    parents = sorted((refs.repository[oid] for oid in before), key=_recency, reverse=True)
    signature = _later(*parents) if parents else staging.signature_of(max(tips.values(), key=str))
    entry = staging.write_commit(signature, write_union(), root, [one.id for one in parents])
    return Merged(target=entry, fate=Fate.UNITED)


def library_tips(refs: Refs) -> dict[str, pygit2.Oid]:
    """Return where the refs of libraries stand."""
    found = {ref: refs.target(ref) for ref in refs.names(LIBRARIES)}
    return {ref: oid for ref, oid in found.items() if oid is not None and ref != JOURNAL}


def _recency(commit: pygit2.Commit) -> tuple[int, str]:
    return standing(commit).commit_time, str(commit.id)


def _later(*commits: pygit2.Commit) -> pygit2.Signature:
    return max(commits, key=lambda one: (one.commit_time, str(one.id))).committer
