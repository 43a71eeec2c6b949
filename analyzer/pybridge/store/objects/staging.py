"""Git objects gathered in memory, then put on disk at once.

Thousands of loose objects mean thousands of fsyncs; many objects become one pack instead, few stay loose so that packs
do not pile up. Either way an object has its final name only after its bytes are on disk.
"""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

import pygit2
from pygit2.enums import FileMode, ObjectType

from pybridge.store.objects.loose import read_with_care
from pybridge.store.objects.pack import write_pack

MAX_LOOSE_OBJECTS = 16
Tree = dict[str, "bytes | pygit2.Oid | Tree"]
"""Names to the bytes of a blob, a tree that exists, or a tree."""
Change: TypeAlias = "bytes | pygit2.Oid | dict[str, Change] | None"
Changes = Mapping[str, Change]
"""As a tree, to be laid over another one; None for what is to be gone."""


class _Memory(pygit2.OdbBackend):  # type: ignore[misc] # pygit2 is not followed (pyproject.toml)
    """The objects that are not on disk yet, in the order they were made: children before parents."""

    def __init__(self) -> None:
        super().__init__()
        self.objects: dict[pygit2.Oid, tuple[int, bytes]] = {}

    def read_cb(self, oid: pygit2.Oid) -> tuple[int, bytes]:
        return self.objects[oid]

    def read_header_cb(self, oid: pygit2.Oid) -> tuple[int, int]:
        kind, data = self.objects[oid]
        return kind, len(data)

    def read_prefix_cb(self, oid: pygit2.Oid) -> tuple[int, bytes, pygit2.Oid]:
        raise KeyError(oid)

    def exists_cb(self, oid: pygit2.Oid) -> bool:
        return oid in self.objects

    def exists_prefix_cb(self, oid: pygit2.Oid) -> pygit2.Oid:
        raise KeyError(oid)

    def write_cb(self, oid: pygit2.Oid, data: bytes, kind: int) -> None:
        self.objects[oid] = (kind, bytes(data))

    def refresh_cb(self) -> None:
        """There is nothing to look for again."""

    def __iter__(self) -> Iterator[pygit2.Oid]:
        return iter(self.objects)


class Staging:
    """A view of the repository that keeps what is written to it in memory until `flush`."""

    def __init__(self, repository: pygit2.Repository) -> None:
        self._disk = pygit2.Repository(repository.path)
        self._memory = _Memory()
        self._view = read_with_care(pygit2.Repository(repository.path))
        self._view.odb.add_backend(self._memory, 1000)

    def write_tree(self, tree: Tree) -> pygit2.Oid:
        """Write a tree and all below it, by names that `layout` made; it recurses no deeper than a module's name.

        libgit2's own builder hashes slowly and calls back several times for every object: two thirds of the time.
        """
        entries: list[tuple[bytes, bytes, bytes]] = []
        for name, entry in tree.items():
            written = name.encode()
            match entry:
                case bytes():
                    entries.append((written, b"100644 ", self._keep(ObjectType.BLOB, entry).raw))
                case dict():
                    entries.append((written + b"/", b"40000 ", self.write_tree(entry).raw))
                case _:
                    entries.append((written + b"/", b"40000 ", entry.raw))
        # In git's order a folder's name ends in a slash, which is not written.
        lines = (b"".join((mode, name.rstrip(b"/"), b"\0", oid)) for name, mode, oid in sorted(entries))
        return self._keep(ObjectType.TREE, b"".join(lines))

    def _keep(self, kind: ObjectType, data: bytes) -> pygit2.Oid:
        """Keep an object, unless it is on disk, by the name that its content gives it."""
        digest = hashlib.sha1(f"{kind.name.lower()} {len(data)}\0".encode(), usedforsecurity=False)
        digest.update(data)
        oid = pygit2.Oid(raw=digest.digest())
        if oid not in self._disk.odb:
            self._memory.objects[oid] = (kind, data)
        return oid

    def patch_tree(self, root: pygit2.Oid | None, changes: Changes) -> pygit2.Oid:
        """Write another tree, None being the empty one, with some entries changed and the rest as it is.

        A mapping changes what the folder of that name holds; None takes an entry away.
        """
        held = None if root is None else self._view[root]
        builder = self._view.TreeBuilder() if held is None else self._view.TreeBuilder(held)
        for name, entry in sorted(changes.items()):
            match entry:
                case None:
                    if held is not None and name in held:
                        builder.remove(name)
                case bytes():
                    builder.insert(name, self._view.create_blob(entry), FileMode.BLOB)
                case dict():
                    builder.insert(name, self.patch_tree(_folder_in(held, name), entry), FileMode.TREE)
                case _:
                    builder.insert(name, entry, FileMode.TREE)
        return builder.write()

    def changes_from(self, root: pygit2.Oid, tree: Tree) -> Changes:
        """Tell what to change in a tree to have another one; empty where they are the same.

        Blobs are compared by what they hash to. Git makes sure of every object that is put into a tree, so that it
        takes a while to write a large one for a small change.
        """
        held = self._view[root]
        changes: dict[str, Change] = {entry.name: None for entry in held if entry.name not in tree}
        for name, entry in tree.items():
            before = held[name].id if name in held else None
            folder = _folder_in(held, name)
            if isinstance(entry, dict) and folder is not None:
                below = self.changes_from(folder, entry)
                if below:
                    changes[name] = dict(below)
            elif before is None or before != (pygit2.hash(entry) if isinstance(entry, bytes) else entry):
                changes[name] = entry
        return changes

    def write_commit(
        self, signature: pygit2.Signature, message: str, tree: pygit2.Oid, parents: list[pygit2.Oid]
    ) -> pygit2.Oid:
        """Write a commit that no ref leads to yet."""
        return self._view.create_commit(None, signature, signature, message, tree, parents)

    def tree_of(self, commit: pygit2.Oid) -> pygit2.Oid:
        """Return the tree of a commit, written or not."""
        return self._view[commit].tree_id

    def signature_of(self, commit: pygit2.Oid) -> pygit2.Signature:
        """Return who made a commit, and when."""
        return self._view[commit].committer

    def flush(self) -> None:
        """Put everything on disk, durably; before this nothing of it can be seen by others."""
        objects = self._memory.objects
        if len(objects) <= MAX_LOOSE_OBJECTS:
            for kind, data in objects.values():
                self._disk.odb.write(ObjectType(kind), data)
        else:
            write_pack(Path(self._disk.path, "objects", "pack"), objects)
        objects.clear()


def _folder_in(held: pygit2.Tree | None, name: str) -> pygit2.Oid | None:
    if held is None or name not in held or held[name].type != ObjectType.TREE:
        return None
    return held[name].id
