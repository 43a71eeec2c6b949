"""Names that people give to snapshots. A tag stays where it is until somebody moves it on purpose."""

from pybridge.errors import SnapshotNotFound, StoreError
from pybridge.model.library import Target
from pybridge.model.snapshot import Tag
from pybridge.store.history import library_refs, message_of, standing
from pybridge.store.layout import TAGS, names_in, tag_ref
from pybridge.store.repository import explaining
from pybridge.store.revisions import NEWEST, find_snapshot, tag_at
from pybridge.store.snapshots import SnapshotStore


def list_tags(store: SnapshotStore, library: str | None = None) -> tuple[Tag, ...]:
    """Return the tags of a library, or of all, sorted by ref.

    Raises:
        StoreError: the store cannot be read.
    """
    with explaining(store.path):
        found = [tag_at(store.refs, ref) for ref in store.refs.names(TAGS)]
    return tuple(one for one in found if one is not None and library in {None, one.library})


def set_tag(
    store: SnapshotStore,
    library: str,
    *,
    name: str | None = None,
    revision: str | None = None,
    target: Target | None = None,
    may_move: bool = False,
) -> Tag:
    """Name a snapshot, by its version when ``name`` is None; what has the name already keeps it, unless it may move.

    Raises:
        SnapshotNotFound: there is no such snapshot.
        StoreError: the name is another snapshot's, or none that a revision could be called by; the disk refuses.
    """
    refs = store.refs
    with explaining(store.path), refs.locked():
        refs.refresh()
        wanted = library_refs(refs, library, target)
        if not wanted:
            raise SnapshotNotFound(store.path, library, known=store.libraries())
        found = find_snapshot(refs, wanted, revision, library)
        chosen = name if name is not None else message_of(refs, found.commit).version
        if not chosen or "~" in chosen or chosen == NEWEST:
            raise StoreError(
                store.path, f"a tag cannot be called {chosen!r}", hint="name the tag: letters, digits, dots"
            )
        ref = tag_ref(library, chosen, names_in(found.ref)[-1])
        old = refs.target(ref)
        if old is not None and old != found.commit.id and not may_move:
            reason = f"the tag {chosen!r} of {library!r} is that of commit {old}"
            raise StoreError(store.path, reason, hint=f"move it to {found.commit.id} with --move")
        if not refs.move({ref: (old, found.commit.id)}):
            raise refs.busy()
        tag = tag_at(refs, ref)
    assert tag is not None
    return tag


def remove_tag(store: SnapshotStore, library: str, name: str, *, target: Target | None = None) -> int:
    """Take a name from the snapshots that have it, one a target; return how many that were.

    Raises:
        StoreError: there is no such tag, or the disk refuses.
    """
    refs = store.refs
    with explaining(store.path), refs.locked():
        refs.refresh()
        targets = {names_in(ref)[-1] for ref in library_refs(refs, library, target)}
        named = [one for one in list_tags(store, library) if one.name == name and one.target in targets]
        if not named:
            hint = "`pybridge store refs` lists the tags"
            raise StoreError(store.path, f"{library!r} has no tag {name!r}", hint=hint)
        if not refs.move({one.ref: (refs.target(one.ref), None) for one in named}):
            raise refs.busy()
    return len(named)


def tagged(store: SnapshotStore, library: str) -> dict[str, list[str]]:
    """Return the names of the tags of a library by the commit that they name.

    Raises:
        StoreError: the store cannot be read.
    """
    names: dict[str, list[str]] = {}
    for tag in list_tags(store, library):
        names.setdefault(str(standing(store.refs.repository[tag.commit]).id), []).append(tag.name)
    return names
