"""Which snapshot a person means: the newest, a tag, a version, a commit or a digest, and so many before it."""

import re
from collections.abc import Iterator, Sequence

import msgspec
import pygit2

from pybridge.errors import RevisionUnclear, SnapshotNotFound
from pybridge.model.snapshot import Tag
from pybridge.store.history import message_of, standing, walk
from pybridge.store.layout import TAGS, library_component, names_in, tag_name
from pybridge.store.message import read_message
from pybridge.store.refs import Refs

NEWEST = "newest"
_HEX = re.compile(r"[0-9a-f]{4,64}")
_BACK = re.compile(r"(?s)(?P<name>.*?)(?P<steps>(?:~[0-9]{0,9})*)")


class Revision(msgspec.Struct, frozen=True, kw_only=True):
    """A revision, read."""

    name: str | None
    """None for the newest."""
    back: int
    """How many snapshots before it."""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """The commit of a snapshot, and the ref whose history has it."""

    commit: pygit2.Commit
    ref: str


def parse_revision(text: str | None) -> Revision:
    """Read ``3.1.6``, ``newest``, ``4f0c91``, ``3.1.6~2``, ``~1``: ``~N`` goes N snapshots back, ``~`` one; they add up."""
    if text is None:
        return Revision(name=None, back=0)
    found = _BACK.fullmatch(text)
    assert found is not None  # the steps may be empty, and then all is name
    steps = found["steps"].split("~")[1:]
    name = found["name"]
    is_newest = name == NEWEST or (not name and bool(steps))
    return Revision(name=None if is_newest else name, back=sum(int(one or 1) for one in steps))


def find_snapshot(refs: Refs, wanted: Sequence[str], text: str | None, library: str) -> Found:
    """Find a snapshot among refs of a library, at least one; of several refs the first that has it.

    A tag goes before a version, a version before the first digits of a commit or digest (at least 4).

    Raises:
        SnapshotNotFound: there is none.
        RevisionUnclear: the digits fit several descriptors.
    """
    revision = parse_revision(text)
    found = _find(refs, wanted, revision.name, library)
    if found is not None and revision.back:
        following = list(walk(refs, found.ref))
        place = next((index for index, one in enumerate(following) if one.id == found.commit.id), len(following))
        older = following[place + revision.back : place + revision.back + 1]
        found = Found(commit=older[0], ref=found.ref) if older else None
    if found is None:
        raise SnapshotNotFound(refs.path, library, revision=text)
    return found


def tags_of(refs: Refs, library: str) -> Iterator[Tag]:
    """Yield the tags of a library, sorted by ref."""
    component = library_component(library)
    for ref in refs.names(f"{TAGS}{component}/"):
        tag = tag_at(refs, ref)
        if tag is not None and tag.library == library:
            yield tag


def tag_at(refs: Refs, ref: str) -> Tag | None:
    """Read a tag; None where a ref that is not ours leads elsewhere."""
    names, commit = names_in(ref), refs.commit(ref)
    named = None if commit is None else standing(commit)
    message = None if named is None else read_message(named.message)
    if len(names) != 3 or named is None or message is None:
        return None
    return Tag(name=tag_name(ref), library=message.library, target=message.target, commit=str(named.id), ref=ref)


def _find(refs: Refs, wanted: Sequence[str], name: str | None, library: str) -> Found | None:
    if name is None:
        tip = refs.commit(wanted[0])
        return None if tip is None else Found(commit=standing(tip), ref=wanted[0])
    for ref in wanted:
        target = names_in(ref)[-1]
        for tag in tags_of(refs, library):
            if (tag.name, tag.target) == (name, target):
                return Found(commit=refs.repository[tag.commit], ref=ref)
    fitting: dict[str, Found] = {}
    for ref in wanted:
        for commit in walk(refs, ref):
            message = message_of(refs, commit)
            if message.version == name:
                return Found(commit=commit, ref=ref)
            if _HEX.fullmatch(name) and (str(commit.id).startswith(name) or message.descriptor_digest.startswith(name)):
                fitting.setdefault(message.descriptor_digest, Found(commit=commit, ref=ref))
    if len(fitting) > 1:
        raise RevisionUnclear(refs.path, name, [str(one.commit.id) for one in fitting.values()])
    return next(iter(fitting.values()), None)
